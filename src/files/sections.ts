import { closeSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { replaceFile } from './atomic.js';
import { believe, DamagedCache, isDistrusted } from './damaged-cache.js';

// A cache file of named parts: a line with a checksum and JSON that lists them, then their bytes. Every part has a checksum, too, and is read when it is asked
// for: what a crash tore, or another kind of machine wrote, is as good as not there.

interface Entry {
  readonly name: string;
  readonly length: number;
  readonly crc: number;
}

interface Head {
  readonly format: string;
  readonly entries: readonly Entry[];
}

/** A file whose parts are read one by one. */
export interface Sections {
  /** Bytes of a part; 0 of one that is not there. */
  lengthOf(name: string): number;
  /** A part, empty where there is none. @throws DamagedCache, also where another process has put another file in its place */
  read(name: string): Section;
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
  const json = JSON.stringify({ format: `${format} ${order}`, entries });
  const head = Buffer.from(`${crc32(json)} ${json}\n`);
  const parts = [head, ...sections.values()].flatMap((bytes) => [bytes, new Uint8Array(padding(bytes.length))]);
  await replaceFile(path, async (file) => {
    for (const bytes of parts) await file.writeFile(bytes);
  });
  believe(path);
}

const padding = (length: number) => (alignment - (length % alignment)) % alignment;

type Section = Uint8Array<ArrayBuffer>;

/** Opens a file; `undefined` where there is none, or it is not of this format, or its head is damaged. */
export function openSections(path: string, format: string): Sections | undefined {
  const found = isDistrusted(path) ? undefined : readHead(path);
  if (found?.head.format !== `${format} ${order}`) return undefined;
  const places = new Map<string, Entry & { readonly start: number }>();
  let start = found.end;
  for (const entry of found.head.entries) {
    start += padding(start);
    places.set(entry.name, { ...entry, start });
    start += entry.length;
  }
  return {
    lengthOf: (name) => places.get(name)?.length ?? 0,
    read(name) {
      const place = places.get(name);
      if (place === undefined) return new Uint8Array();
      const bytes = readPart(path, place.start, place.length);
      if (bytes === undefined || crc32(bytes) !== place.crc) throw new DamagedCache(path);
      return bytes;
    },
  };
}

/** Parts of a file; `undefined` where there is none, or it is not of this format, or any part is damaged. */
export function readSections(
  path: string,
  format: string,
  names: readonly string[],
): ReadonlyMap<string, Section> | undefined {
  try {
    const sections = openSections(path, format);
    return sections === undefined ? undefined : new Map(names.map((name) => [name, sections.read(name)]));
  } catch (error) {
    if (error instanceof DamagedCache) return undefined;
    throw error;
  }
}

/** Bytes of a head that are read at once; most are shorter. */
const mostHead = 16 * 1024;

function readHead(path: string): { readonly head: Head; readonly end: number } | undefined {
  for (let length = mostHead; ; length *= 4) {
    const bytes = Buffer.from(readPart(path, 0, length, 'at most') ?? []);
    const end = bytes.indexOf(10);
    if (end >= 0) {
      const head = parseHead(bytes.toString('utf8', 0, end));
      return head === undefined ? undefined : { head, end: end + 1 };
    }
    if (bytes.length < length) return undefined;
  }
}

/** Into memory of its own, which begins at a multiple of everything; `undefined` where there is not as much of it. */
function readPart(path: string, start: number, length: number, how?: 'at most'): Section | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.allocUnsafeSlow(length);
    let read = 0;
    for (let more = 1; more > 0 && read < length; read += more) {
      more = readSync(file, bytes, read, length - read, start + read);
    }
    return read === length || how === 'at most' ? new Uint8Array(bytes.buffer, 0, read) : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function parseHead(line: string): Head | undefined {
  const [, crc, json = ''] = /^(\d+) (.*)$/s.exec(line) ?? [];
  return Number(crc) === crc32(json) ? (JSON.parse(json) as Head) : undefined;
}

/** The numbers of a part, where they lie. */
export const uint32 = ({ buffer, byteOffset, length }: Section) => new Uint32Array(buffer, byteOffset, length / 4);
export const float64 = ({ buffer, byteOffset, length }: Section) => new Float64Array(buffer, byteOffset, length / 8);
