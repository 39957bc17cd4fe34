import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAlive, isOfThisMachine, isProcessAlive } from '../files/alive.js';
import { isMissing } from '../files/read.js';
import { ownerOfTemporary } from '../files/temporary.js';
import { comfyPath, type Repository } from '../git/repository.js';
import { trackedWorkflows } from '../git/tracked.js';

/** A file that nobody needs any more: a killed process has left it, or it is a cache of what is over. */
export interface LeftFile {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
}

interface Found extends LeftFile {
  readonly time: number;
}

const hour = 60 * 60 * 1000;
/** Nothing of ours takes so long to write, and a process of another machine that shares the folder is not seen here; milliseconds. */
const surelyLeft = hour;
/** Choices in a merge that nobody has finished; names of widgets that git is not told of any more. */
const surelyOver = 30 * 24 * hour;

/**
 * Files that can go: temporary ones that a killed git comfy has left beside what it was about to write, in the work tree and in our folder of the git
 * directory; and caches of what is over. Data of the journal is none of it.
 */
export async function leftFiles(repository: Repository, now: Date): Promise<LeftFile[]> {
  const found: LeftFile[] = [];
  for (const folder of await ourFolders(repository)) {
    const files = await filesIn(folder);
    const newest = Math.max(...files.map(({ time }) => time));
    for (const { path, bytes, time } of files) {
      const age = now.getTime() - time;
      const over = age >= surelyOver && isOver(path) && (time < newest || !isNames(path));
      if (over || (age >= surelyLeft && isLeft(path))) found.push({ path, bytes });
    }
  }
  return found;
}

export async function removeLeft(files: readonly LeftFile[]): Promise<void> {
  for (const { path } of files) await rm(path, { force: true });
  // What was shown to one process of git has a folder of its own.
  const folders = new Set(files.map(({ path }) => dirname(path)).filter(isShown));
  for (const folder of folders) await rmdir(folder).catch(() => {});
}

/** Temporary files of `writeFileAtomic`; the message of a commit whose editor was killed; what the filter had ready for a git that is gone. */
function isLeft(path: string): boolean {
  if (/^message-[0-9a-f]{12}\.txt$/.test(basename(path))) return true;
  if (isShown(dirname(path))) return !isProcessAlive(Number(basename(dirname(path))));
  const owner = ownerOfTemporary(path);
  return owner !== undefined && !(isOfThisMachine(owner) && isAlive(owner));
}

const isShown = (folder: string) => basename(dirname(folder)) === 'shown' && /^\d+$/.test(basename(folder));
const isNames = (path: string) => basename(dirname(path)) === 'names';
const isOver = (path: string) => isNames(path) || basename(dirname(path)) === 'conflicts';

/** Where we write: beside workflows, settings and lock, and in `comfy/`. */
async function ourFolders(repository: Repository): Promise<Set<string>> {
  // Not the packs that were checked out there: those are large, and nothing of them is ours.
  const below = await Promise.all(
    ['journal', 'cache', 'names'].map((name) => foldersBelow(comfyPath(repository, name))),
  );
  const folders = [comfyPath(repository), ...below.flat()];
  if (repository.bare) return new Set(folders);
  const beside = (await trackedWorkflows(repository)).map(({ path }) => dirname(join(repository.top, path)));
  return new Set([...folders, repository.top, ...beside]);
}

async function foldersBelow(top: string): Promise<string[]> {
  const entries = await whereThere(() => readdir(top, { recursive: true, withFileTypes: true }));
  return [top, ...entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))];
}

async function filesIn(folder: string): Promise<Found[]> {
  const names = await whereThere(() => readdir(folder));
  const looked = await Promise.all(names.map((name) => look(join(folder, name))));
  return looked.filter((file) => file !== undefined);
}

async function look(path: string): Promise<Found | undefined> {
  const info = await stat(path).catch(() => undefined);
  return info?.isFile() === true ? { path, bytes: info.size, time: info.mtimeMs } : undefined;
}

async function whereThere<T>(list: () => Promise<T[]>): Promise<T[]> {
  try {
    return await list();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
