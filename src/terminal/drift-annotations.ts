import type { Difference } from '../lock/drift.js';
import { lineOfKey } from '../lock/line-of-key.js';
import { lockPath } from '../lock/lockfile.js';
import { annotationLine } from './github-annotation.js';

/** What costs the most stands out; what nobody could look at is said last. */
const levels = { partial: 'error', approximate: 'warning', full: 'notice' } as const;

/**
 * A line a difference for GitHub Actions.
 * @param lock text of the lock that was verified, where it is the work tree's: the lines are then shown beside it
 */
export const driftAnnotations = (differences: readonly Difference[], lock?: string): string[] =>
  differences.map(({ code, subject, text, hint, worst, unseen }) =>
    annotationLine({
      level: unseen === true ? 'notice' : levels[worst],
      file: lock === undefined ? undefined : lockPath,
      line: lock === undefined ? undefined : lineOfKey(lock, subject),
      title: `git comfy verify: ${code}`,
      text: hint === undefined ? text : `${text}\n${hint}`,
    }),
  );
