import type { Context } from '../context.js';
import { GitError } from '../errors.js';
import { git, splitNul } from '../git/exec.js';
import type { Repository } from '../git/repository.js';
import { settingsPath } from '../lock/settings.js';
import { applySteps } from './apply.js';
import { planAttributes, refuseOtherFilters } from './attributes-file.js';
import { planCapturePack } from './capture-pack.js';
import { type Choice, choosePatterns } from './choose-patterns.js';
import { ciPaths, planCi } from './ci-file.js';
import { findPlace } from './comfy-folder.js';
import { inspectWorkflows, planDressing } from './dress.js';
import { planConfig } from './git-config.js';
import { planHooks } from './hooks.js';
import { isPassing, planLauncher } from './launcher.js';
import { aboutsOf, joinPlans, nothing, type Plan } from './plan.js';
import { planPushLineage, pushesLineage } from './push-lineage.js';
import { planSettings } from './settings-file.js';

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

export interface InitResult {
  readonly top: string;
  readonly comfyui?: string;
  readonly patterns: readonly string[];
  /** Workflow files that were found. */
  readonly workflows: readonly string[];
  /** What was done, or would be; empty where all was as it should be. */
  readonly steps: readonly string[];
  readonly remarks: readonly string[];
  /** Commands that the person should type. */
  readonly next: readonly string[];
  readonly dryRun: boolean;
}

type Tools = Pick<Context, 'cwd' | 'env' | 'talk' | 'program' | 'signal'>;

/**
 * Sets a repository up. Twice is once: what is as it should be is left alone.
 * @throws GitError `no-repository`, `bare-repository`, `nested-needed`; InputError `other-filter`, `settings-newer`
 */
export async function init(tools: Tools, options: InitOptions): Promise<InitResult> {
  const ask = (folder: string) =>
    tools.talk.confirm(`make ${folder} a git repository of its own, with a first commit?`);
  const place = await findPlace(tools.cwd, options.nested, ask);
  const { repository } = place;
  const choice = await choosePatterns(repository, options.track);
  await refuseOtherFilters(repository, choice.patterns, options.track.length === 0 ? choice.found : []);
  const pack = options.capturePack === true ? await planCapturePack(repository, tools) : nothing;
  const plan = joinPlans(await planInit(repository, tools.program, choice.patterns, options), pack);
  if (!options.dryRun)
    for (const { about } of pack.steps.filter((step) => step.do === 'write')) tools.talk.say(`about to ${about}`);
  const applied = options.dryRun ? [] : await applySteps(repository, plan.steps, tools.signal);
  const first = place.made && !options.dryRun ? await firstCommit(repository, choice) : [];
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

/** Of a repository that was made just now: what was set up, and the workflows that were there. */
async function firstCommit(repository: Repository, { found }: Choice): Promise<string[]> {
  const paths = ['.gitattributes', settingsPath, ...found];
  await git(repository.top, ['add', '--pathspec-from-file=-', '--pathspec-file-nul'], { input: paths.join('\0') });
  try {
    await git(repository.top, ['commit', '--quiet', '--no-verify', '-m', 'Keep workflows with git comfy']);
    return ['made the first commit'];
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return [
      `all is staged, but git could not commit (${error.message}): git commit -m 'Keep workflows with git comfy'`,
    ];
  }
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
