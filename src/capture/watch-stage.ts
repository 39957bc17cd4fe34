import type { Server } from '../comfyui/server.js';
import type { Context } from '../context.js';
import type { Repository } from '../git/repository.js';
import type { Environment } from '../lineage/state.js';
import type { Dependencies } from '../lock/entries.js';
import type { NodeInterfaces } from './asked-interfaces.js';
import type { HashLater } from './hash-later.js';
import type { RecordedRun } from './record-run.js';
import type { Surroundings } from './surroundings.js';

export type WatchTools = Pick<Context, 'cwd' | 'env' | 'signal' | 'talk'>;

/** A run that ended on a server, and what became of it. */
export type Seen = {
  readonly promptId: string;
  /** `host:port`. */
  readonly server: string;
} & (
  | ({ readonly kind: 'recorded' } & RecordedRun)
  /** Not of this repository, or recorded by the command that queued it, or earlier. */
  | { readonly kind: 'left'; readonly why: 'foreign' | 'recorded-by-others' }
  /** It made nothing that could be recorded. */
  | { readonly kind: 'failed'; readonly text: string }
);

export interface WatchWishes {
  /** Record every run of the server, also of workflows that are not this repository's. */
  readonly all: boolean;
  /** Take in what the server remembers, and end. */
  readonly once: boolean;
  /** Told of each run, recorded or not, in the order in which they ended. */
  readonly onSeen: (seen: Seen) => Promise<void>;
  readonly pollEvery?: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** What was seen of a run while it ran: nothing of it can be learnt later. */
export interface SeenRunning {
  readonly head: string | undefined;
  readonly dependencies: Promise<Dependencies>;
}

/** What stays the same while the server stays up. */
export interface WatchStage {
  readonly repository: Repository;
  readonly server: Server;
  readonly tools: WatchTools;
  readonly around: Surroundings;
  readonly environment: Environment;
  readonly interfaces: NodeInterfaces;
  readonly hashLater: HashLater;
}

/** What is remembered of the runs of one server for as long as it is watched. */
export interface WatchMemory {
  readonly running: Map<string, SeenRunning>;
  /** Prompt ids that were told of: after an interruption they come again. */
  readonly told: Set<string>;
}
