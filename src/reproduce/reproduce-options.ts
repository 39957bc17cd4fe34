import type { RecordedRun, RunFacts } from '../capture/record-run.js';
import type { Surroundings } from '../capture/surroundings.js';
import type { Server } from '../comfyui/server.js';
import type { Talk } from '../context.js';
import type { ComparedPair } from './compare-all.js';
import type { Original } from './original.js';
import type { Reproduction } from './reproduction.js';
import type { MadeOutput } from './requeue.js';

/** What one run made, and what it was compared with. */
export interface Compared {
  readonly original: Original;
  readonly made: readonly MadeOutput[];
  readonly pairs: readonly ComparedPair[];
  readonly reproduction: Reproduction;
}

export interface ReproduceOptions {
  readonly around: Surroundings;
  readonly server: Server;
  /** Where else recorded outputs may lie: ComfyUI's output folder, where the server is another one. */
  readonly outputFolder?: string | undefined;
  /** Stop after verifying. */
  readonly dryRun?: boolean;
  /** Stop unless a full reproduction can be expected. */
  readonly strict?: boolean;
  /** Run twice, to tell an unstable server. */
  readonly baseline?: boolean;
  /** How often it is run, each time a reproduction of its own; once where not given. */
  readonly repeat?: number;
  /** Writes a run down; without it each is written by itself. */
  readonly record?: (facts: RunFacts) => Promise<RecordedRun>;
  /** Told of each run when it has been compared. */
  readonly onCompared?: (compared: Compared) => Promise<void>;
  readonly signal: AbortSignal;
  readonly talk: Talk;
}
