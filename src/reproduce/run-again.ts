import { knownClasses } from '../capture/surroundings.js';
import type { JsonObject } from '../workflow/json.js';
import { readPrompt } from '../workflow/prompt.js';
import { adaptPrompt } from './adapt-prompt.js';
import { checkInterfaces } from './check-interfaces.js';
import { type Noise, noiseOf } from './compare-all.js';
import type { Original } from './original.js';
import type { ReproduceOptions } from './reproduce-options.js';
import { type Requeued, type Rerun, requeue } from './requeue.js';
import type { Verification } from './verify-original.js';

export interface Again {
  /** As it was queued, but for the nonce. */
  readonly prompt: JsonObject;
  readonly adapted: readonly string[];
  readonly rerun: Rerun;
  /** Only with a baseline. */
  readonly noise: Noise | undefined;
}

/**
 * Steps 4 and 5: the recorded prompt as this server can take it, queued with the cache defeated; with a baseline a second time.
 * @throws ServerError `class-missing`, `interface-changed`, and of the run; Interrupted
 */
export async function runAgain(original: Original, verified: Verification, options: ReproduceOptions): Promise<Again> {
  const { server, signal, talk, baseline } = options;
  const { workflow } = original.snapshot;
  checkInterfaces(server, original.snapshot.prompt, await interfacesOf(original, verified, options));
  const { prompt, notes } = await adaptPrompt(server, original, verified, signal);
  const outputs = original.outputs.map(({ node }) => node).filter((node) => node !== '');
  const queued: Requeued = { prompt, outputs, ...(workflow === undefined ? {} : { workflow }) };
  const rerun = await requeue(server, queued, signal, talk);
  const twice = baseline === true ? await requeue(server, queued, signal, talk) : undefined;
  const noise = twice === undefined ? undefined : await noiseOf(rerun.made, twice.made, signal);
  return { prompt, adapted: notes, rerun, noise };
}

/** Verifying asked for the classes that were captured; where that was not all of them, they are asked for now. */
async function interfacesOf({ snapshot }: Original, { info }: Verification, { around, signal }: ReproduceOptions) {
  const classes = [...new Set([...readPrompt(snapshot.prompt).nodes.values()].map(({ classType }) => classType))];
  if (info !== undefined && classes.every((name) => info.has(name))) return info;
  return (await knownClasses(around, classes, signal)).info;
}
