import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isProcessAlive } from '../files/alive.js';
import { isMissing } from '../files/read.js';
import { comfyPath, type Repository } from '../git/repository.js';
import { trackedWorkflows } from '../git/tracked.js';

/** A file that a killed process has left. */
export interface LeftFile {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
}

/** Nothing of ours takes so long to write, and a process of another machine that shares the folder is not seen here; milliseconds. */
const surelyLeft = 60 * 60 * 1000;

/**
 * Temporary files that a killed git comfy has left beside what it was about to write: in the work tree, and in our folder of the git directory. Data of the
 * journal is none of it.
 */
export async function leftFiles(repository: Repository, now: Date): Promise<LeftFile[]> {
  const found: LeftFile[] = [];
  for (const folder of await ourFolders(repository)) {
    for (const name of await namesIn(folder)) {
      if (!isLeft(name)) continue;
      const info = await stat(join(folder, name)).catch(() => undefined);
      if (info?.isFile() !== true || now.getTime() - info.mtimeMs < surelyLeft) continue;
      found.push({ path: join(folder, name), bytes: info.size });
    }
  }
  return found;
}

export async function removeLeft(files: readonly LeftFile[]): Promise<void> {
  for (const { path } of files) await rm(path, { force: true });
}

/** `<name>.<process>.<8 digits>.tmp` of `writeFileAtomic`, or the message of a commit whose editor was killed. */
function isLeft(name: string): boolean {
  if (/^message-[0-9a-f]{12}\.txt$/.test(name)) return true;
  const owner = /\.(\d+)\.[0-9a-f]{8}\.tmp$/.exec(name)?.[1];
  return owner !== undefined && !isProcessAlive(Number(owner));
}

/** Where we write: beside workflows, settings and lock, and below `comfy/`. */
async function ourFolders(repository: Repository): Promise<Set<string>> {
  const folders = await foldersBelow(comfyPath(repository));
  if (repository.bare) return new Set(folders);
  const beside = (await trackedWorkflows(repository)).map(({ path }) => dirname(join(repository.top, path)));
  return new Set([...folders, repository.top, ...beside]);
}

async function foldersBelow(top: string): Promise<string[]> {
  try {
    const entries = await readdir(top, { recursive: true, withFileTypes: true });
    return [top, ...entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))];
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
