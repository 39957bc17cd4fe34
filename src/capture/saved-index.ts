import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn, readWhole } from '../files/append.js';

/** Where a saved file is: part of a file of the cache. */
export interface SavedPart {
  readonly file: string;
  readonly start: number;
  readonly length: number;
  /** CRC-32 of the bytes. */
  readonly checksum: number;
}

const bytesEnding = '.saved';
const indexEnding = '.index';

/** Together no more bytes than this, in no more files: about 2,000 workflows of a usual size. */
const mostBytes = 64 * 1024 * 1024;
const mostFiles = 100;

/** @param stem sorts by time */
export const bytesFile = (folder: string, stem: string): string => join(folder, stem + bytesEnding);

/** All that the folder holds, by `<blob> <SHA-256 of the layout document>`; of one key the newest. */
export function readIndexes(folder: string): Map<string, SavedPart> {
  const parts = new Map<string, SavedPart>();
  for (const stem of stemsIn(folder)) {
    const text = readWhole(join(folder, stem + indexEnding))?.toString('latin1') ?? '';
    for (const [, key = '', start, length, checksum] of text.matchAll(
      /^([0-9a-f]{40,64} [0-9a-f]{64}) (\d+) (\d+) (\d+)$/gm,
    )) {
      const numbers = { start: Number(start), length: Number(length), checksum: Number(checksum) };
      parts.set(key, { file: bytesFile(folder, stem), ...numbers });
    }
  }
  return parts;
}

/** Makes the parts of one process findable. */
export function writeIndex(folder: string, stem: string, parts: ReadonlyMap<string, SavedPart>): void {
  const lines = [...parts].map(([key, { start, length, checksum }]) => `${key} ${start} ${length} ${checksum}\n`);
  writeFileSync(join(folder, stem + indexEnding), lines.join(''), { flag: 'wx' });
}

/** Keeps the newest; also what a process that was killed has left there goes, once it is old. */
export function dropOldest(folder: string): void {
  let bytes = 0;
  for (const [index, stem] of stemsIn(folder).toReversed().entries()) {
    bytes += statSync(bytesFile(folder, stem), { throwIfNoEntry: false })?.size ?? 0;
    if (index < mostFiles && bytes <= mostBytes) continue;
    for (const ending of [indexEnding, bytesEnding]) rmSync(join(folder, stem + ending), { force: true });
  }
}

/** Oldest first. */
const stemsIn = (folder: string): string[] =>
  namesIn(folder)
    .filter((name) => name.endsWith(bytesEnding))
    .map((name) => name.slice(0, -bytesEnding.length));
