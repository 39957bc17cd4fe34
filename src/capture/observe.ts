import type { CapturePack } from '../comfyui/capture-pack.js';
import type { Installation } from '../comfyui/installation.js';
import { describeComfyui } from '../comfyui/packs.js';
import type { Server } from '../comfyui/server.js';
import type { Talk } from '../context.js';
import { readForeignRepository } from '../git/foreign.js';
import type { Dependencies, Lock, ModelEntry } from '../lock/entries.js';
import { emptyLock } from '../lock/lockfile.js';
import type { Known } from '../lock/model-needs.js';
import type { Needs } from '../lock/needs.js';
import type { HashCache } from '../models/hash-cache.js';
import { observeClasses } from './observe-classes.js';
import { observeInputs } from './observe-inputs.js';
import { observeModels } from './observe-models.js';
import { observePacks } from './observe-packs.js';
import type { Observed } from './run-facts.js';

export interface Observing {
  /** ComfyUI on this machine's disk; without one, files and packs are not looked at. */
  readonly installation?: Installation | undefined;
  /** Asked about what is on its machine, where that is another one. */
  readonly server?: Server | undefined;
  /** What the server said: interfaces of nodes, and for a server elsewhere the names of its models. */
  readonly known?: Known | undefined;
  /** ComfyUI's version, as a server says it. */
  readonly version?: string | undefined;
  readonly cache: HashCache;
  /** What hashing may take in all, in milliseconds; without one everything is hashed. Nobody waits for a hash at a commit or a run. */
  readonly budgetMs?: number;
  /** Says which pack a class was last known to come from. */
  readonly lock?: Lock | undefined;
  readonly signal: AbortSignal;
  readonly talk: Talk;
}

/** What of the needs is there now. A key that is left out was not looked at; `missing` was looked for and not found. */
export async function observe(needs: Needs, options: Observing): Promise<Observed> {
  const { installation, known, lock = emptyLock } = options;
  const classes = observeClasses(needs.classes, known?.info);
  const pack = await packToAsk(options);
  const comfyui = await observeComfyui(options, pack);
  if (installation === undefined) {
    const { observeRemote } = await import('./observe-remote.js');
    const { models, ...remote } = await observeRemote(needs, { known, classes, pack, server: options.server }, options);
    const observer = pack === undefined ? {} : { observedBy: 'pack' as const };
    return { ...comfyui, ...remote, ...observer, models: marked(needs, models), classes };
  }
  return {
    ...comfyui,
    models: marked(needs, await observeModels(needs.models.keys(), installation, options)),
    packs: await observePacks(needs, classes, lock, installation, options.budgetMs === undefined),
    inputs: await observeInputs(needs.inputs, installation, options),
    classes,
  };
}

/** A state tells what a run did not load, too. */
const marked = (needs: Needs, models: ReadonlyMap<string, ModelEntry>): ReadonlyMap<string, ModelEntry> =>
  new Map(
    [...models].map(([key, entry]) => [
      key,
      needs.models.get(key)?.executed === false ? { ...entry, executed: false } : entry,
    ]),
  );

/** Where ComfyUI's code is not found here (elsewhere, or started with folders of its own), its capture pack knows more. */
async function packToAsk({ installation, server, signal }: Observing): Promise<CapturePack | undefined> {
  if (installation?.root !== undefined || server === undefined) return undefined;
  // Loaded late, like all that only a server elsewhere needs: the files of a ComfyUI that is here are looked at often.
  const { askCapturePack } = await import('../comfyui/capture-pack.js');
  return askCapturePack(server, { signal });
}

/** ComfyUI's commit from its folder, where that is the one that the server runs; else the version that the server says. */
async function observeComfyui(
  { installation, version }: Observing,
  pack: CapturePack | undefined,
): Promise<Pick<Dependencies, 'comfyui'>> {
  const root = installation?.root;
  const found = root === undefined ? (pack?.comfyui ?? {}) : await describeComfyui(root, readForeignRepository);
  const other = version !== undefined && found.version !== undefined && found.version !== version;
  const comfyui = { ...(other ? {} : found), ...(version === undefined ? {} : { version }) };
  return Object.keys(comfyui).length === 0 ? {} : { comfyui };
}
