import { parse } from 'node:path';
import type { Suspect } from './dirty-digest.js';
import { git, gitMaybe } from './exec.js';
import { foreignEnvironment, harmless, withoutFilters } from './harmless.js';

/** HEAD, origin and what is not as in HEAD, of a repository that is not ours. */
export interface ForeignFacts {
  /** Absent before the first commit. */
  readonly commit?: string;
  readonly branch?: string;
  /** As configured, credentials and all. */
  readonly remote?: string;
  readonly suspects: readonly Suspect[];
}

/**
 * Asks git itself about a repository that nobody vouches for, so that nothing in it can run: no hook, no file system monitor, no
 * filter, no fetch of a missing object, no submodule; and nothing of our own repository (GIT_DIR in a hook) leaks in.
 * @throws GitError `git-missing`, `git-failed`
 */
export async function readNatively(path: string, gitDir: string): Promise<ForeignFacts> {
  // From the root: a program named git in the repository's own folder must not be found.
  const cwd = parse(path).root;
  const env = await foreignEnvironment(cwd);
  const where = [`--git-dir=${gitDir}`, `--work-tree=${path}`, ...harmless];
  const ask = (args: readonly string[]) => gitMaybe(cwd, [...where, ...args], { env });
  const commit = await ask(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  const branch = await ask(['symbolic-ref', '--quiet', '--short', 'HEAD']);
  const remote = await remoteOf(ask, branch);
  const status = ['status', '--porcelain=v2', '-z', '--untracked-files=all', '--ignore-submodules=all', '--no-renames'];
  const filters = await ask(['config', '--null', '--name-only', '--get-regexp', '^filter\\.']);
  const output = await git(cwd, [...where, ...withoutFilters(filters ?? ''), ...status], { env });
  return {
    ...(commit === undefined ? {} : { commit }),
    ...(branch === undefined ? {} : { branch }),
    ...(remote === undefined ? {} : { remote }),
    suspects: suspectsOf(output),
  };
}

async function remoteOf(
  ask: (args: readonly string[]) => Promise<string | undefined>,
  branch: string | undefined,
): Promise<string | undefined> {
  const tracked = branch === undefined ? undefined : await ask(['config', '--get', `branch.${branch}.remote`]);
  const [name] = [tracked, 'origin'].filter((found) => found !== undefined && found !== '.');
  return ask(['config', '--get', `remote.${name}.url`]);
}

/** `1 XY sub mH mI mW hH hI <path>`, `u XY sub m1 m2 m3 mW h1 h2 h3 <path>` and `? <path>`, each ended by NUL. */
function suspectsOf(output: Buffer): Suspect[] {
  const suspects = new Map<string, Suspect>();
  for (const entry of output.toString('latin1').split('\0')) {
    const fields = entry.split(' ');
    const found = readEntry(fields);
    if (found === undefined || found.path.endsWith('/')) continue;
    // A file that was unstaged and lies there still comes twice; the entry that knows HEAD comes first.
    if (suspects.has(found.path)) continue;
    const path = Buffer.from(found.path, 'latin1');
    suspects.set(found.path, found.head === undefined ? { path } : { path, head: found.head });
  }
  return [...suspects.values()];
}

function readEntry(fields: string[]): { path: string; head?: { mode: string; id: string } } | undefined {
  if (fields[0] === '?') return { path: fields.slice(1).join(' ') };
  if (fields[0] === 'u') return { path: fields.slice(10).join(' ') };
  if (fields[0] !== '1') return undefined;
  const [, , , mode = '', , , id = ''] = fields;
  const path = fields.slice(8).join(' ');
  // Six zeros: HEAD has no such file.
  return /^0+$/.test(mode) ? { path } : { path, head: { mode, id } };
}
