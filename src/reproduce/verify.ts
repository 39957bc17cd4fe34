import { InputError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import type { RunRecord } from '../lineage/record.js';
import { type Difference, difference, expectedGrade } from '../lock/drift.js';
import { type ExpectedGrade, isUnchecked } from '../lock/drift-rules.js';
import type { Lock } from '../lock/entries.js';
import { findTarget, type OutputTarget } from './target.js';
import { verifyDependencies } from './verify-dependencies.js';
import type { Verifying } from './verifying.js';

export interface Verification {
  /** What was verified, in words. */
  readonly subject: string;
  /** The lockfile that was verified, where it was one. */
  readonly file?: string;
  readonly grade: ExpectedGrade;
  readonly differences: readonly Difference[];
  /** By key as expected: the name in the same folder under which that content is now. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Nothing that was looked at differs. */
  readonly same: boolean;
}

/**
 * Compares with this machine and server: the work tree's lock, the lock of a commit, a lockfile, or what the run that made an output saw.
 * @param asked a commit, or a file relative to `cwd`; the work tree's lock without it
 * @throws InputError `no-lock`, `no-record`, `no-such-target`, `no-comfyui`; GitError `no-commit`
 */
export async function verify(
  repository: Repository,
  asked: string | undefined,
  verifying: Verifying & { readonly cwd: string },
): Promise<Verification> {
  const target = await findTarget(repository, asked, verifying.cwd);
  needComfyui(verifying);
  if (target.kind === 'output') return verifyOutput(target, verifying);
  const found = await verifyLock(target.lock, target.subject, verifying);
  return target.file === undefined ? found : { ...found, file: target.file };
}

/** Asked last: what was named wrongly is to be said on any machine. */
function needComfyui({ around }: Verifying): void {
  if (around.installation !== undefined || around.server !== undefined) return;
  throw new InputError('no-comfyui', 'there is no ComfyUI here to compare with: no folder, and no server answers', {
    hint: 'git config comfy.directory <folder>, or start ComfyUI',
  });
}

async function verifyLock(lock: Lock, subject: string, verifying: Verifying): Promise<Verification> {
  const { differences, renamed } = await verifyDependencies(lock, "the lock's", verifying);
  return verification(subject, differences, renamed);
}

/** Compares what a run saw with what is here now, the environment included. */
export async function verifyOutput(
  { record, state, subject }: Omit<OutputTarget, 'kind'>,
  verifying: Verifying,
): Promise<Verification> {
  if (state === undefined) {
    const text = `models, packs and environment were not captured: ${whyNothing(record)}`;
    return verification(subject, [difference('nothing-captured', 'state', text)], new Map());
  }
  const { differences, renamed } = await verifyDependencies(state, "the record's", verifying);
  const { server } = verifying.around;
  const { serverEnvironment } = await import('../comfyui/server-environment.js');
  const { environmentDrift } = await import('../lineage/environment-drift.js');
  const now =
    server === undefined
      ? undefined
      : await serverEnvironment(server, { ...verifying.around, signal: verifying.signal });
  return verification(subject, [...differences, ...environmentDrift(state.environment, now)], renamed);
}

const whyNothing = ({ captured }: RunRecord) =>
  captured === 'embedded'
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
