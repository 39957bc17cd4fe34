import { workTreeLock } from '../../capture/lock-files.js';
import type { Surroundings } from '../../capture/surroundings.js';
import type { Installation } from '../../comfyui/installation.js';
import { InputError } from '../../errors.js';
import type { Repository } from '../../git/repository.js';
import { noDependencies } from '../../lineage/state-document.js';
import type { Difference } from '../../lock/drift.js';
import type { Dependencies, Digest, ModelEntry } from '../../lock/entries.js';
import { withSourcesOf } from '../../lock/known-sources.js';
import type { LeftParts } from '../../models/left-parts.js';
import type { SourceRules } from '../../models/source-rules.js';
import { lockOfRun } from '../lock-of-run.js';
import { findTarget, type Target } from '../target.js';
import { verifyDependencies } from '../verify-dependencies.js';
import type { Verifying } from '../verifying.js';
import { readConsents } from './consents.js';
import { downloadFolders } from './place-model.js';
import { planModels } from './plan-models.js';
import { planPacks } from './plan-packs.js';
import type { Step } from './steps.js';

export interface Wanted {
  readonly models: boolean;
  readonly packs: boolean;
  readonly pickles: boolean;
}

export interface ProvidePlan {
  /** What is to be brought back, in words. */
  readonly subject: string;
  readonly steps: readonly Step[];
  /** How many were looked at. */
  readonly looked: { readonly models: number; readonly packs: number };
}

export interface Planned {
  readonly plan: ProvidePlan;
  readonly left: LeftParts;
}

/**
 * What it takes to bring models and packs of this machine to what a lock, a commit or a recorded run says. Changes nothing.
 * @throws what `findTarget` throws; InputError `no-comfyui-folder`, `nothing-captured`
 */
export async function planProvide(
  repository: Repository,
  asked: string | undefined,
  planning: Verifying & { readonly cwd: string; readonly rules: SourceRules; readonly wanted: Wanted },
): Promise<Planned> {
  const target = await findTarget(repository, asked, planning.cwd);
  const { wanted, around, rules } = planning;
  const installation = needInstallation(around);
  const expected = narrowed(await expectedOf(repository, target), wanted);
  const { server: _, ...disk } = around;
  const whose = target.kind === 'lock' ? "the lock's" : "the record's";
  const { differences } = await verifyDependencies(expected, whose, { ...planning, around: disk });
  const folders = installation.modelFolders;
  const models = await planModels(expected, differences, { ...planning, folders, rules, pickles: wanted.pickles });
  const hasAgreed = await readConsents(repository);
  const packs = await planPacks(expected, differences, { repository, installation, rules, hasAgreed });
  const looked = { models: expected.models.size, packs: expected.packs.size };
  return {
    plan: { subject: target.subject, steps: [...models, ...packs], looked },
    left: { folders: downloadFolders(expected.models.keys(), folders), there: unchanged(expected, differences) },
  };
}

/** Contents of the models that are as they are expected. */
function unchanged({ models }: Dependencies, differences: readonly Difference[]): Digest[] {
  const changed = new Set(differences.map(({ subject }) => subject));
  return [...models].flatMap(([key, { digest }]) => (changed.has(key) || !isDigest(digest) ? [] : [digest]));
}

const isDigest = (digest: ModelEntry['digest']): digest is Digest => digest !== 'missing' && digest !== 'unhashed';

/** What a run saw has no sources; the locks that are at hand know some of them, by content. */
async function expectedOf(repository: Repository, target: Target): Promise<Dependencies> {
  const { lock } = await workTreeLock(repository);
  if (target.kind === 'lock') return withSourcesOf(target.lock, [lock]);
  const then = await lockOfRun(repository, target.record);
  if (target.state !== undefined) return withSourcesOf(target.state, then === undefined ? [lock] : [then, lock]);
  throw new InputError('nothing-captured', `${target.subject} does not say which models and packs there were`, {
    hint: 'provide what the lock of its commit says: git comfy provide <commit>',
  });
}

/** Inputs and node interfaces are no part of it, so that nothing is asked or hashed for them. */
function narrowed({ models, packs, comfyui }: Dependencies, wanted: Wanted): Dependencies {
  return {
    ...noDependencies,
    ...(wanted.models ? { models } : {}),
    ...(wanted.packs ? { packs, ...(comfyui === undefined ? {} : { comfyui }) } : {}),
  };
}

function needInstallation({ installation }: Surroundings): Installation {
  if (installation !== undefined) return installation;
  throw new InputError('no-comfyui-folder', 'there is no ComfyUI folder on this machine to provide anything to', {
    hint: 'git config comfy.directory <folder>',
  });
}
