import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '../comfyui/server.js';
import { serverName } from '../comfyui/server-address.js';
import type { Talk } from '../context.js';
import { writeNewFile } from '../files/atomic.js';
import { isRunning } from '../files/process.js';
import { readIfThere } from '../files/read.js';
import { comfyPath, type Repository } from '../git/repository.js';

/** How often a second watcher looks whether it is needed; milliseconds. */
const lookEvery = 2000;

/**
 * Lets one watcher at a time record the runs of a server into a repository; another one waits, and takes over when the first has ended, however it
 * ended. Resolves without having used its turn when the signal fires.
 */
export async function oneWatcher(
  repository: Repository,
  server: Server,
  { signal, talk }: { readonly signal: AbortSignal; readonly talk: Talk },
  use: () => Promise<void>,
): Promise<void> {
  const name = createHash('sha256').update(server.url).digest('hex').slice(0, 16);
  const path = comfyPath(repository, 'cache', `watching-${name}`);
  let said = false;
  while (!(await take(path))) {
    if (!said) talk.say(`another git comfy watch records ${serverName(server)} into this repository; this one waits`);
    said = true;
    await sleep(lookEvery, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
  }
  try {
    await use();
  } finally {
    await rm(path, { force: true });
  }
}

/** Whether the turn is ours now. What a process that is gone has left behind does not count. */
async function take(path: string): Promise<boolean> {
  try {
    await writeNewFile(path, String(process.pid));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const owner = Number((await readIfThere(path))?.toString('latin1'));
  if (isRunning(owner)) return false;
  await rm(path, { force: true });
  return take(path);
}
