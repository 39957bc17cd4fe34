import type { OutputIdentity } from '../image/describe-output.js';
import type { Metrics } from '../image/metrics.js';
import type { CapturedBy, Grade } from '../lineage/record.js';
import type { Environment } from '../lineage/state.js';
import type { Dependencies } from '../lock/entries.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import type { JsonObject } from '../workflow/json.js';

/** What a run depends on, and who looked at it. */
export interface Observed extends Dependencies {
  /** The capture pack on the server's machine; we, on this one, where absent. */
  readonly observedBy?: 'pack';
}

/** A file that came out of a run. */
export interface OutputFacts {
  /** As the server named it: sub-folder of the output folder included, with `/`, no folder of this machine. */
  readonly name: string;
  readonly node: string;
  readonly index: number;
  readonly bytes: Uint8Array;
  /** In the folder that the server clears at every start. */
  readonly temp?: true;
}

/** A file that came out of a run, and what is known of it: another thread has looked at it, or it was written down and the file is gone. */
export interface KnownOutput extends Omit<OutputIdentity, 'damaged'> {
  readonly name: string;
  readonly node: string;
  readonly index: number;
  /** Size of the file. */
  readonly bytes: number;
}

/** What is known of one run when it is recorded; what is absent was not captured. */
export interface RunFacts {
  /** As the server executed it (history), or as it was embedded. */
  readonly prompt: JsonObject;
  /** As embedded. */
  readonly workflow?: JsonObject;
  /** Instead of a prompt that ran, see `Snapshot`. */
  readonly parameters?: string;
  readonly outputs: readonly OutputFacts[];
  readonly known?: readonly KnownOutput[];
  /** As observed at the run; never today's for an old output. */
  readonly dependencies?: Observed;
  readonly environment?: Environment;
  /** Node ids in the order in which they ran, and those that the server took from its cache. */
  readonly executed?: readonly string[];
  readonly cached?: readonly string[];
  readonly promptId?: string;
  readonly start?: Date;
  /** Milliseconds. */
  readonly duration?: number;
  /** `host:port` as the user named it. */
  readonly server?: string;
  readonly captured: CapturedBy;
  /** The commit that HEAD was at when the run was queued; without it that of now for a run that was seen, none for one that is taken in later. */
  readonly head?: string;
  /** Node interfaces of the server: a prompt without an embedded workflow is matched by converting the committed ones. */
  readonly info?: ObjectInfo;
  readonly reproduces?: string;
  readonly varies?: string;
  readonly grade?: Grade;
  readonly metrics?: Metrics;
}
