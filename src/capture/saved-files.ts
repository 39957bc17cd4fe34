import { hash } from 'node:crypto';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Appender, partReader, startAppending } from '../files/append.js';
import type { FilterPlace } from '../git/filter-place.js';
import { bytesFile, dropOldest, readIndexes, type SavedPart, writeIndex } from './saved-index.js';

// A cache of files as somebody saved them. Putting a layout back makes a text of ours; while the very file is still at hand, a checkout
// gives it back to the byte and need not understand it. Every process writes a file of its own, and an index of it at the end.

/** The file that goes with a blob and the layout that was taken out of it. */
export interface SavedFiles {
  /** Whether it has any file for a blob: where it has none, nobody need ask for the layout first. */
  knows(blob: string): boolean;
  /** @param layout the layout document, with its time */
  find(blob: string, layout: string): Buffer | undefined;
  keep(blob: string, layout: string, file: Uint8Array): void;
  /** Reads what will probably be asked for next: what was saved behind the file that was found last. */
  prepare(): void;
  /** Makes what was kept findable. */
  close(): void;
}

/** One process keeps no more bytes than this: a cache must not fill a disk. */
const mostKept = 48 * 1024 * 1024;

/** Larger files are worth no guess. */
const mostAhead = 1024 * 1024;

export const savedFolder = ({ commonDir }: Pick<FilterPlace, 'commonDir'>): string =>
  join(commonDir, 'comfy', 'cache', 'saved');

/** Nothing is read before something is asked for. A cache that cannot be read or written is as good as none. */
export function openSavedFiles(folder: string, now: () => Date): SavedFiles {
  const writer = savedWriter(folder, now);
  const parts = partReader();
  let held: SavedIndex | undefined;
  let last: SavedPart | undefined;
  let next: { readonly part: SavedPart; readonly bytes: Buffer | undefined } | undefined;
  const index = () => {
    held ??= savedIndex(readIndexes(folder));
    return held;
  };
  const read = (part: SavedPart): Buffer | undefined => {
    const bytes = parts.read(part.file, part.start, part.length);
    return crc32(bytes) === part.checksum ? bytes : undefined;
  };
  return {
    knows: (blob) => orNothing(() => index().blobs.has(blob)) ?? false,
    find: (blob, layout) =>
      orNothing(() => {
        last = index().parts.get(keyOf(blob, layout));
        return last && (next?.part === last ? next.bytes : read(last));
      }),
    keep: (blob, layout, file) => orNothing(() => writer.keep(keyOf(blob, layout), file)),
    prepare: () =>
      orNothing(() => {
        const part = last && index().behind.get(last);
        next = part && part.length <= mostAhead ? { part, bytes: read(part) } : undefined;
        last = undefined;
      }),
    close() {
      orNothing(parts.close);
      orNothing(writer.close);
    },
  };
}

interface SavedIndex {
  readonly parts: ReadonlyMap<string, SavedPart>;
  readonly blobs: ReadonlySet<string>;
  /** For each part the one that was saved next. */
  readonly behind: ReadonlyMap<SavedPart, SavedPart>;
}

function savedIndex(parts: ReadonlyMap<string, SavedPart>): SavedIndex {
  const behind = new Map<SavedPart, SavedPart>();
  let before: SavedPart | undefined;
  for (const part of parts.values()) {
    if (before?.file === part.file) behind.set(before, part);
    before = part;
  }
  return { parts, blobs: new Set([...parts.keys()].map((key) => key.slice(0, key.indexOf(' ')))), behind };
}

function orNothing<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}

const keyOf = (blob: string, layout: string) => `${blob} ${hash('sha256', layout)}`;

function savedWriter(folder: string, now: () => Date) {
  const parts = new Map<string, SavedPart>();
  let own: { readonly stem: string; readonly appender: Appender } | undefined;
  let length = 0;
  const start = () => {
    const stem = `${now().toISOString().replaceAll(/[-:.]/g, '')}-${process.pid}`;
    return { stem, appender: startAppending(bytesFile(folder, stem)) };
  };
  return {
    keep(key: string, bytes: Uint8Array) {
      if (length + bytes.length > mostKept) return;
      own ??= start();
      const part = { start: own.appender.append(bytes), length: bytes.length, checksum: crc32(bytes) };
      parts.set(key, { file: bytesFile(folder, own.stem), ...part });
      length += bytes.length;
    },
    close() {
      if (own === undefined) return;
      own.appender.close();
      writeIndex(folder, own.stem, parts);
      dropOldest(folder);
    },
  };
}
