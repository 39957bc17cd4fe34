import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '../comfyui/server.js';
import { serverName } from '../comfyui/server-address.js';
import { serverEnvironment } from '../comfyui/server-environment.js';
import { type Look, watchHistory } from '../comfyui/watch-history.js';
import { GitError, ServerError } from '../errors.js';
import { headCommit, type Repository } from '../git/repository.js';
import { askedInterfaces } from './asked-interfaces.js';
import { hashingLater } from './hash-later.js';
import { observeRun } from './observe-run.js';
import { recordLook } from './record-look.js';
import { findSurroundings } from './surroundings.js';
import type { Turns } from './turns.js';
import type { WatchMemory, WatchStage, WatchTools, WatchWishes } from './watch-stage.js';

interface Following {
  readonly tools: WatchTools;
  /** Records of several servers go into the repository one after the other. */
  readonly turns: Turns;
  /** Puts mere drags right. */
  readonly refresh: () => Promise<void>;
}

/** Milliseconds until a look that failed is tried again. */
const patience = 1000;
/** So many times in a row git may fail: another one holds a lock, a disk is full for a moment. */
const mostFailures = 5;

/**
 * Records the runs of one server until the signal fires. A look that fails half-way, since the server went away or git is held, is looked again:
 * what is recorded already is not recorded twice.
 * @throws GitError where git fails again and again; ServerError with `once`
 */
export async function followServer(
  repository: Repository,
  server: Server,
  wishes: WatchWishes,
  following: Following,
): Promise<void> {
  const { signal, talk } = following.tools;
  const memory: WatchMemory = { running: new Map(), told: new Set() };
  let failures = 0;
  const onLook = () => {
    failures = 0;
  };
  for (;;) {
    try {
      return await follow(repository, server, { wishes, memory, following, onLook });
    } catch (error) {
      if (signal.aborted) return;
      if (wishes.once || !isPassing(error) || (error instanceof GitError && ++failures > mostFailures)) throw error;
      talk.say(`${serverName(server)}: ${error.message}; trying again`);
      await sleep(patience, undefined, { signal }).catch(() => {});
    }
  }
}

const isPassing = (error: unknown): error is Error => error instanceof ServerError || error instanceof GitError;

interface Follow {
  readonly wishes: WatchWishes;
  readonly memory: WatchMemory;
  readonly following: Following;
  readonly onLook: () => void;
}

async function follow(
  repository: Repository,
  server: Server,
  { wishes, memory, following, onLook }: Follow,
): Promise<void> {
  const { tools, turns, refresh } = following;
  let stage: WatchStage | undefined;
  const onSilence = (error: ServerError | undefined) => {
    if (wishes.once && error !== undefined) throw error;
    // It may come back as another version, with other packs.
    stage = undefined;
    tools.talk.say(error === undefined ? `${serverName(server)} is back` : `${error.message}; waiting for it`);
  };
  const { pollEvery, clock } = wishes;
  const pace = { ...(pollEvery === undefined ? {} : { pollEvery }), ...(clock === undefined ? {} : { clock }) };
  for await (const look of watchHistory(server, { signal: tools.signal, onSilence, ...pace })) {
    stage ??= await openStage(repository, server, tools);
    const open = stage;
    await noteRunning(open, memory, look);
    await turns(async () => {
      await recordLook(open, memory, look, wishes);
      await refresh();
    });
    onLook();
    if (wishes.once && !look.more) return;
  }
}

async function openStage(repository: Repository, server: Server, tools: WatchTools): Promise<WatchStage> {
  const around = await findSurroundings(repository, { ...tools, server });
  const environment = await serverEnvironment(server, { ...around, signal: tools.signal });
  const interfaces = askedInterfaces(server, tools.signal);
  const hashLater = hashingLater(around, tools);
  return { repository, server, tools, around, environment, interfaces, hashLater };
}

/** Begins to look at what a run depends on while it runs. */
async function noteRunning(
  { repository, around, tools }: WatchStage,
  { running }: WatchMemory,
  look: Look,
): Promise<void> {
  for (const { id, prompt } of look.running) {
    if (running.has(id)) continue;
    const dependencies = observeRun(prompt, around, tools).done;
    running.set(id, { head: await headCommit(repository), dependencies });
  }
}
