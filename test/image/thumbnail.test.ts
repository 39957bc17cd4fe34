import { expect, test } from 'vitest';
import { decodePng } from '../../src/image/png.js';
import { thumbnail } from '../../src/image/thumbnail.js';
import { writePng } from '../../src/image/write-png.js';

test('a sample is the mean of those it stands for, and the sides keep their proportion', () => {
  const samples = Uint8Array.from([0, 100, 50, 150, 200, 220, 10, 30]);
  const small = thumbnail({ width: 4, height: 2, channels: 1, depth: 8, samples }, 2);
  expect([small.width, small.height]).toEqual([2, 1]);
  expect([...small.rgb]).toEqual([130, 130, 130, 60, 60, 60]);
});

test('16 bits and transparency over white', () => {
  const samples = Uint16Array.from([65535, 0, 0, 65535, 0, 0, 0, 0]);
  const { rgb } = thumbnail({ width: 2, height: 1, channels: 4, depth: 16, samples }, 100);
  expect([...rgb]).toEqual([255, 0, 0, 255, 255, 255]);
});

test('what is written is read again', () => {
  const rgb = Uint8Array.from({ length: 5 * 3 * 3 }, (_, at) => (at * 37) % 256);
  const picture = decodePng(writePng(5, 3, rgb, []));
  expect([picture.width, picture.height, [...picture.samples]]).toEqual([5, 3, [...rgb]]);
});
