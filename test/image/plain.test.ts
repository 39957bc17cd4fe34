import { describe, expect, test } from 'vitest';
import { embeddedTexts, plainFile, samePlain } from '../../src/image/containers.js';
import { decodePng } from '../../src/image/png.js';
import { fixture } from './fixtures.js';

/** A place in what makes the picture, film or sound. */
const kinds = [
  ['outputs/anim.png', 'png', 126],
  ['outputs/anim-lossy.webp', 'webp', 126],
  ['outputs/anim-lossless.webp', 'webp', 126],
  ['containers/exif.jpg', 'jpeg', -20],
  ['outputs/audio.flac', 'flac', 8977],
  ['outputs/video.mp4', 'mp4', 126],
  ['outputs/video-vp9.webm', 'matroska', 1345],
  ['outputs/video-av1.webm', 'matroska', 1345],
] as const;

const changed = (bytes: Buffer, at: number) => {
  const copy = Buffer.from(bytes);
  const place = at < 0 ? copy.length + at : at;
  copy[place] = (copy[place] ?? 0) ^ 1;
  return copy;
};

describe.each(kinds)('%s', (name, container, place) => {
  const bytes = fixture(name);

  test('with another prompt in it is the same output, with another sample it is not', () => {
    const text = Math.max(bytes.indexOf('EmptyImage'), bytes.indexOf('class_type'));
    expect(text).toBeGreaterThan(0);
    expect(samePlain(bytes, changed(bytes, text))).toBe(true);
    expect(samePlain(bytes, changed(bytes, place))).toBe(false);
  });

  test('nothing of the prompt is left', () => {
    const plain = plainFile(bytes) ?? bytes;
    expect(Object.keys(embeddedTexts(bytes, container))).toContain('prompt');
    expect(Buffer.from(plain).includes('class_type')).toBe(false);
    expect(plain.length).toBeGreaterThan(50);
  });
});

test('a plain picture is a picture still', () => {
  const bytes = fixture('outputs/rgb.png');
  expect(decodePng(plainFile(bytes) ?? bytes)).toEqual(decodePng(bytes));
  const webp = plainFile(fixture('outputs/anim-lossy.webp')) ?? Buffer.of();
  // Its length, and no flag that promises texts (RFC 9649, 2.7.1).
  expect(Buffer.from(webp).readUInt32LE(4)).toBe(webp.length - 8);
  expect((webp[20] ?? 0) & 0x0c).toBe(0);
});

test('of kinds that are not known, of two kinds and of damaged files nothing is claimed', () => {
  const [svg, flac] = [fixture('outputs/drawing.svg'), fixture('outputs/audio.flac')];
  expect(samePlain(svg, svg)).toBe(false);
  expect(samePlain(flac, fixture('outputs/video.mp4'))).toBe(false);
  expect(plainFile(flac.subarray(0, 100))).toBeUndefined();
});
