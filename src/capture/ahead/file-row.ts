import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

/** The files of one kind in a folder, in the order in which git adds them: by the bytes of their names. */
export interface FileRow {
  /** Absolute. */
  readonly folder: string;
  readonly names: readonly string[];
}

/** Where a file stands. */
export interface RowPlace {
  readonly row: FileRow;
  readonly index: number;
}

/**
 * Finds the row of a file; of files in one folder it is the same object.
 * @param top absolute; paths are relative to it
 */
export function rowsBelow(top: string): (path: string) => RowPlace | undefined {
  let held: { readonly of: string; readonly row: FileRow; readonly places: ReadonlyMap<string, number> } | undefined;
  return (path) => {
    const of = join(dirname(path), `*${extname(path)}`);
    if (held?.of !== of) {
      const row = rowIn(join(top, dirname(path)), extname(path));
      held = { of, row, places: new Map(row.names.map((name, index) => [name, index])) };
    }
    const index = held.places.get(basename(path));
    return index === undefined ? undefined : { row: held.row, index };
  };
}

function rowIn(folder: string, kind: string): FileRow {
  const names = namesOf(folder).filter((name) => extname(name) === kind);
  return { folder, names: names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))) };
}

function namesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Larger ones are worth no guess. */
const mostBytes = 1024 * 1024;

/** Follows no link and waits for no pipe: nobody has asked for this file yet. `undefined` where it is none to read ahead. */
export function readInRow({ folder, names }: FileRow, index: number): Buffer | undefined {
  const name = names[index];
  if (name === undefined) return undefined;
  try {
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    const file = openSync(join(folder, name), flags);
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
