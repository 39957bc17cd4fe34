import { ignoredPaths, indexedWorkflows, withBytes } from '../capture/lock-files.js';
import type { TrackedBytes } from '../capture/plan-lock.js';
import { ignoreRules } from '../files/ignore.js';
import { headCommit, type Repository } from '../git/repository.js';
import { committedEntry, stagedEntry } from '../git/stage.js';
import { stagedWorkflows } from '../git/staged.js';
import { type CheckSettings, levelOf } from '../lock/lint/check-settings.js';
import type { Finding } from '../lock/lint/finding.js';
import { lint } from '../lock/lint/lint.js';
import type { Level } from '../lock/lint/rules.js';
import { lockPath } from '../lock/lockfile.js';
import { formFindings, type ReadFile, readFiles } from './check-files.js';
import { coverFindings, type IndexLock, indexLock } from './check-lock.js';
import { indexSettings } from './check-settings.js';
import { soundProblems, staleProblems } from './lock-problems.js';
import type { Problem } from './problem.js';

export interface Checked {
  readonly problems: readonly Problem[];
  /** Worth saying, and no reason to stop a commit. */
  readonly warnings: readonly Problem[];
  readonly notes: readonly Problem[];
  readonly workflows: number;
  /** Tracked workflows that the settings leave out. */
  readonly ignored: number;
}

/**
 * For the pre-commit hook: looks at the index only (of `GIT_INDEX_FILE`, as git gives it to hooks), and there at the workflows that this
 * commit changes. What is not hashed yet is a warning (nobody waits for a hash), and so is a file that cannot be read: git stores it as it
 * is. Of the lint only a credential is told: what it takes to run a workflow elsewhere can be mended in a later commit.
 */
export async function checkIndex(repository: Repository): Promise<Checked> {
  const { settings, findings } = await indexSettings(repository);
  const files = readFiles(kept(settings, await changedWorkflows(repository)));
  const locked = files.length > 0 || (await changesLock(repository)) ? await indexLock(repository) : undefined;
  const secrets = lint(linted(files), undefined).filter(({ code }) => code === 'secret-in-workflow');
  const found = [...findings, ...baseFindings(files, locked), ...secrets];
  const unsure = new Set(['unhashed', 'not-a-workflow']);
  return sorted(
    settings,
    found.map((one) => (unsure.has(one.code) ? { ...one, unsure: true } : one)),
    { workflows: files.length, ignored: 0 },
  );
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

/** For CI and `check`: every tracked workflow of the index, a lock that is complete, and the lint. Needs no model and no server. */
export async function checkRepository(repository: Repository): Promise<Checked> {
  const { settings, findings } = await indexSettings(repository);
  const tracked = await indexedWorkflows(repository, { cached: true });
  const files = readFiles(kept(settings, tracked));
  const locked = await indexLock(repository);
  const paths = tracked.map(({ path }) => path);
  const found = [
    ...findings,
    ...baseFindings(files, locked),
    ...(locked.lock === undefined ? [] : staleProblems(locked.lock, locked.text, paths)),
    ...lint(linted(files), lintedLock(files, locked)),
  ];
  return sorted(settings, found, { workflows: files.length, ignored: tracked.length - files.length });
}

const baseFindings = (files: readonly ReadFile[], locked: IndexLock | undefined): Finding[] => [
  ...files.flatMap(formFindings),
  ...(locked?.findings ?? []),
  ...(locked?.lock === undefined ? [] : lockFindings(files, locked.lock, locked.text)),
];

const lockFindings = (files: readonly ReadFile[], lock: NonNullable<IndexLock['lock']>, text: string | undefined) => [
  ...files.flatMap((file) => coverFindings(file, lock)),
  ...soundProblems(lock, text),
];

const lintedLock = (files: readonly ReadFile[], { lock, text }: IndexLock) =>
  lock === undefined ? undefined : { lock, text: text ?? '', paths: files.map(({ path }) => path) };

const linted = (files: readonly ReadFile[]) =>
  files.flatMap(({ path, source, bytes }) =>
    source === undefined ? [] : [{ path, source, text: Buffer.from(bytes).toString('utf8') }],
  );

/** Without the files that the settings leave out. */
function kept({ ignore }: CheckSettings, files: readonly TrackedBytes[]): TrackedBytes[] {
  const ignores = ignoreRules(ignore.length === 0 ? undefined : ignore.join('\n'));
  return files.filter(({ path }) => !ignores(path));
}

function sorted(
  settings: CheckSettings,
  findings: readonly Finding[],
  counts: Pick<Checked, 'workflows' | 'ignored'>,
): Checked {
  const found = findings.map((finding) => ({ ...finding, level: levelOf(settings, finding) }));
  const of = (wanted: Level) => found.filter((one): one is Problem => one.level === wanted);
  return { problems: of('error'), warnings: of('warning'), notes: of('note'), ...counts };
}
