import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { type Cleaned, cleanBytes } from '../workflow/clean.js';
import { filterLimits } from './filter-limits.js';

/**
 * Cleans the file that git will probably ask for next, while git is still busy with the last one: it adds a folder's files in the order of
 * their names, one after the other, and waits for each.
 */
export interface ReadAhead {
  /** What was made ahead, if it was made of these very bytes of this path. */
  take(path: string, bytes: Uint8Array): Cleaned | undefined;
  /** Looks beyond the file that was asked for last, once two in a row were neighbours. */
  prepare(): void;
}

/** Larger ones are worth no guess. */
const mostBytes = 1024 * 1024;

/** @param top the work tree; paths are relative to it */
export function openReadAhead(top: string): ReadAhead {
  const nextOf = neighbours(top);
  let expected: string | undefined;
  let next: string | undefined;
  let ready: { readonly path: string; readonly bytes: Buffer; readonly cleaned: Cleaned } | undefined;
  return {
    take(path, bytes) {
      next = nextOf(path);
      const inRow = path === expected;
      expected = next;
      if (!inRow) next = undefined;
      const made = ready?.path === path && ready.bytes.equals(bytes) ? ready.cleaned : undefined;
      ready = undefined;
      return made;
    },
    prepare() {
      const bytes = next === undefined ? undefined : readSmall(join(top, next));
      if (next !== undefined && bytes !== undefined)
        ready = { path: next, bytes, cleaned: cleanBytes(bytes, filterLimits) };
      next = undefined;
    },
  };
}

/** The next file of the same kind in the same folder, by the bytes of its name, as git goes. */
function neighbours(top: string): (path: string) => string | undefined {
  let listed:
    | { readonly folder: string; readonly kind: string; readonly after: ReadonlyMap<string, string> }
    | undefined;
  return (path) => {
    const [folder, kind] = [dirname(path), extname(path)];
    if (listed?.folder !== folder || listed.kind !== kind)
      listed = { folder, kind, after: orderOf(join(top, folder), kind) };
    const name = listed.after.get(basename(path));
    return name === undefined ? undefined : folder === '.' ? name : `${folder}/${name}`;
  };
}

function orderOf(folder: string, kind: string): ReadonlyMap<string, string> {
  const names = namesOf(folder).filter((name) => extname(name) === kind);
  names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return new Map(names.slice(1).map((name, index) => [names[index] ?? '', name]));
}

function namesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Follows no link and waits for no pipe: nobody has asked for this file yet. */
function readSmall(path: string): Buffer | undefined {
  try {
    const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const info = fstatSync(file);
      return info.isFile() && info.size <= mostBytes ? readFileSync(file) : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
