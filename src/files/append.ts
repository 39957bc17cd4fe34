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

/** Part of a file, or as much of it as is there. */
export function readPart(path: string, start: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  const file = openSync(path, 'r');
  try {
    let read = 0;
    for (let more = -1; more !== 0 && read < length; read += more) {
      more = readSync(file, bytes, read, length - read, start + read);
    }
    return bytes.subarray(0, read);
  } finally {
    closeSync(file);
  }
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
