import { join } from 'node:path';
import { writeFileAtomic } from '../files/atomic.js';
import { readIfThere } from '../files/read.js';
import { findRepository, type Repository } from '../git/repository.js';
import { cacheFolder } from '../models/cache-folder.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** More than this nobody works in, and looking through them has to stay quick. */
const most = 32;

/** Tops of repositories that were set up on this machine, newest first; a cache. */
function fileOf(env: Environment): string | undefined {
  const folder = cacheFolder(env);
  return folder === undefined ? undefined : join(folder, 'repositories.json');
}

/** Remembers a repository, so that its outputs are known wherever they lie. What cannot be kept costs a question nothing but its answer. */
export async function rememberRepository(env: Environment, top: string): Promise<void> {
  const file = fileOf(env);
  if (file === undefined) return;
  const known = await readTops(file);
  if (known[0] === top) return;
  const tops = [top, ...known.filter((other) => other !== top)].slice(0, most);
  await writeFileAtomic(file, `${JSON.stringify(tops)}\n`).catch(() => {});
}

/** Those that are still there. */
export async function knownRepositories(env: Environment): Promise<Repository[]> {
  const file = fileOf(env);
  const found = await Promise.all((file === undefined ? [] : await readTops(file)).map(findThere));
  return found.filter((one) => one !== undefined);
}

/** A repository that was moved or deleted is none; one above its place is another. */
async function findThere(top: string): Promise<Repository | undefined> {
  const found = await findRepository(top).catch(() => undefined);
  return found?.top === top ? found : undefined;
}

async function readTops(file: string): Promise<string[]> {
  try {
    const json: unknown = JSON.parse((await readIfThere(file))?.toString('utf8') ?? '[]');
    return Array.isArray(json) ? json.filter((top): top is string => typeof top === 'string') : [];
  } catch {
    return [];
  }
}
