import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, parse, resolve } from 'node:path';
import { GitError, InputError, Interrupted } from '../errors.js';
import { isAlive, ownerName } from '../files/alive.js';
import { readIfThere } from '../files/read.js';
import { git, gitMaybe } from './exec.js';
import { foreignKind } from './foreign-kind.js';
import { foreignEnvironment, harmless, withoutFilters } from './harmless.js';

export interface ForeignCheckout {
  /** Of `cloneAddress`. */
  readonly url: string;
  readonly protocol: 'https' | 'http' | 'ssh';
  /** Full object id. */
  readonly commit: string;
  /** A clone that is here and may hold the commit; only its objects are read, nothing of its configuration. */
  readonly clone?: string;
  /** Where it goes; must not be there. */
  readonly to: string;
  readonly signal: AbortSignal;
}

/**
 * Checks a commit of a repository that nobody vouches for out into a folder of its own: no hook, filter, submodule or monitor of it runs.
 * The folder gets its name when everything is there.
 * @returns where it came from
 * @throws GitError `commit-not-found`, `git-failed`; InputError `folder-taken`; Interrupted
 */
export async function checkoutForeign(wanted: ForeignCheckout): Promise<'clone' | 'network'> {
  await removeLeftovers(wanted.to);
  const path = `${wanted.to}.${ownerName}.tmp`;
  try {
    const from = (await fromClone(path, wanted)) ? 'clone' : 'network';
    if (from === 'network') await fromNetwork(path, wanted);
    await giveName(path, wanted.to);
    return from;
  } catch (error) {
    throw wanted.signal.aborted ? new Interrupted() : error;
  } finally {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

type Ask = (args: readonly string[]) => Promise<Buffer>;

/** git in a repository of ours whose content is not ours. */
async function askerOf(path: string, protocol: string, signal?: AbortSignal): Promise<Ask> {
  // From the root: a program named git in the repository's own folder must not be found.
  const cwd = parse(path).root;
  const options = { env: await foreignEnvironment(cwd, protocol), ...(signal === undefined ? {} : { signal }) };
  const filters = await gitMaybe(cwd, ['config', '--null', '--name-only', '--get-regexp', '^filter\\.'], options);
  const where = [
    `--git-dir=${join(path, '.git')}`,
    `--work-tree=${path}`,
    ...harmless,
    ...withoutFilters(filters ?? ''),
  ];
  return (args) => git(cwd, [...where, ...args], options);
}

async function newRepository(path: string, { commit, protocol, signal }: ForeignCheckout): Promise<Ask> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
  await mkdir(path, { recursive: true });
  const ask = await askerOf(path, protocol, signal);
  await ask(['init', '--quiet', '--template=', `--object-format=${commit.length === 64 ? 'sha256' : 'sha1'}`]);
  return ask;
}

const checkout = (commit: string) => ['checkout', '--quiet', '--force', '--detach', commit];

/**
 * Borrows the objects of a clone. git is not started in it, since git would read its configuration, and an old git could run what
 * that says (a partial clone names the program that fetches what is missing).
 * @returns whether the clone had all of the commit: a shallow or partial one may not
 */
async function fromClone(path: string, wanted: ForeignCheckout): Promise<boolean> {
  const objects = wanted.clone === undefined ? undefined : await objectsOf(wanted.clone);
  if (objects === undefined) return false;
  const ask = await newRepository(path, wanted);
  const alternates = join(path, '.git/objects/info/alternates');
  await mkdir(dirname(alternates), { recursive: true });
  await writeFile(alternates, `${objects}\n`);
  // Without what came before it.
  await writeFile(join(path, '.git/shallow'), `${wanted.commit}\n`);
  try {
    await ask(checkout(wanted.commit));
    // Copies what was borrowed: the other clone may go away.
    await ask(['repack', '-a', '-d', '--quiet']);
  } catch (error) {
    if (error instanceof GitError) return false;
    throw error;
  }
  await rm(alternates);
  await ask(['remote', 'add', '--', 'origin', wanted.url]);
  return true;
}

async function fromNetwork(path: string, wanted: ForeignCheckout): Promise<void> {
  const ask = await newRepository(path, wanted);
  await fetchCommit(ask, path, wanted);
  await ask(checkout(wanted.commit));
  await ask(['remote', 'add', '--', 'origin', wanted.url]);
}

async function objectsOf(clone: string): Promise<string | undefined> {
  const { gitDir, refused } = (await foreignKind(clone)) ?? {};
  if (gitDir === undefined || refused !== undefined) return undefined;
  const common = (await readIfThere(join(gitDir, 'commondir')))?.toString('utf8').trim();
  const objects = join(common === undefined ? gitDir : resolve(gitDir, common), 'objects');
  const there = (await stat(objects).catch(() => undefined))?.isDirectory() === true;
  return there && !/[\n"]/.test(objects) ? objects : undefined;
}

async function fetchCommit(ask: Ask, path: string, { url, commit }: ForeignCheckout): Promise<void> {
  const fetch = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules'];
  try {
    await ask([...fetch, '--depth=1', '--', url, commit]);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    // Some servers hand out what a branch leads to, and no commit by its id.
    await ask([...fetch, '--', url, '+refs/heads/*:refs/remotes/origin/*']).catch(() => {
      throw error;
    });
  }
  const found = await ask(['rev-parse', '--verify', '--quiet', `${commit}^{commit}`]).catch(() => undefined);
  if (found?.toString('latin1').trim() === commit) return;
  throw new GitError('commit-not-found', `${url} has no commit ${commit.slice(0, 12)} (any more)`, {
    hint: `${basename(path)}: a branch may have been rewritten; the author may still have it`,
  });
}

async function giveName(path: string, to: string): Promise<void> {
  try {
    await rename(path, to);
  } catch (error) {
    if (!['EEXIST', 'ENOTEMPTY', 'ENOTDIR', 'EPERM'].includes(String((error as NodeJS.ErrnoException).code)))
      throw error;
    throw new InputError('folder-taken', `${to} is there already, and stays as it is`, { hint: 'move it away' });
  }
}

/** Of programs that were killed. */
async function removeLeftovers(to: string): Promise<void> {
  const names = await readdir(dirname(to)).catch(() => [] as string[]);
  for (const name of names) {
    const owner = name.startsWith(`${basename(to)}.`) ? /\.([0-9a-f]{8}-\d+)\.tmp$/.exec(name)?.[1] : undefined;
    if (owner === undefined || isAlive(owner)) continue;
    await rm(join(dirname(to), name), { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The commit that a folder of ours is at; `undefined` where it is none, or was edited since. */
export async function checkedOutCommit(path: string): Promise<string | undefined> {
  if ((await foreignKind(path)) === undefined) return undefined;
  const ask = await askerOf(path, 'none');
  const edits = await ask(['status', '--porcelain', '--ignore-submodules=all']);
  if (edits.length > 0) return undefined;
  return (await ask(['rev-parse', '--verify', 'HEAD'])).toString('latin1').trim();
}
