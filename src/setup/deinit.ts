import type { Context } from '../context.js';
import { git } from '../git/exec.js';
import { keptRef } from '../git/kept-store.js';
import { notesRef } from '../git/notes.js';
import { comfyPath, type Repository } from '../git/repository.js';
import { storeRef } from '../git/store.js';
import { trackedWorkflows } from '../git/tracked.js';
import { applySteps } from './apply.js';
import { planAttributesRemoval } from './attributes-file.js';
import { planCapturePackRemoval } from './capture-pack.js';
import { planCiRemoval } from './ci-file.js';
import { setUpRepository } from './comfy-folder.js';
import { planConfigRemoval } from './git-config.js';
import { planHooksRemoval } from './hooks.js';
import { planLauncherRemoval } from './launcher.js';
import { aboutsOf, joinPlans, type Plan, type Step } from './plan.js';
import { planRemoval } from './plan-removal.js';
import { planPushLineageRemoval } from './push-lineage.js';
import { planSettingsRemoval } from './settings-file.js';

export interface DeinitOptions {
  /** Lineage, store and journal too. */
  readonly purge: boolean;
  readonly dryRun: boolean;
}

export interface DeinitResult {
  readonly top: string;
  readonly steps: readonly string[];
  readonly remarks: readonly string[];
  readonly dryRun: boolean;
}

/**
 * Takes out what `init` put in; what others wrote, also into the same files, stays byte for byte. Workflow files stay as they are,
 * with the layout they have.
 * @throws GitError `no-repository`, `bare-repository`
 */
export async function deinit(
  tools: Pick<Context, 'cwd' | 'program' | 'signal'>,
  options: DeinitOptions,
): Promise<DeinitResult> {
  const repository = await setUpRepository(tools.cwd);
  const plan = await planDeinit(repository, tools.program, options.purge);
  if (!options.dryRun) await applySteps(repository, plan.steps, tools.signal);
  return {
    top: repository.top,
    steps: aboutsOf(plan.steps),
    remarks: plan.remarks,
    dryRun: options.dryRun,
  };
}

async function planDeinit(repository: Repository, program: Context['program'], purge: boolean): Promise<Plan> {
  return joinPlans(
    await planAttributesRemoval(repository),
    await planSettingsRemoval(repository),
    await planCiRemoval(repository, program),
    await planCapturePackRemoval(repository),
    await planConfigRemoval(repository),
    await planPushLineageRemoval(repository),
    await planHooksRemoval(repository, program),
    await planLauncherRemoval(repository),
    {
      steps: await planRemoval(comfyPath(repository, 'cache'), 'remove the cache'),
      remarks: await filesKept(repository),
    },
    ...(purge ? [await planPurge(repository)] : []),
  );
}

/** Without the filter git sees the layout in them as an edit, which startles who does not expect it. */
async function filesKept(repository: Repository): Promise<string[]> {
  if ((await trackedWorkflows(repository)).length === 0) return [];
  return ['workflow files keep the layout they have: git may call them modified, and git commit -a takes them in so'];
}

async function planPurge(repository: Repository): Promise<Plan> {
  const patterns = [notesRef, storeRef, keptRef, 'refs/notes/remotes/*/comfy', 'refs/comfy/remotes/*/store'];
  const listed = await git(repository.top, ['for-each-ref', '--format=%(refname)', ...patterns]);
  const refs = listed
    .toString('utf8')
    .split('\n')
    .filter((ref) => ref !== '');
  const steps: Step[] = refs.map((ref) => ({ do: 'delete-ref', ref, about: `delete ${ref}` }));
  return { steps: [...steps, ...(await planRemoval(comfyPath(repository), 'remove the journal'))], remarks: [] };
}
