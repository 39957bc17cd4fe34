import { git } from './exec.js';
import { headCommit, type Repository } from './repository.js';

/**
 * Where HEAD was at a time, by the reflog of this clone. The answer is `undefined` for a time before its first entry: nobody knows then.
 * @throws GitError `git-failed`
 */
export async function headThen(repository: Repository): Promise<(time: Date) => string | undefined> {
  if ((await headCommit(repository)) === undefined) return () => undefined;
  const text = await git(repository.top, ['log', '-g', '--date=unix', '--format=%H %gd', 'HEAD', '--']);
  // Newest first, as git lists them.
  const entries = text
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [, commit, seconds] = /^([0-9a-f]+) \S*@\{(\d+)\}$/.exec(line) ?? [];
      return commit === undefined ? [] : [{ commit, seconds: Number(seconds) }];
    });
  return (time) => entries.find(({ seconds }) => seconds * 1000 <= time.getTime())?.commit;
}
