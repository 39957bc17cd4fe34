import { type MadeAhead, type TakenOrThrough, takeOut } from '../taken-out.js';
import { type Claims, claim, isSettled, newClaims, settle } from './claims.js';
import { type CleanThread, cleanThread } from './clean-thread.js';
import { type FileRow, readInRow, rowsBelow } from './file-row.js';

/**
 * Cleans the files that git will probably ask for next, while git is still busy with the last one: it adds a folder's files in the order of
 * their names, one after the other, and waits for each. A second thread is started where there are many.
 */
export interface ReadAhead {
  /** What was made ahead, if it was made of these very bytes of this path. */
  take(path: string, bytes: Uint8Array): TakenOrThrough | undefined;
  /** Looks beyond the file that was asked for last, once two in a row were neighbours. */
  prepare(): void;
  close(): Promise<void>;
}

/** A row on which git is. */
interface Walk {
  readonly row: FileRow;
  readonly claims: Claims;
  /** Where the file stands that was asked for last. */
  at: number;
  /** How many neighbours came in a row. */
  neighbours: number;
}

/** A thread costs about as much as so many small files. */
const worthThread = 6;
/** How far this thread looks, where the other one is not. */
const reach = 3;

/**
 * @param top the work tree; paths are relative to it
 * @param program of the second thread; without one there is none
 */
export function openReadAhead(top: string, program?: string): ReadAhead {
  const placeOf = rowsBelow(top);
  const thread = program === undefined ? undefined : cleanThread(program);
  const own = new Map<number, MadeAhead>();
  let walk: Walk | undefined;
  return {
    take(path, bytes) {
      const place = placeOf(path);
      if (place === undefined) return undefined;
      if (walk?.row !== place.row) {
        own.clear();
        walk = { row: place.row, claims: newClaims(place.row.names.length), at: -2, neighbours: 0 };
      }
      const found = step(walk, place.index)
        ? undefined
        : (own.get(place.index) ?? thread?.take(walk.claims, place.index));
      for (const index of own.keys()) if (index <= place.index) own.delete(index);
      return found !== undefined && Buffer.compare(found.file, bytes) === 0 ? found.made : undefined;
    },
    prepare() {
      if (walk === undefined) return;
      send(thread, walk);
      if (walk.neighbours > 0) cleanNext(walk, own);
    },
    close: async () => thread?.close(),
  };
}

/** Whether nobody has begun with the file; then nobody is to begin any more. */
function step(walk: Walk, index: number): boolean {
  walk.neighbours = index === walk.at + 1 ? walk.neighbours + 1 : 0;
  walk.at = index;
  const isFree = claim(walk.claims, index);
  if (isFree) settle(walk.claims, index);
  return isFree;
}

/** Where git leaves files out, it is not known what it will ask for. */
function send(thread: CleanThread | undefined, { row, claims, at, neighbours }: Walk): void {
  const left = row.names.length - at;
  if (neighbours >= 2 && left >= worthThread) thread?.goOn(row, claims, at + 1);
  else if (neighbours === 0) thread?.halt(claims);
}

/** One file at most, and none while the next one is ready: git is not to wait for a guess. */
function cleanNext({ row, claims, at }: Walk, own: Map<number, MadeAhead>): void {
  for (let index = at + 1; index <= at + reach && !isSettled(claims, index); index++) {
    if (!claim(claims, index)) continue;
    const file = readInRow(row, index);
    if (file !== undefined) own.set(index, { file, made: takeOut(file) });
    settle(claims, index);
    return;
  }
}
