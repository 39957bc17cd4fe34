import { statSync } from 'node:fs';

/** A folder's time is set by the kernel's tick; on some file systems it has whole seconds only. Milliseconds. */
const fineStep = 50;
const coarseStep = 2500;

/**
 * Tells whether the names in a folder may have changed since the last time it was asked, for the price of one look at the folder. A folder that has just
 * been written to may be written to again without its time changing, so for a moment the answer is yes.
 */
export function changedFolder(folder: string, now: () => Date): () => boolean {
  let settled: number | undefined;
  return () => {
    const time = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (time === settled) return false;
    const step = Number.isInteger(time / 1000) ? coarseStep : fineStep;
    settled = now().getTime() - time > step ? time : undefined;
    return true;
  };
}
