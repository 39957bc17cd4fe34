import { constants, deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { embeddedSnapshot } from '../../src/capture/embedded-snapshot.js';
import { describeBytes } from '../../src/image/describe-output.js';
import { readEmbedded } from '../../src/image/embedded.js';
import { chunk, encodePng } from '../support/encode-png.js';

const megabyte = 1024 * 1024;

/** A zlib stream that inflates to so many megabytes of zeros: one block, again and again. */
function bomb(megabytes: number): Buffer {
  const block = deflateRawSync(Buffer.alloc(16 * megabyte), { finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([Buffer.from([0x78, 0x9c]), ...Array.from({ length: megabytes / 16 }, () => block)]);
}

const gigabyte = bomb(1024);
const head = (text: string) => Buffer.from(text, 'latin1');
const withText = (type: string, data: Uint8Array) =>
  encodePng({ width: 1, height: 1, colorType: 2, bits: 8, samples: [0, 0, 0], before: [chunk(type, data)] });

/** A PNG picture of a size that it names, with these data. */
function claiming(width: number, height: number, bits: number, data: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, 6, 0, 0, 0], 8);
  const parts = [chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([head('\x89PNG\r\n\x1a\n'), ...parts]);
}

const peak = () => process.resourceUsage().maxRSS / 1024;

/** What it throws, and by how many megabytes the process has grown at most. */
function grown(work: () => unknown): { readonly code: unknown; readonly megabytes: number } {
  const before = peak();
  let code: unknown;
  try {
    work();
  } catch (error) {
    code = (error as { code?: unknown }).code;
  }
  return { code, megabytes: peak() - before };
}

const bounded = 400;

test.each([
  ['zTXt', Buffer.concat([head('prompt\0\0'), gigabyte])],
  ['iTXt', Buffer.concat([head('prompt\0\x01\0\0\0'), gigabyte])],
])('a %s chunk that inflates to 1 GB is refused, in bounded memory', (type, data) => {
  const file = withText(type, data);
  const { code, megabytes } = grown(() => readEmbedded(file));
  expect(code).toBe('png-too-large');
  expect(embeddedSnapshot(file)).toBeUndefined();
  expect(megabytes).toBeLessThan(bounded);
});

test.each([
  ['a pixel', 1, 1, 8, /longer than its size says/],
  ['more than is decoded', 20_000, 20_000, 8, /larger than what is decoded/],
  ['more than is decoded, of 16 bits', 10_000, 10_000, 16, /larger than what is decoded/],
])('picture data of 1 GB in a picture of %s are refused, in bounded memory', (_, width, height, bits, why) => {
  const file = claiming(width, height, bits, gigabyte);
  let found: ReturnType<typeof describeBytes> | undefined;
  const { megabytes } = grown(() => {
    found = describeBytes(file);
  });
  expect(found).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), damaged: expect.stringMatching(why) });
  expect(megabytes).toBeLessThan(bounded);
});

test('a video of nothing but tiny elements is refused, in bounded memory', () => {
  const header = Buffer.from('1a45dfa380', 'hex');
  const segment = Buffer.from('1853806701ffffffffffffff', 'hex');
  const file = Buffer.concat([header, segment, Buffer.alloc(64 * megabyte, Buffer.from([0xec, 0x80]))]);
  const { code, megabytes } = grown(() => readEmbedded(file));
  expect([code, megabytes < bounded]).toEqual(['file-damaged', true]);
});
