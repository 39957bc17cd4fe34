import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { replaceFile } from './atomic.js';

// A cache file of named parts: a line of JSON that lists them, then their bytes. Every part has a checksum: what a crash tore, or another kind of
// machine wrote, is as good as not there.

interface Entry {
  readonly name: string;
  readonly length: number;
  readonly crc: number;
}

interface Head {
  readonly format: string;
  readonly entries: readonly Entry[];
}

/** Numbers are kept as this machine has them in memory. */
const order = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 'little' : 'big';
/** Parts begin at multiples of it, so that numbers of any kind can be used where they lie. */
const alignment = 8;

/**
 * Writes a file whole: a reader sees the old one or the new. It is not flushed: what a crash tears is made again.
 * @throws system errors
 */
export async function writeSections(
  path: string,
  format: string,
  sections: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const entries: Entry[] = [...sections].map(([name, bytes]) => ({ name, length: bytes.length, crc: crc32(bytes) }));
  const head = Buffer.from(`${JSON.stringify({ format: `${format} ${order}`, entries })}\n`);
  const parts = [head, ...sections.values()].flatMap((bytes) => [bytes, new Uint8Array(padding(bytes.length))]);
  await replaceFile(path, async (file) => {
    for (const bytes of parts) await file.writeFile(bytes);
  });
}

const padding = (length: number) => (alignment - (length % alignment)) % alignment;

/** All parts of a file; `undefined` where there is none, or it is not of this format, or any part is damaged. */
export function readSections(path: string, format: string): ReadonlyMap<string, Section> | undefined {
  const bytes = readAll(path);
  const end = bytes?.indexOf(10) ?? -1;
  const head = bytes === undefined || end < 0 ? undefined : parseHead(bytes.toString('utf8', 0, end));
  if (bytes === undefined || head?.format !== `${format} ${order}`) return undefined;
  const sections = new Map<string, Section>();
  let at = end + 1;
  for (const { name, length, crc } of head.entries) {
    at += padding(at);
    const part = bytes.subarray(at, at + length);
    if (part.length !== length || crc32(part) !== crc) return undefined;
    sections.set(name, new Uint8Array(part.buffer, part.byteOffset, length));
    at += length;
  }
  return sections;
}

type Section = Uint8Array<ArrayBuffer>;

/** Into memory of its own, which begins at a multiple of everything. */
function readAll(path: string): Buffer<ArrayBuffer> | undefined {
  try {
    const bytes = readFileSync(path);
    return bytes.byteOffset % alignment === 0 ? bytes : Buffer.from(Uint8Array.from(bytes).buffer);
  } catch {
    return undefined;
  }
}

function parseHead(text: string): Head | undefined {
  try {
    const head = JSON.parse(text) as Partial<Head> | null;
    const isEntry = ({ name, length, crc }: Entry) =>
      typeof name === 'string' && Number.isSafeInteger(length) && length >= 0 && typeof crc === 'number';
    if (typeof head?.format !== 'string' || !Array.isArray(head.entries) || !head.entries.every(isEntry))
      return undefined;
    return head as Head;
  } catch {
    return undefined;
  }
}

/** The numbers of a part, where they lie. */
export const uint32 = ({ buffer, byteOffset, length }: Section) => new Uint32Array(buffer, byteOffset, length / 4);
export const float64 = ({ buffer, byteOffset, length }: Section) => new Float64Array(buffer, byteOffset, length / 8);
