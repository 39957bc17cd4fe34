import { gitMaybe } from './exec.js';
import { headCommit, type Repository } from './repository.js';

/** The commit that HEAD was at, by its reflog; the one it is at now where the log does not tell. */
export async function headAt(repository: Repository, time: Date): Promise<string | undefined> {
  const name = `HEAD@{${time.toISOString()}}`;
  const commit = await gitMaybe(repository.top, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${name}^{commit}`,
  ]);
  return commit === undefined || commit === '' ? headCommit(repository) : commit;
}
