/**
 * Who cleans which file of a row, in memory that both threads see: one number a file, and in front of them how far the second thread may go,
 * and a bell to wake it.
 */
export type Claims = Int32Array<SharedArrayBuffer>;

const free = 0;
const taken = 1;
const done = 2;

const fromCell = 0;
const toCell = 1;
const bellCell = 2;
const firstCell = 3;

/** @param count of files */
export const newClaims = (count: number): Claims =>
  new Int32Array(new SharedArrayBuffer((firstCell + count) * Int32Array.BYTES_PER_ELEMENT));

/** Whether the file is the caller's now. */
export const claim = (claims: Claims, index: number): boolean =>
  firstCell + index < claims.length && Atomics.compareExchange(claims, firstCell + index, free, taken) === free;

/** Says that a file that was claimed is done with, whatever came of it. */
export function settle(claims: Claims, index: number): void {
  Atomics.store(claims, firstCell + index, done);
  Atomics.notify(claims, firstCell + index);
}

/** Also behind the last file. */
export const isSettled = (claims: Claims, index: number): boolean =>
  firstCell + index >= claims.length || Atomics.load(claims, firstCell + index) === done;

/**
 * Waits while another thread is at a file.
 * @param most milliseconds
 * @returns whether the file is done with, or was nobody's
 */
export const awaitSettled = (claims: Claims, index: number, most: number): boolean =>
  Atomics.wait(claims, firstCell + index, taken, most) !== 'timed-out';

/** Lets the second thread claim the files `from` to before `to`. */
export function allow(claims: Claims, from: number, to: number): void {
  Atomics.store(claims, fromCell, from);
  Atomics.store(claims, toCell, to);
  ring(claims);
}

export function ring(claims: Claims): void {
  Atomics.add(claims, bellCell, 1);
  Atomics.notify(claims, bellCell);
}

/** Claims the first file that is free and allowed. */
export function claimAllowed(claims: Claims): number | undefined {
  const to = Math.min(Atomics.load(claims, toCell), claims.length - firstCell);
  for (let index = Atomics.load(claims, fromCell); index < to; index++) if (claim(claims, index)) return index;
  return undefined;
}

export const heardBell = (claims: Claims): number => Atomics.load(claims, bellCell);

/** Sleeps until the bell has rung since it was heard. */
export const awaitBell = (claims: Claims, heard: number): void => void Atomics.wait(claims, bellCell, heard);
