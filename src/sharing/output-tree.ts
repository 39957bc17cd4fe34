import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { findByDigest, isDigits } from '../capture/find-by-digest.js';
import { findElsewhere } from '../capture/find-elsewhere.js';
import { findOutput } from '../capture/find-output.js';
import type { FoundOutput } from '../capture/found-output.js';
import { readKin } from '../capture/read-kin.js';
import type { Context } from '../context.js';
import { InputError } from '../errors.js';
import { isFile, readBounded } from '../files/read.js';
import { findRepository, openRepository, type Repository } from '../git/repository.js';
import { maxOutputBytes } from '../image/describe-output.js';
import { type Kinship, kinshipOf } from '../lineage/kinship.js';
import type { SkippedLine } from '../lineage/lineage.js';
import type { OutputEntry, RunRecord } from '../lineage/record.js';

/** An output among those that it was made from, and those that were made from it. */
export interface OutputTree extends Kinship {
  /** As the person named it. */
  readonly file: string;
  readonly sha256: string;
  /** Absent where nobody recorded it; others may have taken it in all the same. */
  readonly output?: OutputEntry;
  readonly record?: RunRecord;
  /** Top of the repository that knows it, where that is not the one at hand. */
  readonly elsewhere?: string;
  readonly skipped: readonly SkippedLine[];
}

/**
 * @param asked a file, or the first digits of the SHA-256 of a recorded one; where the repository at hand does not know it, or there is none, those that
 *   were set up on this machine are asked
 * @throws InputError `no-such-file`, `file-too-large`, `ambiguous-output`; GitError `no-repository`, `git-failed`
 */
export async function outputTree({ cwd, env }: Pick<Context, 'cwd' | 'env'>, asked: string): Promise<OutputTree> {
  const here = await findRepository(cwd);
  const { find, ...named } = await readNamedOutput(resolve(cwd, asked), asked);
  const found = here === undefined ? undefined : await find(here);
  const elsewhere = found === undefined ? await findElsewhere(here, env, find) : undefined;
  const repository = elsewhere?.repository ?? here ?? (await openRepository(cwd));
  const { output, record } = elsewhere?.found ?? found ?? {};
  // Of a file that was written anew the relatives are those of the recorded one.
  const sha256 = output?.sha256 ?? named.sha256 ?? refuseUnknown(asked);
  const { records, states, skipped } = await readKin(repository, sha256);
  return {
    ...{ file: asked, sha256 },
    ...(output === undefined || record === undefined ? {} : { output, record }),
    ...(elsewhere === undefined ? {} : { elsewhere: repository.top }),
    ...kinshipOf(sha256, records, states),
    skipped,
  };
}

/** How what was asked for is found in a repository; with the hash of a file that is at hand. */
async function readNamedOutput(
  path: string,
  asked: string,
): Promise<{ find: (repository: Repository) => Promise<FoundOutput | undefined>; sha256?: string }> {
  if (isDigits(asked) && !(await isFile(path))) return { find: (repository) => findByDigest(repository, asked) };
  const bytes = await readBounded(path, maxOutputBytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { find: (repository) => findOutput(repository, bytes), sha256 };
}

function refuseUnknown(asked: string): never {
  throw new InputError('no-such-output', `${asked} is no file, and not the hash of a recorded output`, {
    hint: 'git comfy log --outputs lists the hashes of outputs',
  });
}
