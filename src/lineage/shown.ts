import type { Difference } from '../lock/drift.js';
import type { Variable } from './account.js';
import type { FoundBy } from './query.js';
import type { OutputEntry, RunRecord } from './record.js';
import type { Snapshot } from './snapshot.js';

/** Everything that `show` has to say about one output. */
export interface ShownOutput {
  readonly kind: 'output';
  /** As the person named it. */
  readonly file: string;
  /** Absent where no record is known and embedded data is all there is. */
  readonly recorded?: ShownRecord;
  /** The commit that holds the embedded workflow, where there is no record but a repository. */
  readonly holder?: ShownCommit & { readonly path: string };
  /** Prompt and workflow: of the record, else as embedded. */
  readonly snapshot?: Snapshot;
  readonly variables: readonly Variable[];
  /** What is no longer as it was; absent where it was not looked at. */
  readonly today?: Today;
  /** Said besides: damaged lines of lineage, a document that is not in this clone. */
  readonly remarks: readonly string[];
}

export interface ShownRecord {
  readonly id: string;
  readonly record: RunRecord;
  readonly how: FoundBy;
  readonly output?: OutputEntry;
  /** Absent before the first commit, and where this clone does not have it. */
  readonly commit?: ShownCommit;
  /** Where it is in today's history, if that commit was rewritten away since. */
  readonly now?: ShownNow;
  /** Other runs that made the same file or pixels. */
  readonly otherRuns: number;
}

export interface ShownCommit {
  readonly id: string;
  readonly subject: string;
  /** ISO 8601 in UTC. */
  readonly time: string;
}

/** The commit that took the place of another one; or, where nothing says that, the first that has the same workflow. */
export interface ShownNow extends ShownCommit {
  readonly sameWorkflow: boolean;
}

export interface Today {
  readonly differences: readonly Difference[];
  /** What was not looked at, and why: no time to hash it, no installation, no server. */
  readonly unchecked: readonly string[];
}

/** A commit and what was made at it. */
export interface ShownMadeAt {
  readonly commit: ShownCommit;
  readonly runs: readonly ShownRun[];
}

/** One run, for lists. */
export interface ShownRun {
  readonly id: string;
  readonly record: RunRecord;
  /** Lines of the same run on other commits. */
  readonly otherLines: number;
  /** The commit that it was made at is in no branch any more; this one has its workflow. */
  readonly rewritten?: true;
}
