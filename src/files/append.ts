import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isMissing } from './read.js';

// Synchronous on purpose: a filter handles one file at a time and has nothing else to do meanwhile.

/** A file that one process appends to; nobody else does. */
export interface Appender {
  /** Appends in one write and returns where it starts. A crash can tear the last part, never an earlier one. */
  append(bytes: Uint8Array): number;
  /** Flushes, and gives the file the name that says that it is finished. */
  finish(finished: string): void;
  /** Leaves it as it is, under its name. */
  close(): void;
}

/** Makes a new file, and the folders above it. */
export function startAppending(path: string): Appender {
  const file = openNew(path);
  let length = 0;
  return {
    append(bytes) {
      const start = length;
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, start + at);
      } catch (error) {
        // Half of it is there: what is appended next has to follow the last whole part.
        ftruncateSync(file, start);
        throw error;
      }
      length += bytes.length;
      return start;
    },
    finish(finished) {
      fsyncSync(file);
      closeSync(file);
      renameSync(path, finished);
    },
    close: () => closeSync(file),
  };
}

function openNew(path: string): number {
  try {
    return openSync(path, 'wx', 0o666);
  } catch (error) {
    if (!isMissing(error)) throw error;
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'wx', 0o666);
  }
}

/** All of a file; `undefined` where there is none. */
export function readWhole(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Reads parts of files; the last file stays open, since parts are asked for in a row. */
export interface PartReader {
  /** The part, or as much of it as is there. */
  read(path: string, start: number, length: number): Buffer;
  close(): void;
}

export function partReader(): PartReader {
  let held: { readonly path: string; readonly file: number } | undefined;
  const close = () => {
    if (held !== undefined) closeSync(held.file);
    held = undefined;
  };
  const open = (path: string) => {
    if (held?.path === path) return held.file;
    close();
    held = { path, file: openSync(path, 'r') };
    return held.file;
  };
  return {
    close,
    read(path, start, length) {
      const file = open(path);
      const bytes = Buffer.allocUnsafe(length);
      let read = 0;
      for (let more = -1; more !== 0 && read < length; read += more) {
        more = readSync(file, bytes, read, length - read, start + read);
      }
      return bytes.subarray(0, read);
    },
  };
}

/** Names in a folder, sorted; none where there is no folder. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
