import { randomBytes } from 'node:crypto';
import { mkdir, open, rm, stat, utimes } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkInterrupted } from '../errors.js';
import { isAlive, isOfThisMachine, ownerName } from './alive.js';
import { namesIn } from './append.js';

/** The right to do something that only one process at a time should do. */
export interface Turn {
  /** Lets the next one have it. */
  end(): Promise<void>;
}

/** How often a flag says that its owner is still there, and when one of another machine that has not said so counts for nothing; milliseconds. */
const saysEvery = 20_000;
const silentAfter = 120_000;

/**
 * Tries to get the turn of a folder: everybody raises a flag of their own, then looks for others', and lowers it again where there is one. So two never
 * have it at once, and what a killed process has left can be taken away by anybody at any time: nobody else's flag has its name.
 * `undefined` where somebody else has it, or two tried in the same moment: try again later, not all after the same time.
 * @throws system errors of files
 */
export async function takeTurn(folder: string): Promise<Turn | undefined> {
  const name = `${ownerName}-${randomBytes(4).toString('hex')}`;
  const flag = join(folder, name);
  // Whoever looks has to see nothing in there but flags.
  await mkdir(folder, { recursive: true });
  await (await open(flag, 'wx')).close();
  if (await othersThere(folder, name)) {
    await rm(flag, { force: true });
    return undefined;
  }
  const saying = setInterval(() => void sayStillThere(flag), saysEvery).unref();
  return {
    async end() {
      clearInterval(saying);
      await rm(flag, { force: true });
    },
  };
}

/** Between two looks, half as much more or less; milliseconds. */
const tryEvery = 20;

/**
 * As `takeTurn`, waiting for it.
 * @throws Interrupted; system errors of files
 */
export async function awaitTurn(folder: string, signal: AbortSignal): Promise<Turn> {
  for (;;) {
    checkInterrupted(signal);
    // A flag that is raised only to be lowered would send others away.
    const turn = (await isTaken(folder)) ? undefined : await takeTurn(folder);
    if (turn !== undefined) return turn;
    await sleep(tryEvery * (0.5 + Math.random()));
  }
}

/** Whether somebody has the turn of a folder. */
export const isTaken = (folder: string): Promise<boolean> => othersThere(folder, '');

async function sayStillThere(flag: string): Promise<void> {
  const now = new Date();
  // Somebody may have emptied the cache: whoever comes then has the turn too, which costs work and no data.
  await utimes(flag, now, now).catch(() => {});
}

async function othersThere(folder: string, own: string): Promise<boolean> {
  const others = namesIn(folder).filter((name) => name !== own);
  const held = await Promise.all(others.map((name) => isHeld(join(folder, name), name)));
  return held.includes(true);
}

/** Whether the owner of a flag is still at it; a flag that was left is taken away. */
async function isHeld(flag: string, name: string): Promise<boolean> {
  const said = (await stat(flag).catch(() => undefined))?.mtimeMs;
  if (said === undefined) return false;
  // Numbers of processes are given out anew after a start of the machine; those of another one say nothing here.
  const since = isOfThisMachine(name) ? uptime() * 1000 : silentAfter;
  if (isAlive(name) && Date.now() - said < since) return true;
  await rm(flag, { force: true });
  return false;
}
