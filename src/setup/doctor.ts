import type { Context } from '../context.js';
import { filteredPaths } from '../git/attributes.js';
import { gitText, runGit } from '../git/exec.js';
import type { Repository } from '../git/repository.js';
import { shellWord } from '../shell-word.js';
import { applySteps } from './apply.js';
import { trackedPatterns } from './attributes-file.js';
import { checkComfyui } from './check-comfyui.js';
import { setUpRepository } from './comfy-folder.js';
import { findWorkflows } from './find-workflows.js';
import type { Finding } from './finding.js';
import { hasFilter } from './git-config.js';
import { committedRaw, planInit } from './init.js';
import { launcherCommand } from './launcher.js';
import { examplePath } from './patterns.js';
import { aboutsOf } from './plan.js';

export interface DoctorResult {
  readonly top: string;
  readonly findings: readonly Finding[];
  readonly ok: boolean;
}

/**
 * Checks every point of the setup; with `fix` mends what `init` would write.
 * @throws GitError `no-repository`, `bare-repository`
 */
export async function doctor(
  tools: Pick<Context, 'cwd' | 'env' | 'program' | 'signal'>,
  fix: boolean,
): Promise<DoctorResult> {
  const repository = await setUpRepository(tools.cwd);
  const findings = [
    await checkGit(repository),
    ...(await checkSetup(repository, tools, fix)),
    ...(await checkLauncher(repository)),
    ...(await checkTracked(repository)),
    ...(await checkComfyui(repository, tools)),
  ];
  return { top: repository.top, findings, ok: findings.every(({ state }) => state !== 'wrong') };
}

const oldestGit = [2, 30] as const;

async function checkGit(repository: Repository): Promise<Finding> {
  const text = await gitText(repository.top, ['version']);
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(text)?.slice(1) ?? []).map(Number);
  const fine = major > oldestGit[0] || (major === oldestGit[0] && minor >= oldestGit[1]);
  return fine
    ? { state: 'fine', text }
    : { state: 'wrong', text: `${text} is too old`, hint: 'install git 2.30 or newer' };
}

async function checkSetup(
  repository: Repository,
  { program, signal }: Pick<Context, 'program' | 'signal'>,
  fix: boolean,
): Promise<Finding[]> {
  const patterns = await trackedPatterns(repository);
  if (patterns.length === 0 && !(await hasFilter(repository))) {
    return [{ state: 'wrong', text: 'this repository is not set up', hint: 'git comfy init' }];
  }
  if (patterns.length === 0) {
    return [
      { state: 'wrong', text: '.gitattributes has no lines of ours: nothing is tracked', hint: 'git comfy init' },
    ];
  }
  const plan = await planInit(repository, program, patterns);
  const open = fix ? await applySteps(repository, plan.steps, signal) : [];
  const state = fix ? 'mended' : 'wrong';
  const missing = aboutsOf(plan.steps).map(
    (about): Finding =>
      fix ? { state, text: about } : { state, text: `missing: ${about}`, hint: 'git comfy doctor --fix' },
  );
  const remarks = [...plan.remarks, ...open].map((text): Finding => ({ state: 'wrong', text }));
  return missing.length + remarks.length > 0
    ? [...missing, ...remarks]
    : [{ state: 'fine', text: 'everything that init writes is there' }];
}

/** Started as git starts it: by git's own shell. */
async function checkLauncher(repository: Repository): Promise<Finding[]> {
  if (!(await hasFilter(repository))) return [];
  const alias = `alias.comfy-launcher=!${launcherCommand('--version')}`;
  const result = await runGit(repository.top, ['-c', alias, 'comfy-launcher']);
  const said = result.stdout.toString('utf8').trim();
  if (result.code === 0) return [{ state: 'fine', text: `git can start ${said}` }];
  return [{ state: 'wrong', text: `git cannot start git comfy: ${result.stderr.trim()}`, hint: 'git comfy init' }];
}

async function checkTracked(repository: Repository): Promise<Finding[]> {
  const patterns = await trackedPatterns(repository);
  if (patterns.length === 0) return [];
  const probes = patterns.map(examplePath);
  const reached = await filteredPaths(repository, probes);
  const findings: Finding[] = patterns
    .filter((_, index) => !reached.has(probes[index] ?? ''))
    .map((pattern) => ({
      state: 'wrong',
      text: `another line of .gitattributes overrides ${pattern}`,
      hint: 'git check-attr filter <file>',
    }));
  const found = await findWorkflows(repository);
  const tracked = await filteredPaths(repository, found);
  for (const path of found.filter((path) => !tracked.has(path))) {
    findings.push({
      state: 'note',
      text: `${path} is a workflow that is not tracked`,
      hint: `git comfy init --track ${shellWord(path)}`,
    });
  }
  findings.push(...(await committedRaw(repository)).map((text): Finding => ({ state: 'wrong', text })));
  return [...findings, { state: 'fine', text: `workflows: ${patterns.join(', ')} (${tracked.size} found)` }];
}
