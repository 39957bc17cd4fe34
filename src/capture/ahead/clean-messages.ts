import type { Through } from '../../workflow/clean.js';
import type { HandedOver } from '../taken-out.js';
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
  /** The very bytes that it read. */
  readonly file: Uint8Array;
  readonly taken?: HandedOver;
  readonly through?: Through;
}
