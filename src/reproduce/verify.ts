import { resolve } from 'node:path';
import { findOutput, refuseDamaged } from '../capture/find-output.js';
import { lockAt, workTreeLock } from '../capture/lock-files.js';
import { readRunDocuments } from '../capture/read-documents.js';
import { environmentOf } from '../comfyui/environment.js';
import { systemStats } from '../comfyui/requests.js';
import { InputError } from '../errors.js';
import { readBounded } from '../files/read.js';
import type { Repository } from '../git/repository.js';
import { commitOf } from '../git/revision.js';
import { maxOutputBytes } from '../image/describe-output.js';
import { environmentDrift } from '../lineage/environment-drift.js';
import type { RunRecord } from '../lineage/record.js';
import type { State } from '../lineage/state.js';
import { type Difference, difference, expectedGrade } from '../lock/drift.js';
import { type ExpectedGrade, isUnchecked } from '../lock/drift-rules.js';
import type { Lock } from '../lock/entries.js';
import { lockPath } from '../lock/lockfile.js';
import { shellWord } from '../shell-word.js';
import { verifyDependencies } from './verify-dependencies.js';
import type { Verifying } from './verifying.js';

export interface Verification {
  /** What was verified, in words. */
  readonly subject: string;
  readonly grade: ExpectedGrade;
  readonly differences: readonly Difference[];
  /** By key as expected: the name in the same folder under which that content is now. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Nothing that was looked at differs. */
  readonly same: boolean;
}

/**
 * Compares with this machine and server: the work tree's lock, the lock of a commit, or what the run that made an output saw.
 * @param asked a commit, or a file relative to `cwd`; the work tree's lock without it
 * @throws InputError `no-lock`, `no-record`, `no-such-target`, `no-comfyui`; GitError `no-commit`
 */
export async function verify(
  repository: Repository,
  asked: string | undefined,
  verifying: Verifying & { readonly cwd: string },
): Promise<Verification> {
  if (asked === undefined) {
    const { lock, text } = await workTreeLock(repository);
    return verifyLock(text === undefined ? undefined : lock, lockPath, verifying);
  }
  const bytes = await readFileIfAny(resolve(verifying.cwd, asked));
  if (bytes !== undefined) return verifyOutput(repository, asked, bytes, verifying);
  const commit = await commitOf(repository, asked);
  if (commit === undefined) {
    throw new InputError('no-such-target', `${asked} is neither a file nor a commit`, {
      hint: 'git comfy log lists the commits and the outputs that each made',
    });
  }
  return verifyLock(await lockAt(repository, commit), `${lockPath} of ${asked}`, verifying);
}

/** Asked last: what was named wrongly is to be said on any machine. */
function needComfyui({ around }: Verifying): void {
  if (around.installation !== undefined || around.server !== undefined) return;
  throw new InputError('no-comfyui', 'there is no ComfyUI here to compare with: no folder, and no server answers', {
    hint: 'git config comfy.directory <folder>, or start ComfyUI',
  });
}

async function verifyLock(lock: Lock | undefined, subject: string, verifying: Verifying): Promise<Verification> {
  if (lock === undefined) {
    throw new InputError('no-lock', `there is no ${subject}`, { hint: 'write one: git comfy lock' });
  }
  needComfyui(verifying);
  const { differences, renamed } = await verifyDependencies(lock, "the lock's", verifying);
  return verification(subject, differences, renamed);
}

async function verifyOutput(
  repository: Repository,
  name: string,
  bytes: Uint8Array,
  verifying: Verifying,
): Promise<Verification> {
  const found = await findOutput(repository, bytes);
  if (found === undefined) {
    refuseDamaged(name, bytes);
    throw new InputError('no-record', `there is no record of ${name}`, {
      hint: `what is embedded in it: git comfy show ${shellWord(name)}`,
    });
  }
  needComfyui(verifying);
  const { state } = await readRunDocuments(repository, found.record);
  return verifyState(found.record, state, `the record of ${name}`, verifying);
}

/** Compares what a run saw with what is here now, the environment included. */
export async function verifyState(
  record: RunRecord,
  state: State | undefined,
  subject: string,
  verifying: Verifying,
): Promise<Verification> {
  if (state === undefined) {
    const text = `models, packs and environment were not captured: ${whyNothing(record)}`;
    return verification(subject, [difference('nothing-captured', 'state', text)], new Map());
  }
  const { differences, renamed } = await verifyDependencies(state, "the record's", verifying);
  const { server } = verifying.around;
  const now = server === undefined ? undefined : environmentOf(await systemStats(server, { signal: verifying.signal }));
  return verification(subject, [...differences, ...environmentDrift(state.environment, now)], renamed);
}

const whyNothing = ({ captured, state }: RunRecord) =>
  captured === 'embedded' && state === undefined
    ? 'the output was taken in later, from what is embedded in it'
    : 'they are not in this clone (git comfy sync fetches them)';

const verification = (
  subject: string,
  differences: readonly Difference[],
  renamed: ReadonlyMap<string, string>,
): Verification => ({
  subject,
  grade: expectedGrade(differences),
  differences,
  renamed,
  same: differences.every(({ code }) => isUnchecked(code)),
});

async function readFileIfAny(path: string): Promise<Buffer | undefined> {
  try {
    return await readBounded(path, maxOutputBytes);
  } catch (error) {
    if (error instanceof InputError && ['no-such-file', 'not-a-file'].includes(error.code)) return undefined;
    throw error;
  }
}
