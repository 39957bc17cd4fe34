import type { Metrics } from '../image/metrics.js';
import type { Grade } from './record.js';

/** What is known when a reproduction has run. */
export interface Findings {
  /** What verifying expected; `full` says that everything the record captured was verified. */
  readonly expected: Grade;
  /** The server really ran every node that matters. */
  readonly proven: boolean;
  /** Absent where there was nothing to compare with. */
  readonly metrics?: Metrics;
}

/** From these on two pictures count as alike (product.md, "Reproduce", 7). */
export const alike = { ssim: 0.95, worstTile: 0.75 } as const;

interface Rule {
  readonly grade: Grade;
  readonly holds: (findings: Findings) => boolean;
}

/** The first rule that holds gives the grade. */
const rules: readonly Rule[] = [
  { grade: 'full', holds: (found) => found.proven && found.expected === 'full' && sameSamples(found) },
  { grade: 'approximate', holds: (found) => found.proven && (sameSamples(found) || lookAlike(found)) },
  { grade: 'partial', holds: () => true },
];

const sameSamples = ({ metrics }: Findings) => metrics?.equal === true;

/** A picture smaller than the window has no SSIM, so only equal samples count for it. */
const lookAlike = ({ metrics }: Findings) =>
  (metrics?.ssim ?? 0) >= alike.ssim && (metrics?.worstTile?.ssim ?? 0) >= alike.worstTile;

export const observedGrade = (findings: Findings): Grade =>
  rules.find(({ holds }) => holds(findings))?.grade ?? 'partial';

const order: readonly Grade[] = ['partial', 'approximate', 'full'];

/** Is a grade at least the one that was wanted? */
export const atLeast = (grade: Grade, wanted: Grade): boolean => order.indexOf(grade) >= order.indexOf(wanted);

export const isGrade = (text: string): text is Grade => (order as readonly string[]).includes(text);
