import type { Through } from '../../workflow/clean.js';
import { type MadeAhead, type TakenOrThrough, takenOutAlready } from '../taken-out.js';
import type { Claims } from './claims.js';
import type { FileRow } from './file-row.js';

/** To the second thread: a row to work on. */
export interface CleanTask {
  /** Tells the rows of one process apart. */
  readonly number: number;
  readonly row: FileRow;
  readonly claims: Claims;
}

/** From the second thread: what it made of a file; one of `taken` and `through`. */
export interface CleanWord {
  readonly number: number;
  readonly index: number;
  /** The very bytes that it read, and behind them what `taken` tells of: one piece of memory is handed over, not three. */
  readonly bytes: Uint8Array;
  /** How many bytes the file had. */
  readonly file: number;
  readonly taken?: { readonly normal: number; readonly body: number; readonly positioned: boolean };
  readonly through?: Through;
}

/** Puts what was made of a file together. */
export function wordOf(file: Buffer, made: TakenOrThrough): Omit<CleanWord, 'number' | 'index'> {
  if (made.kind === 'through') return { bytes: joined(file), file: file.length, through: made };
  const body = Buffer.from(made.body());
  const lengths = { normal: made.bytes.length, body: body.length, positioned: made.positioned };
  return { bytes: joined(file, made.bytes, body), file: file.length, taken: lengths };
}

/** In memory of its own. */
function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Takes it apart again. */
export function madeOf({ bytes, file, taken, through }: CleanWord): MadeAhead {
  if (taken === undefined) return { file: bytes, made: through ?? { kind: 'through' } };
  const end = file + taken.normal;
  const body = Buffer.from(bytes.buffer, end, taken.body);
  return { file: bytes.subarray(0, file), made: takenOutAlready(bytes.subarray(file, end), body, taken.positioned) };
}
