import type { OutputEntry } from '../lineage/record.js';
import type { Original } from './original.js';
import type { Looked, Verification } from './verify-original.js';

/** What a run would do: `--dry-run` says it. Plain data. */
export interface ReproductionPlan {
  /** The commit that is checked out in a temporary work tree. */
  readonly checkOut: string;
  /** What was verified already, by how many. */
  readonly verified: Looked;
  /** What can be verified only then: of a ComfyUI that does not run yet. */
  readonly whenItRuns?: readonly string[];
  /** What is changed in the recorded prompt so that it runs here, one line each. */
  readonly adapt: readonly string[];
  readonly queue: { readonly nodes: number; readonly server: string; readonly times: number };
  /** Each output, and what the new one is compared with. */
  readonly compare: readonly { readonly name: string; readonly with: 'file' | 'digest' }[];
}

export interface Planned {
  readonly commit: string;
  readonly server: string;
  readonly times: number;
  readonly whenItRuns: readonly string[];
  /** Whether a file with the recorded content is at hand. */
  readonly isKept: (output: OutputEntry) => boolean;
}

export function planReproduction(
  { snapshot, outputs }: Original,
  { looked, renamed, elsewhere }: Verification,
  { commit, server, times, isKept, whenItRuns }: Planned,
): ReproductionPlan {
  const models = [...renamed].map(([key, name]) => `model ${key}: used as ${name}`);
  const inputs = [...elsewhere].map(([key, { served, path }]) =>
    served === undefined ? `input ${key}: uploaded from ${path}` : `input ${key}: used as ${served}`,
  );
  return {
    checkOut: commit,
    verified: looked,
    ...(whenItRuns.length === 0 ? {} : { whenItRuns }),
    adapt: [...models, ...inputs],
    queue: { nodes: snapshot.prompt.size, server, times },
    compare: outputs.map((output) => ({ name: output.name, with: isKept(output) ? 'file' : 'digest' })),
  };
}
