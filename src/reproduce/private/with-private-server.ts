import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Surroundings } from '../../capture/surroundings.js';
import type { Installation } from '../../comfyui/installation.js';
import type { Server } from '../../comfyui/server.js';
import { serverEnvironment } from '../../comfyui/server-environment.js';
import { InputError } from '../../errors.js';
import { comfyPath, type Repository } from '../../git/repository.js';
import type { Environment } from '../../lineage/state.js';
import type { Dependencies } from '../../lock/entries.js';
import { checkOut } from '../provide/apply-pack.js';
import { readConsents } from '../provide/consents.js';
import { sourceAccess } from '../provide/source-access.js';
import type { Verifying } from '../verifying.js';
import { needAgreement } from './agree.js';
import { findPython } from './find-python.js';
import { layInputs, layPacks, makeBase, writeSettings } from './lay-out.js';
import { type PrivatePlan, planPrivate } from './plan-private.js';
import { startPrivateServer } from './private-server.js';

export interface PrivateOptions extends Verifying {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The Node.js that runs us. */
  readonly node: string;
  /** Everything is agreed to. */
  readonly yes: boolean;
  /** The folder of the private ComfyUI stays, with what it made and its log. */
  readonly keep: boolean;
}

/** A ComfyUI of our own while it runs. */
export interface PrivateInstance {
  readonly server: Server;
  readonly around: Surroundings;
}

/**
 * Runs a private ComfyUI with the code of a recorded run beside the user's own: their models, their Python, and nothing of theirs is written to. It ends
 * with `use`, however that ends.
 * @param recorded machine of the run, as far as it was captured
 * @throws InputError `no-comfyui-folder`, `packs-not-there`, `no-python` and of `startPrivateServer`; ComfyError `not-agreed`; GitError;
 *   Interrupted; what `use` throws
 */
export async function withPrivateServer<T>(
  repository: Repository,
  expected: Dependencies,
  recorded: Environment | undefined,
  options: PrivateOptions,
  use: (instance: PrivateInstance) => Promise<T>,
): Promise<T> {
  const installation = needInstallation(options.around.installation);
  const python = await findPython(options.around.python, installation.root);
  const plan = await prepared(repository, expected, installation, options);
  const base = await makeBase(repository);
  try {
    await writeSettings(base, installation);
    await layPacks(base, plan.packs);
    await layInputs(base, expected.inputs, installation, options.signal);
    return await running(repository, { ...plan, base, python, installation, recorded }, options, use);
  } finally {
    if (options.keep) await keep(base, options);
    else await rm(base, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Checks out what is missing, once everything can be had and is agreed to. */
async function prepared(
  repository: Repository,
  expected: Dependencies,
  installation: Installation,
  options: PrivateOptions,
): Promise<PrivatePlan> {
  const { rules } = await sourceAccess(repository, options.env);
  const hasAgreed = await readConsents(repository);
  const plan = await planPrivate(expected, { repository, installation, rules, hasAgreed }, options);
  needNoObstacle(plan);
  await needAgreement(repository, plan, options);
  for (const step of plan.checkouts) await checkOut(step, { ...options, rules });
  return plan;
}

/** @throws InputError `packs-not-there` */
function needNoObstacle({ obstacles }: PrivatePlan): void {
  const [first] = obstacles;
  if (first === undefined) return;
  throw new InputError('packs-not-there', obstacles.map(({ text }) => text).join('; '), {
    hint: first.hint ?? 'without --packs it runs with what is installed',
  });
}

/**
 * What a private ComfyUI for that code would take, a line each; nothing is done.
 * @throws InputError `no-comfyui-folder`, `packs-not-there`
 */
export async function privatePlanLines(
  repository: Repository,
  expected: Dependencies,
  options: PrivateOptions,
): Promise<string[]> {
  const installation = needInstallation(options.around.installation);
  const { rules } = await sourceAccess(repository, options.env);
  const hasAgreed = await readConsents(repository);
  const plan = await planPrivate(expected, { repository, installation, rules, hasAgreed }, options);
  needNoObstacle(plan);
  const name = (key: string) => (key === 'comfyui' ? 'ComfyUI' : `pack ${key}`);
  const packs = plan.packs.size === 1 ? '1 pack' : `${plan.packs.size} packs`;
  return [
    ...plan.checkouts.map(({ key, commit, to }) => `check out ${name(key)} at ${commit.slice(0, 12)} in ${to}`),
    ...plan.foreign.map(
      ({ key, repository: origin, commit }) =>
        `run ${name(key)} from ${origin} at ${commit.slice(0, 12)}, once you agreed`,
    ),
    `start ComfyUI from ${plan.root} with ${packs} and your models, on a port of its own`,
  ];
}

interface Ready extends PrivatePlan {
  readonly base: string;
  readonly python: string;
  readonly installation: Installation;
  readonly recorded: Environment | undefined;
}

async function running<T>(
  repository: Repository,
  ready: Ready,
  options: PrivateOptions,
  use: (instance: PrivateInstance) => Promise<T>,
): Promise<T> {
  const { base, python, root, packs, installation } = ready;
  const { talk, signal, env, node, around } = options;
  talk.progress({ label: 'starting a private ComfyUI', done: 0, unit: 'count' });
  const recorded = ready.recorded ?? (await currentEnvironment(options)) ?? {};
  const pycache = comfyPath(repository, 'cache', 'pycache');
  const start = { root, base, python, pycache, recorded, packs: [...packs.keys()], env, node, signal };
  const { server, stop } = await startPrivateServer(start).finally(() => talk.progress(undefined));
  try {
    const own: Installation = {
      root,
      modelFolders: installation.modelFolders,
      ...{ input: join(base, 'input'), output: join(base, 'output'), temp: join(base, 'temp') },
      customNodes: [join(base, 'custom_nodes')],
    };
    return await use({ server, around: { installation: own, server, python, cache: around.cache } });
  } finally {
    await stop();
  }
}

/** Where nothing was captured at the run, the user's own server says how it is started. */
const currentEnvironment = async ({ around, signal }: PrivateOptions): Promise<Environment | undefined> =>
  around.server === undefined ? undefined : serverEnvironment(around.server, { ...around, signal });

function needInstallation(installation: Installation | undefined): Installation {
  if (installation !== undefined) return installation;
  throw new InputError('no-comfyui-folder', 'there is no ComfyUI folder on this machine whose models could serve', {
    hint: 'git config comfy.directory <folder>',
  });
}

/** Under a name that the next one does not take for a leftover. */
async function keep(base: string, { talk }: PrivateOptions): Promise<void> {
  const kept = `${base}.kept`;
  await rename(base, kept);
  talk.say(`the private ComfyUI's folder stays: ${kept}`);
}
