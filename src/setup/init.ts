import type { Context } from '../context.js';
import { git, splitNul } from '../git/exec.js';
import type { Repository } from '../git/repository.js';
import { settingsPath } from '../lock/settings.js';
import { applySteps } from './apply.js';
import { planAttributes, refuseOtherFilters } from './attributes-file.js';
import { planCapturePack } from './capture-pack.js';
import { choosePatterns } from './choose-patterns.js';
import { ciPaths, planCi } from './ci-file.js';
import { findPlace, type Homeless, type Place } from './comfy-folder.js';
import { inspectWorkflows, planDressing } from './dress.js';
import { planConfig } from './git-config.js';
import { planHooks } from './hooks.js';
import type { InitResult } from './init-result.js';
import { isPassing, planLauncher } from './launcher.js';
import { firstCommit, makeNested, nestedNeeded, wouldNest } from './nested.js';
import { aboutsOf, joinPlans, nothing, type Plan } from './plan.js';
import { planPushLineage, pushesLineage } from './push-lineage.js';
import { planSettings } from './settings-file.js';

export type { InitResult } from './init-result.js';

export interface InitOptions {
  /** Further attribute patterns. */
  readonly track: readonly string[];
  /** A CI service to write a job for. */
  readonly ci?: string;
  /** A repository of its own in ComfyUI's folder of saved workflows, without asking. */
  readonly nested: boolean;
  /** The capture pack into ComfyUI's folder. */
  readonly capturePack?: boolean;
  /** Lineage goes along with every `git push`. */
  readonly pushLineage?: boolean;
  readonly dryRun: boolean;
}

type Tools = Pick<Context, 'cwd' | 'env' | 'talk' | 'program' | 'signal'>;

/**
 * Sets a repository up. Twice is once: what is as it should be is left alone.
 * @throws GitError `no-repository`, `bare-repository`, `nested-needed`; InputError `other-filter`, `settings-newer`
 */
export async function init(tools: Tools, options: InitOptions): Promise<InitResult> {
  const found = await findPlace(tools.cwd);
  const homeless = !('repository' in found);
  if (homeless && options.nested && options.dryRun) return wouldNest(found);
  const place = homeless ? await nest(found, tools, options) : found;
  const { repository } = place;
  const choice = await choosePatterns(repository, options.track);
  await refuseOtherFilters(repository, choice.patterns, options.track.length === 0 ? choice.found : []);
  const pack = options.capturePack === true ? await planCapturePack(repository, tools) : nothing;
  const plan = joinPlans(await planInit(repository, tools.program, choice.patterns, options), pack);
  if (!options.dryRun)
    for (const { about } of pack.steps.filter((step) => step.do === 'write')) tools.talk.say(`about to ${about}`);
  const applied = options.dryRun ? [] : await applySteps(repository, plan.steps, tools.signal);
  const isNew = place.nested && (homeless || options.nested) && !options.dryRun;
  const first = isNew ? await firstCommit(repository, choice.found) : [];
  return {
    top: repository.top,
    ...(place.comfyui === undefined ? {} : { comfyui: place.comfyui }),
    patterns: choice.patterns,
    workflows: choice.found,
    steps: aboutsOf(plan.steps),
    remarks: [...choice.remarks, ...plan.remarks, ...applied, ...first, ...(await committedRaw(repository))],
    next: await nextSteps(repository, tools.program),
    dryRun: options.dryRun,
  };
}

/** @throws GitError `nested-needed` where nobody agreed to it */
async function nest(homeless: Homeless, { talk }: Tools, { nested, dryRun }: InitOptions): Promise<Place> {
  const question = `make ${homeless.folder} a git repository of its own, with a first commit?`;
  const agreed = nested || (!dryRun && (await talk.confirm(question)));
  if (!agreed) throw nestedNeeded(homeless);
  return makeNested(homeless);
}

/** Everything that a set up repository has and this one lacks. Also what `doctor` looks at. */
export async function planInit(
  repository: Repository,
  program: Context['program'],
  patterns: readonly string[],
  { ci, pushLineage = false }: Pick<InitOptions, 'ci' | 'pushLineage'> = {},
): Promise<Plan> {
  const { bare } = await inspectWorkflows(repository);
  const prePush = pushLineage || (await pushesLineage(repository));
  return joinPlans(
    await planSettings(repository),
    await planLauncher(repository, program),
    await planConfig(repository),
    await planAttributes(repository, patterns),
    ...(pushLineage ? [await planPushLineage(repository)] : []),
    await planHooks(repository, program, { prePush }),
    ...(ci === undefined ? [] : [await planCi(repository, program, ci)]),
    // Last: the filter has to be there.
    planDressing(bare),
  );
}

/** Blobs from before `init` show as modified for ever, and no checkout can clean them. */
export async function committedRaw(repository: Repository): Promise<string[]> {
  const { raw } = await inspectWorkflows(repository);
  if (raw.length === 0) return [];
  const count = raw.length === 1 ? '1 workflow was' : `${raw.length} workflows were`;
  return [
    `${count} committed with the layout inside; to mend that in a commit of its own: ` +
      'git comfy refresh --renormalize',
  ];
}

async function nextSteps(repository: Repository, program: Context['program']): Promise<string[]> {
  const written = ['.gitattributes', settingsPath, ...ciPaths];
  const status = splitNul(
    await git(repository.top, ['status', '--porcelain', '--untracked-files=all', '-z', '--', ...written]),
  );
  const open = written.filter((path) => status.some((entry) => entry.slice(3) === path));
  return [
    ...(open.length === 0 ? [] : [`git add ${open.join(' ')} && git commit -m 'Keep workflows with git comfy'`]),
    // What runs from there goes away when npx clears its cache.
    ...(isPassing(program) ? ['npm install -g git-comfy && git comfy init'] : []),
  ];
}
