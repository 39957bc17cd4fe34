import { resolve } from 'node:path';
import { findByDigest } from '../capture/find-output.js';
import type { Context } from '../context.js';
import { InputError } from '../errors.js';
import { isFile } from '../files/read.js';
import { commitNamed } from '../git/commit-facts.js';
import { findRepository, type Repository } from '../git/repository.js';
import type { SkippedLine } from '../lineage/lineage.js';
import type { ShownMadeAt, ShownOutput } from '../lineage/shown.js';
import { madeAt } from './made-at.js';
import { showFound, showOutput } from './show-output.js';
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
    return showOutput(around, { path, file: subject, env }, looking);
  }
  const commit = repository === undefined ? undefined : await commitNamed(repository, subject);
  if (repository !== undefined && commit !== undefined)
    return { kind: 'commit', ...(await madeAt(repository, commit)) };
  const found = repository !== undefined && isDigits(subject) ? await findByDigest(repository, subject) : undefined;
  if (repository !== undefined && found !== undefined) {
    return showFound(repository, found, found.output?.name ?? subject, looking);
  }
  throw noSuch(subject, repository);
}

/** The beginning of a SHA-256; fewer digits would fit by chance. */
const isDigits = (subject: string) => /^[0-9a-f]{6,64}$/i.test(subject);

function noSuch(subject: string, repository: Repository | undefined): InputError {
  const what =
    repository === undefined
      ? `there is no file ${subject}`
      : `${subject} is neither a file nor a commit, nor the hash of an output`;
  return new InputError('no-such-output', what, { hint: 'git comfy log lists commits and what was made at them' });
}
