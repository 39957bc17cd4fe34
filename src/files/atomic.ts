import { type FileHandle, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { takeName } from './take-name.js';
import { temporaryFor } from './temporary.js';

/**
 * Writes a file so that a reader sees the old content or the new, never half of it: temporary file beside it, flush, rename.
 * Missing folders are made. A failure leaves the old file as it was and no temporary file behind. What is no file but leads somewhere (a pipe,
 * `/dev/stdout`, `/dev/null`) stays what it is, and is written to.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array, mode?: number): Promise<void> {
  if (await leadsElsewhere(path)) return writeFile(path, data);
  await replaceFile(
    path,
    async (file) => {
      await file.writeFile(data);
      await file.sync();
    },
    mode,
  );
}

/** Open files of a process: links of their own kind, whatever they lead to. `/dev/shm` is a disk like any other. */
const openFiles = /^\/(?:dev\/(?:stdout|stderr|fd\/)|proc\/)/;

/** A rename would put a file in its place. */
async function leadsElsewhere(path: string): Promise<boolean> {
  if (openFiles.test(path)) return true;
  const there = await stat(path).catch(() => undefined);
  return there !== undefined && !there.isFile() && !there.isDirectory();
}

/** As `writeFileAtomic`, with a file that somebody else writes to; flushed only where they do it. */
export const replaceFile = (path: string, write: Write, mode?: number): Promise<void> =>
  throughTemporary(path, write, rename, mode);

/**
 * Writes a file that must not be there yet; it has its name only when all of it is there. Missing folders are made. A failure leaves no half of it.
 * @throws system errors, `EEXIST` among them: then the file that is there stays as it is
 */
export const writeNewFile = (path: string, data: string | Uint8Array): Promise<void> =>
  throughTemporary(path, (file) => file.writeFile(data), takeName);

type Write = (file: FileHandle) => Promise<void>;

async function throughTemporary(
  path: string,
  write: Write,
  give: (from: string, to: string) => Promise<void>,
  mode = 0o666,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = temporaryFor(path);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await write(file);
    } finally {
      await file.close();
    }
    await give(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
