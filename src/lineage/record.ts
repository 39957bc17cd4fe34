import type { Metrics } from '../image/metrics.js';

/** How sure a reproduction is; from best to worst. */
export type Grade = 'full' | 'approximate' | 'partial';

/** How a run found its commit (product.md, "How a run finds its commit"). */
export type MatchKind = 'exact' | 'seeds' | 'derived' | 'uncommitted';

/** How a value was captured: by us at the run, by the capture pack, from data embedded in the output. */
export type CapturedBy = 'run' | 'pack' | 'embedded';

/** One file that came out of a run. */
export interface OutputEntry {
  /** File name at the time, without folders of this machine; sub-folder of the output folder included, with `/`. */
  readonly name: string;
  /** SHA-256 of the file, 64 hex digits. */
  readonly sha256: string;
  /** SHA-256 of the decoded samples, see `pixelDigest`; absent where this program cannot decode the file. */
  readonly pixels?: string;
  readonly width?: number;
  readonly height?: number;
  /** File size in bytes. */
  readonly bytes: number;
  /** Id of the output node in the prompt, and the position in that node's list. */
  readonly node: string;
  readonly index: number;
  /** ComfyUI wrote it into its folder for temporary files, which it clears at every start: a preview. */
  readonly temp?: true;
}

/** One run's outputs at one commit: a line of the note on that commit. Its id is `recordId` of its canonical text. */
export interface RunRecord {
  readonly record: 1;
  /** The commit that the workflow came from (the one HEAD was at, if `match` is `uncommitted`); absent before the first commit. */
  readonly commit?: string;
  readonly workflow?: { readonly path: string; readonly blob: string };
  /** Blob id of `comfy.lock` at the commit. */
  readonly lock?: string;
  readonly match: MatchKind;
  /** For `derived`: `<node id>.<input>` of the values that differed. */
  readonly differs?: readonly string[];
  readonly outputs: readonly OutputEntry[];
  /** Resolved seeds by `<node id>.<input>`, as decimal text. */
  readonly seeds: Readonly<Record<string, string>>;
  /** The server's prompt id; absent for a back-filled output. */
  readonly prompt?: string;
  /** ISO 8601 in UTC; absent when not known. */
  readonly start?: string;
  /** Milliseconds. */
  readonly duration?: number;
  /** `host:port` as the user named it, never a credential. */
  readonly server?: string;
  /** SHA-256 names in the store. */
  readonly snapshot: string;
  readonly state?: string;
  /** Blob id that the normal form of the embedded workflow has, also where no commit holds it yet. */
  readonly normal?: string;
  /** `promptIdentity` of the executed prompt, to find an output that was encoded anew. */
  readonly identity?: string;
  readonly captured: CapturedBy;
  /** Some pixels came from the server's cache: id of the record of the run that made them. */
  readonly cachedFrom?: string;
  /** The server's cache held all of it, and the run that made it was not recorded: what was installed then is not known. */
  readonly fromCache?: true;
  /** The commit was inferred, not observed (back-filled outputs). */
  readonly inferred?: true;
  /** Id of the record that this run re-creates, with what came of it. */
  readonly reproduces?: string;
  /** Id of the record that this run varies. */
  readonly varies?: string;
  readonly grade?: Grade;
  readonly metrics?: Metrics;
  /** When this line was written, ISO 8601 in UTC. */
  readonly time: string;
}

/** A name given to an output's record: project, client, approved. */
export interface Label {
  readonly label: 1;
  readonly name: string;
  /** Id of the record. */
  readonly of: string;
  readonly time: string;
}

/** Takes a line back; a deletion would come back with the next union. */
export interface Tombstone {
  readonly tombstone: 1;
  /** Id of the line that is taken back. */
  readonly of: string;
  /** The server's prompt id of the record that is taken back: whoever meets that run again knows that it was recorded once. */
  readonly prompt?: string;
  readonly time: string;
}
