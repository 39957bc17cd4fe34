import { resolve } from 'node:path';
import { findByDigest, isDigits } from '../capture/find-by-digest.js';
import { findElsewhere } from '../capture/find-elsewhere.js';
import type { Context } from '../context.js';
import { InputError } from '../errors.js';
import { isFile } from '../files/read.js';
import { commitNamed } from '../git/commit-facts.js';
import { findRepository, type Repository } from '../git/repository.js';
import type { SkippedLine } from '../lineage/lineage.js';
import type { ShownMadeAt, ShownOutput } from '../lineage/shown.js';
import { showElsewhere, showFound } from './show-found.js';
import type { Looking } from './what-changed.js';

export type Shown = ShownOutput | ({ readonly kind: 'commit'; readonly skipped: readonly SkippedLine[] } & ShownMadeAt);

/**
 * How an output was made, or what was made at a commit. A file comes first; it may lie anywhere: where the repository at hand does not know it, or there
 * is none, those that were set up on this machine are asked. Then a commit, then the first digits of the SHA-256 of a recorded file.
 * @param looking compares what a record captured with today's machine too
 * @throws InputError `no-such-output` where it is neither; `nothing-known` for a file that says nothing and that nobody recorded;
 *   GitError
 */
export async function show(
  { cwd, env }: Pick<Context, 'cwd' | 'env'>,
  subject: string,
  looking?: Looking,
): Promise<Shown> {
  const path = resolve(cwd, subject);
  const repository = await findRepository(cwd);
  // Inside a bare repository HEAD is a file too.
  const named = repository?.bare === true ? await commitNamed(repository, subject) : undefined;
  if (named === undefined && (await isFile(path))) {
    const around = repository ?? (await findRepository(resolve(path, '..')));
    // A file has to be taken apart: by its digits an output is found without all of that.
    const { showOutput } = await import('./show-output.js');
    return showOutput(around, { path, file: subject, env }, looking);
  }
  const commit = repository === undefined ? undefined : await commitNamed(repository, subject);
  if (repository !== undefined && commit !== undefined) {
    const { madeAt } = await import('./made-at.js');
    return { kind: 'commit', ...(await madeAt(repository, commit)) };
  }
  const found = isDigits(subject) ? await showByDigits(repository, subject, env, looking) : undefined;
  if (found === undefined) throw noSuch(subject, repository);
  return found;
}

async function showByDigits(
  repository: Repository | undefined,
  digits: string,
  env: Context['env'],
  looking: Looking | undefined,
): Promise<ShownOutput | undefined> {
  const found = repository === undefined ? undefined : await findByDigest(repository, digits);
  if (repository !== undefined && found !== undefined) {
    return showFound(repository, found, found.output?.name ?? digits, looking);
  }
  const elsewhere = await findElsewhere(repository, env, (one) => findByDigest(one, digits));
  return elsewhere && showElsewhere(elsewhere, elsewhere.found.output?.name ?? digits, looking);
}

function noSuch(subject: string, repository: Repository | undefined): InputError {
  if (repository === undefined) {
    return new InputError('no-such-output', `there is no file ${subject}`, {
      hint: 'look at the spelling; commits are known in their repository only',
    });
  }
  return new InputError('no-such-output', `${subject} is neither a file nor a commit, nor the hash of an output`, {
    hint: 'git comfy log lists commits and what was made at them',
  });
}
