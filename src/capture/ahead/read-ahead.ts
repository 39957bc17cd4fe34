import { type MadeAhead, type TakenOrThrough, takeOut } from '../taken-out.js';
import { type FileRow, readInRow, rowsBelow } from './file-row.js';

/**
 * Cleans the file that git will probably ask for next, while git is still busy with the last one: it adds a folder's files in the order of
 * their names, one after the other, and waits for each.
 */
export interface ReadAhead {
  /** What was made ahead, if it was made of these very bytes of this path. */
  take(path: string, bytes: Uint8Array): TakenOrThrough | undefined;
  /** Looks at the file behind the one that was asked for last, once two in a row were neighbours. */
  prepare(): void;
}

/** A row on which git is. */
interface Walk {
  readonly row: FileRow;
  /** Where the file stands that was asked for last. */
  readonly at: number;
  /** Whether the file before that was its neighbour. */
  readonly isGoing: boolean;
}

/** @param top the work tree; paths are relative to it */
export function openReadAhead(top: string): ReadAhead {
  const placeOf = rowsBelow(top);
  let walk: Walk | undefined;
  let next: MadeAhead | undefined;
  return {
    take(path, bytes) {
      const place = placeOf(path);
      const found = next;
      next = undefined;
      if (place === undefined) return undefined;
      const { row, index } = place;
      const isNext = walk?.row === row && index === walk.at + 1;
      walk = { row, at: index, isGoing: isNext };
      return isNext && found !== undefined && Buffer.compare(found.file, bytes) === 0 ? found.made : undefined;
    },
    prepare() {
      if (walk?.isGoing !== true || next !== undefined) return;
      const file = readInRow(walk.row, walk.at + 1);
      next = file && { file, made: takeOut(file) };
    },
  };
}
