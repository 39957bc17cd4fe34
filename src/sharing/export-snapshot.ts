import { InputError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import { writeManagerSnapshot } from '../lock/manager-snapshot.js';
import { snapshotOfPacks } from '../lock/snapshot-packs.js';
import { findTarget } from '../reproduce/target.js';
import type { Exported } from './exported.js';

/**
 * A snapshot for ComfyUI-Manager of the packs that a lock, a commit or a recorded run says.
 * @throws what `findTarget` throws; InputError `nothing-captured`
 */
export async function exportSnapshot(
  repository: Repository,
  asked: string | undefined,
  { cwd }: { readonly cwd: string },
): Promise<Exported> {
  const target = await findTarget(repository, asked, cwd);
  const dependencies = target.kind === 'lock' ? target.lock : target.state;
  if (dependencies === undefined) {
    throw new InputError('nothing-captured', `${target.subject} does not say which packs there were`, {
      hint: 'the lock of its commit may: git comfy export <commit> --format manager',
    });
  }
  const { snapshot, leftOut } = snapshotOfPacks(dependencies);
  return {
    data: writeManagerSnapshot(snapshot),
    leftOut: leftOut.map(({ pack, why }) => ({ what: `pack ${pack}`, why })),
  };
}
