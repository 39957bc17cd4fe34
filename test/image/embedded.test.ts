import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { describeBytes } from '../../src/image/describe-output.js';
import { readEmbedded } from '../../src/image/embedded.js';
import { chunk, encodePng } from '../support/encode-png.js';
import { fixture, outputs } from './fixtures.js';

const pngs = outputs.filter(({ file }) => file.endsWith('.png'));
const textOf = (facts: (typeof outputs)[number], key: string) => facts.metadata.find((item) => item.key === key)?.text;

const withChunks = (...before: Uint8Array[]) =>
  encodePng({ width: 1, height: 1, colorType: 0, bits: 8, samples: [0], before });
const text = (type: string, ...parts: (string | Uint8Array)[]) =>
  chunk(type, Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))));

describe('what ComfyUI embedded', () => {
  test.each(pngs)('is read as stored from $file', (facts) => {
    const { container, prompt, workflow } = readEmbedded(fixture(`outputs/${facts.file}`));
    expect(container).toBe('png');
    expect(prompt).toBe(textOf(facts, 'prompt'));
    expect(workflow).toBe(textOf(facts, 'workflow'));
  });

  test('an unknown container says so and gives nothing', () => {
    expect(readEmbedded(Buffer.from('just some words'))).toEqual({ container: 'unknown' });
    expect(readEmbedded(Buffer.alloc(0))).toEqual({ container: 'unknown' });
  });

  test('compressed and international texts are read too', () => {
    const prompt = text('zTXt', 'prompt\0\0', deflateSync('{"1": "caf\\u00e9"}'));
    const workflow = text('iTXt', 'workflow\0\x01\0de\0Ablauf\0', deflateSync(Buffer.from('{"é": "雪"}')));
    expect(readEmbedded(withChunks(prompt, workflow))).toEqual({
      container: 'png',
      prompt: '{"1": "caf\\u00e9"}',
      workflow: '{"é": "雪"}',
    });
    expect(readEmbedded(withChunks(text('iTXt', 'prompt\0\0\0\0\0', Buffer.from('é')))).prompt).toBe('é');
  });

  test('of two texts with one key the last one counts, as in ComfyUI', () => {
    expect(readEmbedded(withChunks(text('tEXt', 'prompt\0old'), text('tEXt', 'prompt\0new'))).prompt).toBe('new');
  });

  test('a text that inflates without end is refused', () => {
    const bomb = text('zTXt', 'prompt\0\0', deflateSync(Buffer.alloc(65 * 1024 * 1024)));
    expect(() => readEmbedded(withChunks(bomb))).toThrow(expect.objectContaining({ code: 'png-too-large' }));
  });

  test('damaged texts are named', () => {
    for (const broken of [text('tEXt', 'no key'), text('zTXt', 'prompt\0\0nonsense'), text('zTXt', 'prompt\0\x05x')]) {
      expect(() => readEmbedded(withChunks(broken))).toThrow(expect.objectContaining({ code: 'png-bad' }));
    }
  });
});

describe('what identifies an output', () => {
  test('is the hash of the file, and its samples where they are those of one picture', () => {
    for (const { file, sha256, width, height, pixelSha256 } of pngs) {
      const expected = file === 'anim.png' ? { sha256 } : { sha256, pixels: pixelSha256, width, height };
      expect(describeBytes(fixture(`outputs/${file}`))).toEqual(expected);
    }
  });

  test('a damaged or unknown file still has its hash', () => {
    const cut = fixture('outputs/rgb.png').subarray(0, 3000);
    expect(describeBytes(cut)).toMatchObject({ damaged: expect.stringContaining('ends too early') });
    expect(describeBytes(Buffer.from('hello'))).toEqual({
      sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    });
  });
});
