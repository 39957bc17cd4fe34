import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { readEmbedded } from '../../src/image/embedded.js';
import { fileBytes } from '../../src/image/texts/file-bytes.js';
import { jsonMembers } from '../../src/image/texts/json-members.js';
import { fixture, outputs } from './fixtures.js';

/** By their endings; PNG has tests of its own. */
const kinds: Readonly<Record<string, string>> = {
  webp: 'webp',
  webm: 'matroska',
  mp4: 'mp4',
  flac: 'flac',
  mp3: 'mp3',
  opus: 'ogg',
  latent: 'safetensors',
  glb: 'glb',
};

const made = outputs.flatMap((facts) => {
  const kind = kinds[facts.file.split('.').at(-1) ?? ''];
  return kind === undefined ? [] : [{ ...facts, kind }];
});

describe('what a real server embedded', () => {
  test.each(made)('is read as stored from $file', ({ file, kind, metadata }) => {
    const stored = (name: string) => metadata.find(({ key }) => key?.toLowerCase() === name)?.text;
    expect(readEmbedded(fixture(`outputs/${file}`))).toEqual({
      container: kind,
      prompt: stored('prompt'),
      workflow: stored('workflow'),
    });
  });

  test('is read from a drawing, each document as it stands', () => {
    const { container, prompt, workflow } = readEmbedded(fixture('outputs/drawing.svg'));
    const [{ text = '' } = {}] = outputs.find(({ file }) => file === 'drawing.svg')?.metadata ?? [];
    expect(container).toBe('svg');
    expect(text).toContain(prompt ?? 'no prompt');
    expect(text).toContain(workflow ?? 'no workflow');
    expect(JSON.parse(prompt ?? '')).toEqual(JSON.parse(text).prompt);
  });
});

const prompt = '{"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "seed": 18446744073709551615}}}';
const workflow = '{"nodes": [], "links": [], "version": 0.4}';

test.each([
  ['exif.jpg', 'jpeg'],
  ['exif.webp', 'webp'],
  ['exif.avif', 'avif'],
  ['comment.jpg', 'jpeg'],
  ['comment.gif', 'gif'],
])('%s, written by another program, is read with every digit', (file, container) => {
  expect(readEmbedded(fixture(`containers/${file}`))).toEqual({ container, prompt, workflow });
});

const all = [
  ...made.map(({ file }) => `outputs/${file}`),
  ...['exif.jpg', 'exif.webp', 'exif.avif', 'comment.jpg', 'comment.gif'].map((file) => `containers/${file}`),
].map((path) => fixture(path));

const readsOrRefuses = (bytes: Uint8Array) => {
  try {
    readEmbedded(bytes);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
};

describe('a file of a stranger', () => {
  test('cut off anywhere is read or refused', () => {
    for (const whole of all) {
      const step = Math.max(1, Math.floor(whole.length / 300));
      for (let length = 0; length < whole.length; length += step) readsOrRefuses(whole.subarray(0, length));
    }
  });

  test('with any bytes changed is read or refused', () => {
    const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.array(change, { minLength: 1, maxLength: 20 }), (whole, changes) => {
        const bytes = Buffer.from(whole);
        // Lengths and counts stand near the front.
        for (const [at, value] of changes) bytes[at % Math.min(bytes.length, 2000)] = value;
        readsOrRefuses(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  test('that ends in the middle is named', () => {
    const webp = fixture('containers/exif.webp');
    expect(() => readEmbedded(webp.subarray(0, webp.length - 20))).toThrow(
      expect.objectContaining({ code: 'file-truncated', message: 'this WebP file ends in the middle' }),
    );
  });

  test('whose text is larger than any workflow is refused', () => {
    const file = fileBytes('WebP', Buffer.alloc(65 * 1024 * 1024));
    expect(() => file.utf8(0, file.length)).toThrow(expect.objectContaining({ code: 'file-too-large' }));
  });
});

describe('members of a JSON object as texts', () => {
  test('stand as they are written', () => {
    const members = jsonMembers(
      '{ "a": {"x": 1.0, "y": [1, {"z": "}"}]},\n "b": "text \\"q\\"", "c": NaN, "d":18446744073709551615 }',
    );
    expect([...members]).toEqual([
      ['a', '{"x": 1.0, "y": [1, {"z": "}"}]}'],
      ['b', 'text "q"'],
      ['c', 'NaN'],
      ['d', '18446744073709551615'],
    ]);
  });

  test.each(['', 'words', '[1]', '{"a": 1', '{"a": }', '{}'])('%j has none', (text) => {
    expect(jsonMembers(text).size).toBe(0);
  });
});
