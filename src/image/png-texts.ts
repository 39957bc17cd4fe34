import { inflateSync } from 'node:zlib';
import { InputError } from '../errors.js';
import { bad, pngChunks } from './png-chunks.js';

/** Decoded text of one chunk; workflows of tens of megabytes do occur, a gigabyte does not. */
const maxText = 64 * 1024 * 1024;

interface PngText {
  readonly key: string;
  readonly text: string;
}

/** The chunks that hold text: three of the format (W3C PNG, 11.3.3), and `comf`, ComfyUI's own, in animations after the image data. */
const readers: Readonly<Record<string, (data: Uint8Array) => PngText>> = {
  tEXt: (data) => {
    const [key, rest] = splitKey(data);
    return { key, text: latin1(rest) };
  },
  comf: (data) => {
    const [key, rest] = splitKey(data);
    return { key, text: latin1(rest) };
  },
  zTXt: (data) => {
    const [key, rest] = splitKey(data);
    if (rest[0] !== 0) throw bad(`its text ${key} is compressed in an unknown way`);
    return { key, text: latin1(inflate(rest.subarray(1), key)) };
  },
  iTXt: international,
};

/**
 * The texts that a PNG file holds, by key and exactly as stored; of two with one key the last one, as ComfyUI itself reads them.
 * @throws InputError `not-png`, `png-truncated`, `png-bad`, `png-too-large`
 */
export function pngTexts(bytes: Uint8Array): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { type, data } of pngChunks(bytes)) {
    if (!Object.hasOwn(readers, type)) continue;
    const found = readers[type]?.(data);
    if (found !== undefined) texts.set(found.key, found.text);
  }
  return texts;
}

/** Keyword, 0, compressed?, method, language, 0, translated keyword, 0, UTF-8 text. */
function international(data: Uint8Array): PngText {
  const [key, rest] = splitKey(data);
  const [, afterLanguage] = splitKey(rest.subarray(2));
  const [, stored] = splitKey(afterLanguage);
  const compressed = rest[0] === 1;
  if (compressed && rest[1] !== 0) throw bad(`its text ${key} is compressed in an unknown way`);
  return { key, text: Buffer.from(compressed ? inflate(stored, key) : stored).toString('utf8') };
}

function splitKey(data: Uint8Array): [string, Uint8Array] {
  const end = data.indexOf(0);
  if (end < 0) throw bad('one of its texts has no key');
  return [latin1(data.subarray(0, end)), data.subarray(end + 1)];
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

function inflate(packed: Uint8Array, key: string): Uint8Array {
  try {
    return inflateSync(packed, { maxOutputLength: maxText });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new InputError('png-too-large', `the text ${key} in this PNG picture is larger than ${maxText} bytes`);
    }
    throw bad(`its text ${key} cannot be read`, error);
  }
}
