import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { readIfFile } from '../files/read.js';

/** How a repository that is not ours has to be read. */
export interface ForeignKind {
  readonly gitDir: string;
  /** Why reading it in process would give wrong answers; absent for a plain clone. See docs on git, "foreign repositories". */
  readonly special?: string;
  /** Why it is not read at all. */
  readonly refused?: string;
}

/** Larger packs would have to be held in memory whole. Bytes. */
const mostPacked = 256 * 1024 * 1024;

/** Bookkeeping of a repository is small; an index of a million files has less than this. Bytes. */
const mostRead = 256 * 1024 * 1024;

const read = (path: string) => readIfFile(path, mostRead);

/** Looks at files only, starts nothing. `undefined` where the folder is no top of a repository. */
export async function foreignKind(path: string): Promise<ForeignKind | undefined> {
  const gitDir = await gitDirOf(path);
  if (gitDir === undefined || (await read(join(gitDir, 'HEAD'))) === undefined) return undefined;
  if (!(await isItsOwn(gitDir, path)))
    return { gitDir, refused: 'its .git leads to a repository that does not know it' };
  const special = await specialty(gitDir);
  return special === undefined ? { gitDir } : { gitDir, special };
}

/** `.git` is a folder, or a file that names it (submodules, linked work trees). */
async function gitDirOf(path: string): Promise<string | undefined> {
  const dotGit = join(path, '.git');
  const info = await stat(dotGit).catch(() => undefined);
  if (info === undefined) return undefined;
  if (info.isDirectory()) return dotGit;
  if (!info.isFile() || info.size > 64 * 1024) return undefined;
  const named = /^gitdir: (.+?)\r?\n?$/.exec(String(await read(dotGit)))?.[1];
  if (named === undefined) return undefined;
  return isAbsolute(named) ? named : join(dirname(dotGit), named);
}

/** A pack could name any repository of the machine as its own. One that is elsewhere says itself where its files are: submodules and work trees do. */
async function isItsOwn(gitDir: string, path: string): Promise<boolean> {
  const dotGit = join(path, '.git');
  if ((await lstat(dotGit).catch(() => undefined))?.isDirectory() === true) return true;
  const linked = String((await read(join(gitDir, 'gitdir'))) ?? '').trim();
  const worktree = /^\s*worktree\s*=\s*"?([^"\r\n]+?)"?\s*$/m.exec(
    String((await read(join(gitDir, 'config'))) ?? ''),
  )?.[1];
  const claims = [
    ...(linked === '' ? [] : [dirname(resolve(gitDir, linked))]),
    ...(worktree === undefined ? [] : [resolve(gitDir, worktree)]),
  ];
  const own = await real(path);
  return (await Promise.all(claims.map(real))).some((claimed) => claimed !== undefined && claimed === own);
}

const real = (path: string) => realpath(path).catch(() => undefined);

async function specialty(gitDir: string): Promise<string | undefined> {
  if ((await read(join(gitDir, 'commondir'))) !== undefined) return 'a linked work tree';
  const config = String((await read(join(gitDir, 'config'))) ?? '');
  if (/^\s*\[\s*include/im.test(config)) return 'a repository whose configuration includes other files';
  if (/^\s*objectformat\s*=\s*"?sha256/im.test(config)) return 'a sha256 repository';
  if (/^\s*refstorage\s*=/im.test(config)) return 'a repository with reftable';
  if (/^\s*\[\s*extensions/im.test(config)) return 'a repository with extensions';
  if (/^\s*sparse\w*\s*=\s*"?(?:true|yes|on|1)/im.test(config)) return 'a sparse checkout';
  if ((await read(join(gitDir, 'objects/info/alternates'))) !== undefined) return 'a clone that shares objects';
  return (await indexSpecialty(gitDir)) ?? packSpecialty(gitDir);
}

async function indexSpecialty(gitDir: string): Promise<string | undefined> {
  const index = await read(join(gitDir, 'index'));
  // Four bytes `DIRC`, then the version, big-endian.
  if (index !== undefined && index.length >= 8 && index.readUInt32BE(4) > 3) return 'a repository with a packed index';
  const names = await readdir(gitDir).catch(() => []);
  return names.some((name) => name.startsWith('sharedindex.')) ? 'a repository with a split index' : undefined;
}

async function packSpecialty(gitDir: string): Promise<string | undefined> {
  const folder = join(gitDir, 'objects/pack');
  const packs = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.pack'));
  const sizes = await Promise.all(packs.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0) > mostPacked ? 'a repository with very large packs' : undefined;
}
