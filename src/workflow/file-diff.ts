import type { LayoutChanges } from './layout-changes.js';
import type { WorkflowChange } from './workflow-change.js';

/** What became of one file, for people and for `--json`. */
export interface FileDiff {
  /** Relative to the top of the repository; the newer name of a renamed file. */
  readonly path: string;
  readonly renamedFrom?: string;
  /** Name of the picture that it is compared with. */
  readonly comparedWith?: string;
  readonly status: 'added' | 'removed' | 'changed' | 'same' | 'unreadable';
  readonly changes: readonly WorkflowChange[];
  /** Where it was asked for and both versions have one. */
  readonly layout?: LayoutChanges;
  /** For `unreadable`: which side, and why. */
  readonly reason?: string;
}

/** Whether there is anything to say about a file. */
export const isTold = ({ status, renamedFrom, comparedWith, layout }: FileDiff): boolean =>
  status !== 'same' || (renamedFrom ?? comparedWith ?? layout) !== undefined;
