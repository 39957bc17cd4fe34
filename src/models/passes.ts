import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeFileAtomic } from '../files/atomic.js';
import { readIfThere } from '../files/read.js';

/** A reading of every model of some folders, which may take several sittings. */
export interface Pass {
  /** What was read since then is read; milliseconds since 1970. */
  readonly since: number;
  /** It was begun earlier and not finished. */
  readonly resumed: boolean;
}

/** Begun passes that are not finished: their beginning by what they read. */
type Open = Readonly<Record<string, number>>;

const fileIn = (cacheFolder: string) => join(cacheFolder, 'verify-all.json');

/** Passes over the same folders are the same pass, in whatever order those are named. */
const keyOf = (folders: readonly string[]) =>
  createHash('sha256')
    .update([...new Set(folders)].sort().join('\0'))
    .digest('hex')
    .slice(0, 16);

/** Goes on with the pass over these folders that was not finished; begins one where there is none. */
export async function beginPass(
  cacheFolder: string | undefined,
  folders: readonly string[],
  now: number,
  anew: boolean,
): Promise<Pass> {
  if (cacheFolder === undefined) return { since: now, resumed: false };
  const open = await readOpen(cacheFolder);
  const begun = open[keyOf(folders)];
  // A beginning in the future would never be reached.
  if (begun !== undefined && begun <= now && !anew) return { since: begun, resumed: true };
  await writeOpen(cacheFolder, { ...open, [keyOf(folders)]: now });
  return { since: now, resumed: false };
}

/** The next one begins anew. */
export async function finishPass(cacheFolder: string | undefined, folders: readonly string[]): Promise<void> {
  if (cacheFolder === undefined) return;
  const { [keyOf(folders)]: _, ...open } = await readOpen(cacheFolder);
  await writeOpen(cacheFolder, open);
}

/** A file that is damaged, like none, costs a reading from the beginning. */
async function readOpen(cacheFolder: string): Promise<Open> {
  try {
    const found: unknown = JSON.parse((await readIfThere(fileIn(cacheFolder)))?.toString('utf8') ?? '{}');
    if (typeof found !== 'object' || found === null) return {};
    return Object.fromEntries(Object.entries(found).filter(([, begun]) => typeof begun === 'number'));
  } catch {
    return {};
  }
}

/** A cache that cannot be written must not stop the work: then it cannot be resumed. */
const writeOpen = (cacheFolder: string, open: Open) =>
  writeFileAtomic(fileIn(cacheFolder), `${JSON.stringify(open)}\n`).catch(() => {});
