import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare } from '../../src/image/compare.js';
import type { Picture } from '../../src/image/picture.js';
import { pixelDigest } from '../../src/image/pixel-digest.js';
import { decodePng } from '../../src/image/png.js';
import { fixture } from './fixtures.js';

interface Pair {
  readonly name: string;
  readonly a: { readonly file: string; readonly samplesSha256: string };
  readonly b: { readonly file: string; readonly samplesSha256: string };
  readonly comparable: boolean;
  readonly maxAbsDiff: number;
  readonly psnr: number | 'Infinity';
  readonly ssim: number | null;
}

const { pairs }: { pairs: readonly Pair[] } = JSON.parse(fixture('metrics/expected.json').toString('utf8'));
const picture = (file: string) => decodePng(fixture(`metrics/${file}`));

describe('as scikit-image measures', () => {
  test.each(pairs)('$name', (pair) => {
    const metrics = compare(picture(pair.a.file), picture(pair.b.file));
    expect(metrics.comparable).toBe(pair.comparable);
    if (!pair.comparable) return expect(metrics).toEqual({ comparable: false, equal: false });
    expect(metrics.largest).toBe(pair.maxAbsDiff);
    expect(metrics.equal).toBe(pair.maxAbsDiff === 0);
    expectNear(metrics.psnr, pair.psnr === 'Infinity' ? undefined : pair.psnr);
    expectNear(metrics.ssim, pair.ssim ?? undefined);
  });

  test.each(pairs.flatMap(({ a, b, name }) => (name === 'channels-differ' ? [a] : [a, b])))(
    'samples of $file',
    (side) => {
      expect(pixelDigest(picture(side.file))).toBe(side.samplesSha256);
    },
  );

  test('an opaque alpha is left out of the digest, any other is not', () => {
    const [opaque] = pairs.filter(({ name }) => name === 'channels-differ');
    expect(pixelDigest(picture(opaque?.b.file ?? ''))).toBe(opaque?.a.samplesSha256);
    expect(pixelDigest(flat({ channels: 2, level: 254 }))).not.toBe(pixelDigest(flat({ channels: 1, level: 254 })));
  });
});

function expectNear(measured: number | undefined, expected: number | undefined): void {
  if (expected === undefined) expect(measured).toBeUndefined();
  else expect(Math.abs((measured ?? Number.NaN) - expected)).toBeLessThan(1e-9);
}

function flat({ width = 8, height = 8, channels = 1, level = 0 }: Partial<Picture> & { level?: number }): Picture {
  return { width, height, channels, depth: 8, samples: new Uint8Array(width * height * channels).fill(level) };
}

const pictures = fc
  .record({
    width: fc.integer({ min: 1, max: 80 }),
    height: fc.integer({ min: 1, max: 20 }),
    channels: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
  })
  .chain(({ width, height, channels }) => {
    const samples = fc.uint8Array({ minLength: width * height * channels, maxLength: width * height * channels });
    const made = samples.map((taken): Picture => ({ width, height, channels, depth: 8, samples: taken }));
    return fc.tuple(made, made);
  });

describe('laws', () => {
  test('a picture equals itself', () => {
    fc.assert(
      fc.property(pictures, ([a]) => {
        const metrics = compare(a, a);
        expect(metrics).toMatchObject({ comparable: true, equal: true, largest: 0 });
        expect(metrics.psnr).toBeUndefined();
        if (metrics.ssim !== undefined) expect(Math.abs(metrics.ssim - 1)).toBeLessThan(1e-12);
      }),
    );
  });

  test('which one is first does not matter', () => {
    fc.assert(
      fc.property(pictures, ([a, b]) => {
        expect(compare(a, b)).toEqual(compare(b, a));
      }),
    );
  });

  test('ssim is what its definition gives, window by window', () => {
    fc.assert(
      fc.property(pictures, ([a, b]) => {
        const map = ssimMap(a, b);
        const mean = map.length === 0 ? undefined : map.reduce((sum, { index }) => sum + index, 0) / map.length;
        expectNear(compare(a, b).ssim, mean);
      }),
      { numRuns: 40 },
    );
  });

  test('the worst tile is the mean of its own windows', () => {
    fc.assert(
      fc.property(pictures, ([a, b]) => {
        const { ssim, worstTile } = compare(a, b);
        if (worstTile === undefined) return;
        const inside = ssimMap(a, b).filter(
          ({ x, y }) => x >= worstTile.x && x < worstTile.x + 64 && y >= worstTile.y && y < worstTile.y + 64,
        );
        expectNear(worstTile.ssim, inside.reduce((sum, { index }) => sum + index, 0) / inside.length);
        if (a.width <= 70) expectNear(worstTile.ssim, ssim);
      }),
      { numRuns: 40 },
    );
  });
});

/** The definition, without any of the shortcuts. */
function ssimMap(a: Picture, b: Picture): { x: number; y: number; index: number }[] {
  const map = [];
  for (let y = 0; y + 7 <= a.height; y++) {
    for (let x = 0; x + 7 <= a.width; x++) {
      let index = 0;
      for (let c = 0; c < a.channels; c++) index += ssimOf(windowOf(a, x, y, c), windowOf(b, x, y, c)) / a.channels;
      map.push({ x, y, index });
    }
  }
  return map;
}

function windowOf({ width, channels, samples }: Picture, x: number, y: number, c: number): number[] {
  return Array.from(
    { length: 49 },
    (_, i) => samples[((y + Math.floor(i / 7)) * width + x + (i % 7)) * channels + c] ?? 0,
  );
}

function ssimOf(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const covariance = (left: readonly number[], right: readonly number[]) => {
    const [l, r] = [mean(left), mean(right)];
    return left.reduce((sum, value, i) => sum + (value - l) * ((right[i] ?? 0) - r), 0) / (left.length - 1);
  };
  const [c1, c2] = [2.55 ** 2, 7.65 ** 2];
  const [ma, mb] = [mean(a), mean(b)];
  return (
    ((2 * ma * mb + c1) * (2 * covariance(a, b) + c2)) /
    ((ma ** 2 + mb ** 2 + c1) * (covariance(a, a) + covariance(b, b) + c2))
  );
}

describe('the worst tile', () => {
  test('is where the damage is', () => {
    const a = flat({ width: 200, height: 150, level: 200 });
    const samples = Uint8Array.from(a.samples);
    for (let y = 80; y < 100; y++) for (let x = 140; x < 160; x++) samples[y * 200 + x] = (x * y) % 251;
    const { worstTile, ssim } = compare(a, { ...a, samples });
    expect(worstTile).toMatchObject({ x: 128, y: 64 });
    expect(worstTile?.ssim).toBeLessThan(ssim ?? 0);
  });
});
