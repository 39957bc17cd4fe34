import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Picture } from '../../src/image/picture.js';
import { pixelDigest } from '../../src/image/pixel-digest.js';
import { decodePng, decodePngFile, isPng } from '../../src/image/png.js';
import { channelsOf, chunk, encodePng, type PngPlan } from '../support/encode-png.js';
import { fixture, outputs } from './fixtures.js';

const kinds = [
  [0, [1, 2, 4, 8, 16]],
  [2, [8, 16]],
  [3, [1, 2, 4, 8]],
  [4, [8, 16]],
  [6, [8, 16]],
] as const;

interface Kind {
  readonly colorType: PngPlan['colorType'];
  readonly bits: PngPlan['bits'];
}

const everyKind: readonly Kind[] = kinds.flatMap(([colorType, depths]) => depths.map((bits) => ({ colorType, bits })));
const sizes = fc.record({ width: fc.integer({ min: 1, max: 21 }), height: fc.integer({ min: 1, max: 21 }) });

const exactly = (count: number, max: number) =>
  fc.array(fc.integer({ min: 0, max }), { minLength: count, maxLength: count });

const plans: fc.Arbitrary<PngPlan> = fc.tuple(fc.constantFrom(...everyKind), sizes).chain(([kind, size]) =>
  fc
    .record({
      interlaced: fc.boolean(),
      filters: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 9 }),
      samples: exactly(size.width * size.height * channelsOf[kind.colorType], 2 ** kind.bits - 1),
      colors: exactly(kind.colorType === 3 ? 3 * 2 ** kind.bits : 0, 255),
    })
    .map(({ colors, ...drawn }) => ({
      ...kind,
      ...size,
      ...drawn,
      ...(kind.colorType === 3 ? { palette: Uint8Array.from(colors) } : {}),
    })),
);

/** What the standard says the samples mean, pixel by pixel. */
function meant(plan: PngPlan): number[] {
  const scale = plan.bits < 8 && plan.colorType === 0 ? 255 / (2 ** plan.bits - 1) : 1;
  return Array.from(plan.samples).flatMap((sample) =>
    plan.palette === undefined ? [sample * scale] : [...plan.palette.subarray(3 * sample, 3 * sample + 3)],
  );
}

describe('decoding', () => {
  test('every colour type, depth, filter and interlacing gives the samples that were written', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const picture = decodePng(encodePng(plan));
        expect([picture.width, picture.height]).toEqual([plan.width, plan.height]);
        expect(picture.depth).toBe(plan.bits === 16 ? 16 : 8);
        expect(picture.channels).toBe(plan.colorType === 3 ? 3 : channelsOf[plan.colorType]);
        expect([...picture.samples]).toEqual(meant(plan));
      }),
      { numRuns: 300 },
    );
  });

  test.each(outputs.filter(({ file }) => isPng(fixture(`outputs/${file}`))))('a real output: $file', (facts) => {
    const { picture, animated } = decodePngFile(fixture(`outputs/${facts.file}`));
    expect([picture.width, picture.height]).toEqual([facts.width, facts.height]);
    expect(animated).toBe(facts.file === 'anim.png');
    expect(pixelDigest(picture)).toBe(facts.frameSha256?.[0] ?? facts.pixelSha256);
  });

  const files: readonly { file: string; sha256: string }[] = JSON.parse(
    fixture('kinds/expected.json').toString('utf8'),
  );

  // Written by the encoder of these tests; what they hold was said by Pillow, which cannot read 16-bit colour.
  test.each(files)('as Pillow decodes it: $file', ({ file, sha256 }) => {
    expect(pixelDigest(decodePng(fixture(`kinds/${file}`)))).toBe(sha256);
  });
});

describe('transparency without an alpha channel', () => {
  const samplesOf = (plan: PngPlan) => {
    const { channels, samples }: Picture = decodePng(encodePng(plan));
    return { channels, samples: [...samples] };
  };

  test('a transparent grey level, in the scale of its own depth', () => {
    const plan = {
      width: 2,
      height: 1,
      colorType: 0,
      bits: 2,
      samples: [1, 3],
      transparency: Buffer.from([0, 1]),
    } as const;
    expect(samplesOf(plan)).toEqual({ channels: 2, samples: [85, 0, 255, 255] });
  });

  test('a transparent colour of 16 bits must match in all of them', () => {
    const transparency = Buffer.from([1, 2, 3, 4, 5, 6]);
    const samples = [0x0102, 0x0304, 0x0506, 0x0102, 0x0304, 0x0507];
    expect(samplesOf({ width: 2, height: 1, colorType: 2, bits: 16, samples, transparency })).toEqual({
      channels: 4,
      samples: [0x0102, 0x0304, 0x0506, 0, 0x0102, 0x0304, 0x0507, 65535],
    });
  });

  test('a palette with fewer alphas than colours is opaque in the rest', () => {
    const palette = Buffer.from([10, 20, 30, 40, 50, 60]);
    const plan = {
      width: 2,
      height: 1,
      colorType: 3,
      bits: 1,
      samples: [0, 1],
      palette,
      transparency: Buffer.from([7]),
    } as const;
    expect(samplesOf(plan)).toEqual({ channels: 4, samples: [10, 20, 30, 7, 40, 50, 60, 255] });
  });
});

describe('refusing', () => {
  const good = fixture('outputs/rgb.png');
  const codeOf = (bytes: Uint8Array) => {
    try {
      decodePng(bytes);
      return 'decoded';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  test('what is not PNG at all', () => {
    expect(codeOf(Buffer.from('<svg/>'))).toBe('not-png');
    expect(codeOf(Buffer.alloc(0))).toBe('not-png');
  });

  test('a file cut off anywhere', () => {
    for (let length = 8; length < good.length; length += 37)
      expect(codeOf(good.subarray(0, length))).toBe('png-truncated');
  });

  test('any flipped byte after the signature, never with a crash', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: good.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(good);
        damaged[at] = (damaged[at] ?? 0) ^ change;
        expect(['png-bad', 'png-truncated']).toContain(codeOf(damaged));
      }),
    );
  });

  test('data that ends before the picture does', () => {
    const plan = { width: 3, height: 3, colorType: 0, bits: 8, samples: new Uint8Array(9) } as const;
    const short = encodePng({ ...plan, height: 2 });
    const tall = encodePng(plan);
    const header = tall.subarray(0, 33);
    expect(codeOf(Buffer.concat([header, short.subarray(33)]))).toBe('png-truncated');
  });

  test('data that is longer than the picture', () => {
    const plan = { width: 3, height: 2, colorType: 0, bits: 8, samples: new Uint8Array(9) } as const;
    const long = encodePng({ ...plan, height: 3 });
    expect(codeOf(Buffer.concat([encodePng(plan).subarray(0, 33), long.subarray(33)]))).toBe('png-bad');
  });

  test('a small file that claims to be a huge picture', () => {
    const tiny = encodePng({ width: 1, height: 1, colorType: 6, bits: 16, samples: [0, 0, 0, 0] }).subarray(33);
    const claims = (width: number, height: number) => {
      const header = Buffer.alloc(13);
      header.writeUInt32BE(width, 0);
      header.writeUInt32BE(height, 4);
      header.set([16, 6, 0, 0, 0], 8);
      return Buffer.concat([good.subarray(0, 8), chunk('IHDR', header), tiny]);
    };
    expect(codeOf(claims(2 ** 31 - 1, 2 ** 31 - 1))).toBe('png-too-large');
    expect(codeOf(claims(8_000, 8_000))).toBe('png-truncated');
  });

  test('headers that no writer makes', () => {
    for (const [bits, type, interlace] of [
      [3, 0, 0],
      [16, 3, 0],
      [8, 1, 0],
      [8, 2, 2],
    ] as const) {
      const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, bits, type, 0, 0, interlace]);
      expect(codeOf(Buffer.concat([good.subarray(0, 8), chunk('IHDR', header), chunk('IEND', Buffer.alloc(0))]))).toBe(
        'png-bad',
      );
    }
  });

  test('a palette index without a colour, and a filter that does not exist', () => {
    const palette = Buffer.from([1, 2, 3]);
    expect(codeOf(encodePng({ width: 1, height: 1, colorType: 3, bits: 8, samples: [1], palette }))).toBe('png-bad');
    expect(codeOf(encodePng({ width: 1, height: 1, colorType: 0, bits: 8, samples: [1], filters: [5] }))).toBe(
      'png-bad',
    );
  });
});
