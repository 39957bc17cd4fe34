import { stat } from 'node:fs/promises';
import { listPacks } from '../../comfyui/packs.js';
import { checkedOutCommit } from '../../git/checkout-foreign.js';
import { comfyPath } from '../../git/repository.js';
import { noDependencies } from '../../lineage/state-document.js';
import { isProvidable } from '../../lock/drift-rules.js';
import type { Dependencies, PackEntry } from '../../lock/entries.js';
import { cloneOf, folderName, type PlanningPacks, planPack } from '../provide/plan-packs.js';
import type { CheckoutStep, Obstacle } from '../provide/steps.js';
import { verifyDependencies } from '../verify-dependencies.js';
import type { Verifying } from '../verifying.js';

/** Where the code of a private ComfyUI comes from. */
export interface PrivatePlan {
  /** ComfyUI's folder once everything is checked out. */
  readonly root: string;
  /** By folder name: where each pack is copied from. */
  readonly packs: ReadonlyMap<string, string>;
  readonly checkouts: readonly CheckoutStep[];
  /** What of it the user's own ComfyUI does not run as it is, each with the commit: to be agreed to. */
  readonly foreign: readonly { readonly key: string; readonly repository: string; readonly commit: string }[];
  readonly obstacles: readonly Obstacle[];
}

/**
 * What it takes to have ComfyUI and every pack of a run as they were. A pack of which no commit is known is taken from the user's own ComfyUI where it is
 * unchanged there.
 */
export async function planPrivate(
  expected: Dependencies,
  planning: PlanningPacks,
  verifying: Verifying,
): Promise<PrivatePlan> {
  const { comfyui, packs } = expected;
  const code = { ...noDependencies, packs, ...(comfyui === undefined ? {} : { comfyui }) };
  const { server: _, ...disk } = verifying.around;
  const { differences } = await verifyDependencies(code, "the record's", { ...verifying, around: disk });
  const moved = new Set(differences.filter(({ code }) => isProvidable.pack(code)).map(({ subject }) => subject));
  const plan = { root: '', packs: new Map<string, string>(), checkouts: [] as CheckoutStep[] };
  const [foreign, obstacles]: [CheckoutStep[], Obstacle[]] = [[], []];
  for (const [key, entry] of [['comfyui', comfyui ?? {}] as const, ...packs]) {
    const found = await planCode(key, entry, planning, moved.has(key));
    if (found.kind === 'obstacle') obstacles.push(found);
    else if (key === 'comfyui') plan.root = found.from;
    else plan.packs.set(key, found.from);
    if (found.kind !== 'code' || found.step === undefined) continue;
    if (!found.ready) plan.checkouts.push(found.step);
    if (moved.has(key)) foreign.push(found.step);
  }
  return { ...plan, foreign, obstacles };
}

interface Code {
  readonly kind: 'code';
  readonly from: string;
  /** Absent for what is taken from the user's own ComfyUI. */
  readonly step?: CheckoutStep;
  readonly ready: boolean;
}

async function planCode(
  key: string,
  entry: PackEntry,
  planning: PlanningPacks,
  moved: boolean,
): Promise<Code | Obstacle> {
  const clone = await cloneOf(key, planning.installation);
  const { commit, dirty } = entry;
  const own = key === 'comfyui' ? undefined : (await listPacks(planning.installation)).get(key)?.path;
  // Also where it was edited: it is edited in the same way today.
  if (!moved && own !== undefined && (commit === undefined || dirty !== undefined))
    return { kind: 'code', from: own, ready: true };
  const step = await planPack(key, entry, planning);
  if (step.kind === 'checkout') return { kind: 'code', from: step.to, step, ready: false };
  if (commit !== undefined && step.kind === 'ready') {
    const known = { key, repository: entry.repository ?? clone ?? step.path, protocol: 'https' as const, commit };
    const done: CheckoutStep = { kind: 'checkout', ...known, to: step.path, agreed: true };
    return { kind: 'code', from: step.path, step: done, ready: true };
  }
  if (step.kind !== 'obstacle') throw new Error(`a step of kind ${step.kind} for ${key}`);
  const nowhere = step.code === 'no-repository' || step.code === 'repository-refused';
  return nowhere && commit !== undefined && clone !== undefined && dirty === undefined
    ? fromClone(key, commit, clone, planning)
    : step;
}

/** Nothing says where it can be cloned from, but the user has a clone. */
async function fromClone(
  key: string,
  commit: string,
  clone: string,
  { repository, hasAgreed }: PlanningPacks,
): Promise<Code> {
  const to = comfyPath(repository, 'packs', `${folderName(key)}-${commit.slice(0, 12)}`);
  const there = (await stat(to).catch(() => undefined)) !== undefined && (await checkedOutCommit(to)) === commit;
  const agreed = hasAgreed({ repository: clone, commit });
  const step: CheckoutStep = { kind: 'checkout', key, repository: clone, protocol: 'https', commit, clone, to, agreed };
  return { kind: 'code', from: to, step, ready: there };
}
