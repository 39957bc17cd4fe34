import { ignoredPaths, indexedWorkflows, withBytes } from '../capture/lock-files.js';
import type { TrackedBytes } from '../capture/plan-lock.js';
import { ComfyError } from '../errors.js';
import { readBlob } from '../git/objects.js';
import { headCommit, type Repository } from '../git/repository.js';
import { committedEntry, stagedEntry } from '../git/stage.js';
import { stagedWorkflows } from '../git/staged.js';
import type { Lock } from '../lock/entries.js';
import { emptyLock, lockPath, readLock } from '../lock/lockfile.js';
import { needsOf } from '../lock/needs.js';
import { readSettings, settingsPath } from '../lock/settings.js';
import { settleGuesses } from '../lock/settle-guesses.js';
import { shellWord } from '../shell-word.js';
import { isNormalForm } from '../workflow/clean.js';
import { readSource } from '../workflow/read-source.js';
import { soundProblems, staleProblems } from './lock-problems.js';
import type { Problem } from './problem.js';

export interface Checked {
  readonly problems: readonly Problem[];
  /** Worth saying, and no reason to stop a commit. */
  readonly warnings: readonly Problem[];
  readonly workflows: number;
}

/**
 * For the pre-commit hook: looks at the index only (of `GIT_INDEX_FILE`, as git gives it to hooks), and there at the workflows that this
 * commit changes. What is not hashed yet is a warning (nobody waits for a hash), and so is a file that cannot be read: git stores it as it is.
 */
export async function checkIndex(repository: Repository): Promise<Checked> {
  const files = await changedWorkflows(repository);
  const checked = await checkFiles(repository, files, files.length > 0 || (await changesLock(repository)));
  const isWarning = ({ code }: Problem) => code === 'unhashed' || code === 'not-a-workflow';
  return {
    ...checked,
    problems: checked.problems.filter((problem) => !isWarning(problem)),
    warnings: checked.problems.filter(isWarning),
  };
}

async function changedWorkflows(repository: Repository): Promise<TrackedBytes[]> {
  const ignores = await ignoredPaths(repository);
  // By the attributes of the work tree, which chose the filter at `git add`: ours may not be committed yet.
  const staged = await stagedWorkflows(repository);
  return withBytes(
    repository,
    staged.filter(({ path }) => !ignores(path)),
  );
}

async function changesLock(repository: Repository): Promise<boolean> {
  const before = await committedEntry(repository, await headCommit(repository), lockPath);
  return (await stagedEntry(repository, lockPath))?.blob !== before?.blob;
}

/** For CI and `check`: every tracked workflow of the index, and a lock that is complete. Needs no model and no server. */
export async function checkRepository(repository: Repository): Promise<Checked> {
  const files = await indexedWorkflows(repository, { cached: true });
  const checked = await checkFiles(repository, files, true);
  const stale = staleProblems(
    await indexLock(repository),
    files.map(({ path }) => path),
  );
  return { ...checked, problems: [...checked.problems, ...stale] };
}

/** The lock of the index; the empty one where there is none that can be read. */
async function indexLock(repository: Repository): Promise<Lock> {
  const text = (await readBlob(repository, `:${lockPath}`))?.toString('utf8');
  const lock = attempt(() => (text === undefined ? emptyLock : readLock(text)));
  return lock instanceof ComfyError ? emptyLock : lock;
}

async function checkFiles(repository: Repository, files: readonly TrackedBytes[], withLock: boolean): Promise<Checked> {
  const problems = [...(await settingsProblems(repository)), ...files.flatMap(formProblems)];
  if (withLock) problems.push(...(await lockProblems(repository, files)));
  return { problems, warnings: [], workflows: files.length };
}

function formProblems({ path, bytes, keepsLayout }: TrackedBytes): Problem[] {
  if (isNormalForm(bytes, keepsLayout ? 'kept' : 'normal')) return [];
  const form = keepsLayout ? 'as comfy-layout=keep wants it' : 'in normal form';
  const text = `${path} is not ${form}: it was staged without the filter`;
  return [{ path, code: 'not-normal-form', text, hint: `git add --renormalize -- ${shellWord(path)}` }];
}

async function lockProblems(repository: Repository, files: readonly TrackedBytes[]): Promise<Problem[]> {
  const text = (await readBlob(repository, `:${lockPath}`))?.toString('utf8');
  const lock = attempt(() => (text === undefined ? emptyLock : readLock(text)));
  if (lock instanceof ComfyError) return [unreadable(lockPath, 'lock-unreadable', lock)];
  return [...files.flatMap((file) => coverProblems(file, lock)), ...soundProblems(lock, text)];
}

const mend = `git comfy lock && git add ${lockPath}   (git comfy commit does it by itself)`;

/** What the workflow says that it needs, and the lock does not have. */
function coverProblems({ path, bytes }: TrackedBytes, lock: Lock): Problem[] {
  const source = attempt(() => readSource(bytes));
  if (source instanceof ComfyError) {
    const text = `${path} cannot be read: ${source.message}`;
    return [{ path, code: 'not-a-workflow', text, hint: 'save it again in ComfyUI, or take it out of .gitattributes' }];
  }
  if (source === undefined) return [];
  const needs = settleGuesses(needsOf(new Map([[path, source]])), lock);
  const locked = lock.workflows.get(path);
  if (locked === undefined) return [notLocked(path, `${path} is not in ${lockPath}`)];
  const missing = [
    ...[...needs.models.keys()].filter((key) => !locked.models.includes(key) || !lock.models.has(key)),
    ...[...needs.inputs].filter((key) => !locked.inputs.includes(key) || !lock.inputs.has(key)),
    ...[...needs.classes].filter((name) => !locked.classes.includes(name)).map((name) => `node ${name}`),
  ];
  return missing.map((key) => notLocked(path, `${path} uses ${key}, which is not in ${lockPath}`));
}

const notLocked = (path: string, text: string): Problem => ({ path, code: 'not-locked', text, hint: mend });

async function settingsProblems(repository: Repository): Promise<Problem[]> {
  const bytes = await readBlob(repository, `:${settingsPath}`);
  const settings = bytes === undefined ? undefined : attempt(() => readSettings(bytes.toString('utf8')));
  return settings instanceof ComfyError ? [unreadable(settingsPath, 'settings-unreadable', settings)] : [];
}

const unreadable = (path: string, code: Problem['code'], error: ComfyError): Problem => ({
  path,
  code,
  text: error.message,
  hint: error.hint ?? 'see git comfy check -h',
});

function attempt<Result>(read: () => Result): Result | ComfyError {
  try {
    return read();
  } catch (error) {
    if (error instanceof ComfyError) return error;
    throw error;
  }
}
