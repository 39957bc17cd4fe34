import { resolve } from 'node:path';
import { findByDigest, isDigits } from '../capture/find-by-digest.js';
import { findOutput, refuseDamaged } from '../capture/find-output.js';
import type { FoundOutput } from '../capture/found-output.js';
import { lineageAbout } from '../capture/lineage-about.js';
import { InputError } from '../errors.js';
import { isFile, readBounded } from '../files/read.js';
import { addLineage } from '../git/lineage-lines.js';
import type { NoteLine } from '../git/notes.js';
import type { Repository } from '../git/repository.js';
import type { LabelLine } from '../lineage/labels.js';
import type { Run } from '../lineage/query.js';
import { recordId, writeRecord } from '../lineage/record-line.js';
import { shellWord } from '../shell-word.js';

export interface Labelled {
  /** A file or the first digits of its hash, as the person named it. */
  readonly output: string;
  /** Id of the record that the label is on. */
  readonly of: string;
  /** It was that way already. */
  readonly unchanged: boolean;
}

/** Larger files are no outputs. */
const mostBytes = 4 * 1024 ** 3;

/** Changes the label of outputs; all of them are found before anything is written. */
export type ChangeLabel = (
  repository: Repository,
  cwd: string,
  name: string,
  outputs: readonly string[],
  now: () => Date,
) => Promise<Labelled[]>;

/**
 * Gives outputs a label: a line on the commit of each one's run.
 * @throws InputError `bad-label`, `no-such-output`, `no-record`, `no-commit-yet`; GitError `git-failed`
 */
export const label: ChangeLabel = (repository, cwd, name, outputs, now) =>
  change(repository, cwd, name, outputs, (on, of) =>
    on.length > 0 ? [] : [writeRecord({ label: 1, name, of, time: now().toISOString() })],
  );

/**
 * Takes a label back: the line stays, since the next union would bring it again, and another line says that it no longer holds.
 * @throws as `label`
 */
export const unlabel: ChangeLabel = (repository, cwd, name, outputs, now) =>
  change(repository, cwd, name, outputs, (on) =>
    on.map(({ text }) => writeRecord({ tombstone: 1, of: recordId(text), time: now().toISOString() })),
  );

/** @param linesFor what is to be written for a run, from the labels of that name that it has and the id of its record */
async function change(
  repository: Repository,
  cwd: string,
  name: string,
  outputs: readonly string[],
  linesFor: (on: readonly LabelLine[], of: string) => readonly string[],
): Promise<Labelled[]> {
  refuseBadName(name);
  const runs = await findRuns(repository, cwd, outputs);
  const { labels } = await lineageAbout(repository, { records: runs.map(({ run }) => recordId(run.best.text)) });
  const lines: NoteLine[] = [];
  const seen = new Set<string>();
  const done = runs.map(({ output, run, commit }) => {
    const of = recordId(run.best.text);
    // Several files may be of one run.
    const added = seen.has(of) ? [] : linesFor(labelsOn(labels, run, name), of);
    seen.add(of);
    lines.push(...added.map((line) => ({ commit, line })));
    return { output, of, unchanged: added.length === 0 };
  });
  await addLineage(repository, lines);
  return done;
}

function labelsOn(labels: readonly LabelLine[], { best, others }: Run, name: string): LabelLine[] {
  const named = labels.filter(({ label: one }) => one.name === name);
  if (named.length === 0) return [];
  const ids = new Set([best, ...others].map(({ text }) => recordId(text)));
  return named.filter(({ label: one }) => ids.has(one.of));
}

interface FoundRun {
  readonly output: string;
  readonly run: Run;
  readonly commit: string;
}

async function findRuns(repository: Repository, cwd: string, outputs: readonly string[]): Promise<FoundRun[]> {
  const found: FoundRun[] = [];
  for (const output of outputs) found.push(await findRun(repository, cwd, output));
  return found;
}

async function findRun(repository: Repository, cwd: string, output: string): Promise<FoundRun> {
  const match = await findNamed(repository, resolve(cwd, output), output);
  const { commit } = match.run.best.record;
  if (commit === undefined) {
    throw new InputError('no-commit-yet', `the run that made ${output} waits for the first commit`, {
      hint: 'git comfy commit, and label it then',
    });
  }
  return { output, run: match.run, commit };
}

async function findNamed(repository: Repository, path: string, output: string): Promise<FoundOutput> {
  const byDigits = isDigits(output) && !(await isFile(path)) ? await findByDigest(repository, output) : undefined;
  if (byDigits !== undefined) return byDigits;
  const bytes = await readBounded(path, mostBytes);
  const match = await findOutput(repository, bytes);
  if (match !== undefined) return match;
  refuseDamaged(output, bytes);
  throw new InputError('no-record', `no record of ${output} is known`, {
    hint: `git comfy record ${shellWord(output)}`,
  });
}

function refuseBadName(name: string): void {
  if (/^[^\s,:*?\p{Cc}]{1,100}$/u.test(name)) return;
  throw new InputError('bad-label', `"${name}" is no name for a label`, {
    hint: 'at most 100 letters, digits and signs, without blanks, commas, colons, * and ?: client-x',
  });
}
