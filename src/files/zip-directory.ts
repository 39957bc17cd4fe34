import { InputError } from '../errors.js';
import { refuseUnsafePath } from './zip-path.js';

/** A file in an archive, as its directory says. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes when unpacked, and as they stand in the archive. */
  readonly size: number;
  readonly packed: number;
  readonly crc: number;
  /** Not compressed. */
  readonly stored: boolean;
  /** Where its bytes begin. */
  readonly start: number;
}

/** An export has a handful of documents and the inputs of one run. */
const maxFiles = 1000;
export const maxArchiveBytes = 512 * 1024 * 1024;

const signatures = { end: 0x06054b50, directory: 0x02014b50, file: 0x04034b50 } as const;
const lengths = { end: 22, directory: 46, file: 30 } as const;

/**
 * Reads the directory of a zip archive and refuses what nobody should unpack: paths that leave their folder, the same path twice (in any
 * case), links, files inside each other, too many or too large ones, encrypted ones. Folders are left out. Source: PKWARE APPNOTE 6.3.10.
 * @throws InputError `zip-damaged`, `zip-unsafe`, `zip-too-large`
 */
export function readZipDirectory(bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  if (count > maxFiles) throw tooLarge(`it has ${count} files, and ${maxFiles} is the most`);
  let at = view.getUint32(end + 16, true);
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index++) {
    if (at + lengths.directory > end || view.getUint32(at, true) !== signatures.directory)
      throw damaged('its directory is cut off');
    const read = readEntry(view, bytes, at);
    if (!read.name.endsWith('/')) entries.push(read);
    at +=
      lengths.directory + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  refuseTwice(entries);
  refuseOverlap(entries);
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > maxArchiveBytes) throw tooLarge(`it unpacks to ${total} bytes, and ${maxArchiveBytes} is the most`);
  return entries;
}

/** The end record stands last, before a comment of at most 65,535 bytes. */
function findEnd(view: DataView): number {
  for (let at = view.byteLength - lengths.end; at >= 0 && at >= view.byteLength - lengths.end - 0xffff; at--) {
    if (view.getUint32(at, true) !== signatures.end) continue;
    const whole = view.getUint16(at + 8, true) === view.getUint16(at + 10, true) && view.getUint16(at + 4, true) === 0;
    if (!whole || view.getUint32(at + 16, true) === 0xffffffff)
      throw damaged('it is in parts, or of a kind for very large files');
    return at;
  }
  throw damaged('it has no end, so it is cut off or no zip archive');
}

function readEntry(view: DataView, bytes: Uint8Array, at: number): ZipEntry {
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const [crc, packed, size] = [16, 20, 24].map((offset) => view.getUint32(at + offset, true)) as [
    number,
    number,
    number,
  ];
  const name = readName(bytes, at + lengths.directory, view.getUint16(at + 28, true));
  refuseUnsafePath(name);
  // The upper half holds the mode of unix: a link, a device or a pipe is no file.
  const type = (view.getUint32(at + 38, true) >>> 28) & 0xf;
  if (type !== 0 && type !== 0x8 && type !== 0x4) throw unsafe(`${name} is a link or a device`);
  if ((flags & 1) !== 0) throw unsafe(`${name} is encrypted`);
  if (method !== 0 && method !== 8) throw damaged(`${name} is compressed in a way that is not known here`);
  if (method === 0 && packed !== size) throw damaged(`${name} has two sizes`);
  const start = startOf(view, bytes, view.getUint32(at + 42, true), name);
  if (start + packed > view.byteLength) throw damaged(`${name} is cut off`);
  return { name, size, packed, crc, stored: method === 0, start };
}

/** Behind the file's own header, which has to be there and to name the same file. */
function startOf(view: DataView, bytes: Uint8Array, header: number, name: string): number {
  const there = header + lengths.file <= view.byteLength && view.getUint32(header, true) === signatures.file;
  if (!there) throw damaged(`${name} is not where the directory says`);
  const length = view.getUint16(header + 26, true);
  if (readName(bytes, header + lengths.file, length) !== name)
    throw unsafe(`${name} has another name in its own header`);
  return header + lengths.file + length + view.getUint16(header + 28, true);
}

function readName(bytes: Uint8Array, at: number, length: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(at, at + length));
  } catch {
    throw damaged('a name in it is no UTF-8');
  }
}

/** Two names that one file system takes for the same would overwrite each other. */
function refuseTwice(entries: readonly ZipEntry[]): void {
  const seen = new Set<string>();
  for (const { name } of entries) {
    const key = name.normalize('NFC').toLowerCase();
    if (seen.has(key)) throw unsafe(`${name} is in it twice`);
    seen.add(key);
  }
}

function refuseOverlap(entries: readonly ZipEntry[]): void {
  const sorted = entries.toSorted((a, b) => a.start - b.start);
  for (const [index, { name, start }] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before !== undefined && before.start + before.packed > start) throw unsafe(`${name} lies inside another file`);
  }
}

const hint = 'get it again from whoever made it';
const damaged = (problem: string) => new InputError('zip-damaged', `the archive is damaged: ${problem}`, { hint });
const unsafe = (problem: string) =>
  new InputError('zip-unsafe', `the archive is not safe to unpack: ${problem}`, { hint });
const tooLarge = (problem: string) => new InputError('zip-too-large', `the archive is too large: ${problem}`, { hint });
