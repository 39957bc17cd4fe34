import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

// A cache file of named parts that are read one by one: a line of JSON that lists them, then their bytes. Every part has a checksum: what a crash
// tore, or another machine wrote, is not there.

/** Parts of a file; `undefined` for one that is missing or damaged. */
export interface Sections {
  read(name: string): Buffer<ArrayBuffer> | undefined;
  close(): void;
}

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
const longestHead = 1024 * 1024;

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
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      for (const bytes of [head, ...sections.values()]) await file.writeFile(bytes);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** `undefined` where there is no such file, or it is none of this format. */
export function openSections(path: string, format: string): Sections | undefined {
  const file = openIfThere(path);
  if (file === undefined) return undefined;
  const places = readHead(file, `${format} ${order}`);
  if (places === undefined) {
    closeSync(file);
    return undefined;
  }
  return {
    close: () => closeSync(file),
    read(name) {
      const place = places.get(name);
      const bytes = place === undefined ? undefined : readAt(file, place.start, place.length);
      return bytes !== undefined && crc32(bytes) === place?.crc ? bytes : undefined;
    },
  };
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

function readHead(file: number, format: string): ReadonlyMap<string, Entry & { readonly start: number }> | undefined {
  const size = fstatSync(file).size;
  const start = readAt(file, 0, Math.min(size, longestHead));
  const end = start?.indexOf(10) ?? -1;
  const head = end < 0 ? undefined : parseHead(start?.toString('utf8', 0, end) ?? '');
  if (head?.format !== format) return undefined;
  const places = new Map<string, Entry & { readonly start: number }>();
  let at = end + 1;
  for (const entry of head.entries) {
    places.set(entry.name, { ...entry, start: at });
    at += entry.length;
  }
  return at === size ? places : undefined;
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

/** Into memory of its own, so that numbers in it are aligned. */
function readAt(file: number, start: number, length: number): Buffer<ArrayBuffer> | undefined {
  const bytes = Buffer.from(new ArrayBuffer(length));
  let read = 0;
  try {
    for (let more = -1; more !== 0 && read < length; read += more) {
      more = readSync(file, bytes, read, length - read, start + read);
    }
  } catch {
    return undefined;
  }
  return read === length ? bytes : undefined;
}
