import type { CivitaiHashes } from '../lock/civitai-hashes.js';
import type { RunRecord } from './record.js';
import type { Snapshot } from './snapshot.js';
import type { State } from './state.js';

/** Where a value was read from. */
export type Origin =
  /** The prompt as executed, seen by us at the run or in the server's history. */
  | 'executed prompt'
  /** The prompt or workflow in the output file. */
  | 'embedded data'
  /** Files of the installation, hashed at the run; packs and ComfyUI read there. */
  | 'disk'
  /** What the server said of itself. */
  | 'server'
  /** The run's own messages. */
  | 'run'
  /** The file that came out. */
  | 'output'
  | 'capture pack'
  /** Kept and given by the user. */
  | 'user';

/** One variable of product.md's table "What decides a picture": its values, or why they are not captured. */
export interface Variable {
  readonly key: VariableKey;
  /** As in the table; 0 for what only describes the run. */
  readonly tier: 0 | 1 | 2 | 3;
  readonly label: string;
  readonly values: readonly Value[];
  readonly origin?: Origin;
  /** Completes "not captured, because"; present where there is no value at all. */
  readonly notCaptured?: string;
}

export interface Value {
  readonly text: string;
  /** The node that had it, `KSampler #3`. */
  readonly node?: string;
  /** `sha256:...` of a file, a commit. */
  readonly digest?: string;
  /** Of a model file: what Civitai calls it. */
  readonly civitai?: CivitaiHashes;
  /** Where this one value, of several, was not captured. */
  readonly notCaptured?: string;
}

export type VariableKey =
  | 'positive'
  | 'negative'
  | 'seed'
  | 'cfg'
  | 'steps'
  | 'sampler'
  | 'scheduler'
  | 'denoise'
  | 'resolution'
  | 'checkpoint'
  | 'models'
  | 'vae'
  | 'loras'
  | 'control'
  | 'embeddings'
  | 'inputs'
  | 'packs'
  | 'comfyui'
  | 'python'
  | 'packages'
  | 'gpu'
  | 'vram'
  | 'driver'
  | 'os'
  | 'determinism'
  | 'arguments'
  | 'order'
  | 'cached'
  | 'tokenizer'
  | 'start'
  | 'duration'
  | 'batch'
  | 'server'
  | 'output';

/** What a person sets by hand: tier 1 of product.md's table. */
export const parameterKeys = [
  'positive',
  'negative',
  'seed',
  'cfg',
  'steps',
  'sampler',
  'scheduler',
  'denoise',
  'resolution',
  'checkpoint',
] as const satisfies readonly VariableKey[];

/** What is known of one output: from its record and the documents it points to, or from embedded data alone. */
export interface Sources {
  readonly record?: RunRecord;
  readonly snapshot?: Snapshot;
  readonly state?: State;
  /** Position of the output in the record, where one is asked about. */
  readonly output?: RunRecord['outputs'][number];
}
