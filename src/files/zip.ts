import { crc32 } from 'node:zlib';
import { InputError } from '../errors.js';
import { readZipDirectory, type ZipEntry } from './zip-directory.js';

/** The only file that knows the zip library; it is loaded when an archive is written or read, and never otherwise. */
const library = () => import('fflate');

/** Every file has this time, in the machine's own zone as zip has it, so that the same files make the same bytes. */
const time = new Date(1980, 0, 1);

/** An archive of these files, in the order given; the same files give the same bytes. */
export async function writeZip(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  const { zipSync } = await library();
  return zipSync(Object.fromEntries(files), { level: 6, mtime: time });
}

/**
 * The files of an archive from outside, by their path. All of it is checked before anything is unpacked: see `readZipDirectory`.
 * @throws InputError `zip-damaged`, `zip-unsafe`, `zip-too-large`
 */
export async function readZip(bytes: Uint8Array): Promise<Map<string, Uint8Array>> {
  const entries = readZipDirectory(bytes);
  const { inflateSync } = await library();
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) {
    const packed = bytes.subarray(entry.start, entry.start + entry.packed);
    // Into a buffer of the size that was declared: what unpacks to more is cut off, and then has another CRC.
    const data = entry.stored
      ? packed
      : unpacked(entry, () => inflateSync(packed, { out: new Uint8Array(entry.size) }));
    if (data.length !== entry.size || crc32(data) !== entry.crc)
      throw damaged(`${entry.name} is not what its checksum says`);
    files.set(entry.name, data);
  }
  return files;
}

function unpacked({ name }: ZipEntry, unpack: () => Uint8Array): Uint8Array {
  try {
    return unpack();
  } catch (error) {
    throw damaged(`${name} cannot be unpacked`, error);
  }
}

const damaged = (problem: string, cause?: unknown) =>
  new InputError('zip-damaged', `the archive is damaged: ${problem}`, {
    hint: 'get it again from whoever made it',
    ...(cause === undefined ? {} : { cause }),
  });
