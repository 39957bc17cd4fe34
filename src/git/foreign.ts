import { promises as files } from 'node:fs';
import type { WalkerEntry } from 'isomorphic-git';
import { InputError } from '../errors.js';
import type { Digest } from '../lock/entries.js';
import { dirtyDigest, isLitter, type Suspect, tooLarge } from './dirty-digest.js';
import { foreignKind } from './foreign-kind.js';
import { type ForeignFacts, readNatively } from './foreign-native.js';
import { publicRemote } from './remote-url.js';

/** What is known of a repository that is not the user's own: a pack, or ComfyUI. */
export interface ForeignRepository {
  /** Absent before the first commit. */
  readonly commit?: string;
  /** Without credentials; absent where it is a path of this machine. */
  readonly remote?: string;
  readonly branch?: string;
  /** Edited locally, see `dirtyDigest`. */
  readonly dirty?: Digest;
  /** Why something is missing here, as an end of the sentence "not captured: ...". */
  readonly notCaptured?: string;
}

/**
 * Reads a repository whose top is `path` without running anything of it. Plain clones are read in process and need no git; where
 * that would be wrong (linked work trees, split index, sha256 ...) git is asked with everything switched off that could run.
 * Never throws for what the repository is: the reason is in `notCaptured`.
 */
export async function readForeignRepository(path: string): Promise<ForeignRepository> {
  const kind = await foreignKind(path);
  if (kind === undefined) return { notCaptured: 'no git repository' };
  if (kind.refused !== undefined) return { notCaptured: kind.refused };
  try {
    if (kind.special === undefined) return await describe(path, await readInProcess(path, kind.gitDir));
  } catch {
    // Something that the library does not know; git does.
  }
  try {
    return await describe(path, await readNatively(path, kind.gitDir));
  } catch (error) {
    const what = kind.special ?? 'a repository that could not be read in process';
    return { notCaptured: `${what}, and git could not read it (${(error as Error).message})` };
  }
}

async function describe(path: string, facts: ForeignFacts): Promise<ForeignRepository> {
  const dirty = facts.commit === undefined ? undefined : await dirtyDigest(path, facts.suspects);
  const remote = facts.remote === undefined ? undefined : publicRemote(facts.remote);
  return {
    ...(facts.commit === undefined ? { notCaptured: 'the repository has no commit' } : { commit: facts.commit }),
    ...(facts.branch === undefined ? {} : { branch: facts.branch }),
    ...(remote === undefined ? {} : { remote }),
    ...(dirty === tooLarge ? { notCaptured: 'the edited files are too large to be read' } : {}),
    ...(dirty === undefined || dirty === tooLarge ? {} : { dirty }),
  };
}

async function readInProcess(dir: string, gitdir: string): Promise<ForeignFacts> {
  const { currentBranch, getConfig, resolveRef } = await import('isomorphic-git');
  const place = { fs: readOnly, dir, gitdir };
  const branch = (await currentBranch(place)) ?? undefined;
  const commit = await resolveRef({ ...place, ref: 'HEAD' }).catch((error: Error) => {
    if (error.name === 'NotFoundError') return undefined;
    throw error;
  });
  const tracked = branch === undefined ? undefined : await getConfig({ ...place, path: `branch.${branch}.remote` });
  const name = tracked === undefined || tracked === '.' ? 'origin' : String(tracked);
  const remote: unknown = await getConfig({ ...place, path: `remote.${name}.url` });
  return {
    ...(commit === undefined ? {} : { commit }),
    ...(branch === undefined ? {} : { branch }),
    ...(typeof remote === 'string' ? { remote } : {}),
    suspects: commit === undefined ? [] : await walkSuspects(dir, gitdir),
  };
}

/** Compares HEAD with the files, as `git status` does for what is changed, staged or new and not ignored. */
async function walkSuspects(dir: string, gitdir: string): Promise<Suspect[]> {
  const { isIgnored, STAGE, TREE, WORKDIR, walk } = await import('isomorphic-git');
  const place = { fs: readOnly, dir, gitdir, cache: {} };
  const suspects: Suspect[] = [];
  const prune = null;
  await walk({
    ...place,
    trees: [TREE({ ref: 'HEAD' }), WORKDIR({ refresh: false }), STAGE()],
    map: async (filepath, [head, work, stage]) => {
      const name = filepath.slice(filepath.lastIndexOf('/') + 1);
      if (filepath !== '.' && (name === '.git' || isLitter(name))) return prune;
      if (filepath === '.') return filepath;
      if ((await head?.type()) === 'commit' || (await stage?.type()) === 'commit') return prune;
      const fresh = head == null && stage == null;
      if (fresh && ((await isIgnored({ ...place, filepath })) || (await isRepository(`${dir}/${filepath}`))))
        return prune;
      const suspect = await compare(filepath, head ?? undefined, work ?? undefined);
      if (suspect !== undefined) suspects.push(suspect);
      return filepath;
    },
  });
  return suspects;
}

const isRepository = async (path: string) => (await foreignKind(path)) !== undefined;

async function compare(
  path: string,
  head: WalkerEntry | undefined,
  work: WalkerEntry | undefined,
): Promise<Suspect | undefined> {
  const inHead = (await head?.type()) === 'blob' ? head : undefined;
  const onDisk = (await work?.type()) === 'blob' ? work : undefined;
  if (inHead === undefined) return onDisk === undefined ? undefined : { path: Buffer.from(path) };
  const known = { mode: (await inHead.mode()).toString(8), id: await inHead.oid() };
  // An index entry whose size and times fit saves reading the file, as in git itself.
  const same = onDisk !== undefined && (await onDisk.oid()) === known.id && sameMode(await onDisk.mode(), known.mode);
  return same ? undefined : { path: Buffer.from(path), head: known };
}

const sameMode = (bits: number, mode: string) => process.platform === 'win32' || bits.toString(8) === mode;

/** Larger files are no part of a plain clone's bookkeeping. Bytes. */
const mostBytes = 512 * 1024 * 1024;

async function readFile(path: string, options?: Parameters<typeof files.readFile>[1]): Promise<Buffer | string> {
  const info = await files.stat(path);
  // A named pipe would never end.
  if (!info.isFile()) throw Object.assign(new InputError('not-a-file', `${path} is not a file`), { code: 'EISDIR' });
  if (info.size > mostBytes) throw new InputError('file-too-large', `${path} is too large`);
  return files.readFile(path, options);
}

const refuse = () => Promise.reject(new InputError('read-only', 'a foreign repository is only read'));

/** What the library may do: look. It would write through locks, and refresh an index that is not ours. */
const readOnly = {
  promises: {
    readFile,
    readdir: files.readdir,
    stat: files.stat,
    lstat: files.lstat,
    readlink: files.readlink,
    writeFile: refuse,
    unlink: refuse,
    mkdir: refuse,
    rmdir: refuse,
    symlink: refuse,
  },
};
