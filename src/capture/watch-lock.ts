import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '../comfyui/server.js';
import { serverName } from '../comfyui/server-address.js';
import { serverIdentity } from '../comfyui/server-identity.js';
import type { Talk } from '../context.js';
import { takeTurn } from '../files/turn.js';
import { comfyPath, type Repository } from '../git/repository.js';

/** How often a second watcher looks whether it is needed; milliseconds, and up to half as much again: several must not look at once for ever. */
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
  const name = createHash('sha256')
    .update(await serverIdentity(server))
    .digest('hex')
    .slice(0, 16);
  const folder = comfyPath(repository, 'cache', `watchers-${name}`);
  let turn = await takeTurn(folder);
  if (turn === undefined) {
    // Of two that started in the same moment neither has got it.
    await sleep(500 * Math.random(), undefined, { signal }).catch(() => {});
    turn = await takeTurn(folder);
  }
  if (turn === undefined) {
    talk.say(`another git comfy watch records ${serverName(server)} into this repository; this one waits`);
  }
  while (turn === undefined) {
    await sleep(lookEvery * (1 + Math.random() / 2), undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    turn = await takeTurn(folder);
  }
  try {
    await use();
  } finally {
    await turn.end();
  }
}
