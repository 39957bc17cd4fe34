import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { errorOf, type Failure, Interrupted } from '../../errors.js';
import { startThread, type Thread } from '../../files/start-thread.js';
import { takeTurns } from '../turns.js';
import { lookAtFile } from './look-at-file.js';
import type { IsWanted, LookResult, LookTask, LookWord } from './look-messages.js';

/** Looks at outputs: most of that is inflating and hashing, for which every processor is welcome. */
export interface Looker {
  /** How many files are worth having asked for at once. */
  readonly ahead: number;
  /** @throws InputError `no-such-file`, `not-a-file`, `file-too-large` */
  readonly look: (path: string) => Promise<LookResult>;
  readonly close: () => void;
}

type LookThread = Thread<LookTask, LookWord>;

/** More threads only wait for the disk, and for the one that writes records. */
const mostThreads = 8;
/** A thread costs about as much as so many pictures. */
const picturesPerThread = 8;
/** What a thread looks at while what was looked at before is written to the refs. */
const aheadOfThread = 100;
/** Files of more bytes are in memory one at a time. */
const largeFile = 64 * 1024 * 1024;

/**
 * @param files how many there are to look at
 * @param isWanted asked of each when its hash is known
 */
export async function startLooking(files: number, isWanted: IsWanted): Promise<Looker> {
  const count = Math.min(mostThreads, availableParallelism(), Math.floor(files / picturesPerThread));
  const started = await Promise.all(
    Array.from({ length: count }, () => startThread<LookTask, LookWord>('look-worker.js', 256)),
  );
  const threads = started.filter((thread) => thread !== undefined);
  if (threads.length === 0) return { ahead: 1, look: (path) => lookAtFile(path, isWanted), close: () => {} };
  const state = { closed: false };
  const lookOn = lookWith(threads, isWanted, state);
  const oneAtATime = takeTurns();
  return {
    ahead: threads.length * aheadOfThread,
    async look(path) {
      const size = (await stat(path).catch(() => undefined))?.size ?? 0;
      return size > largeFile ? oneAtATime(() => lookOn(path)) : lookOn(path);
    },
    close: () => {
      state.closed = true;
      for (const thread of threads) thread.end();
    },
  };
}

/** Whoever is free looks; who asks while nobody is waits. */
function lookWith(
  threads: readonly LookThread[],
  isWanted: IsWanted,
  state: { readonly closed: boolean },
): Looker['look'] {
  const free = [...threads];
  const waiting: ((thread: LookThread) => void)[] = [];
  const take = () =>
    new Promise<LookThread>((resolve) => {
      const thread = free.pop();
      if (thread === undefined) waiting.push(resolve);
      else resolve(thread);
    });
  const giveBack = (thread: LookThread) => {
    const next = waiting.shift();
    if (next === undefined) free.push(thread);
    else next(thread);
  };
  return async (path) => {
    const thread = await take();
    const checkOpen = () => {
      if (state.closed) throw new Interrupted();
    };
    checkOpen();
    const said = await ask(thread, path, isWanted);
    giveBack(thread);
    checkOpen();
    // The thread is gone, for want of memory perhaps: this one goes on.
    if (said === undefined) return lookAtFile(path, isWanted);
    if ('failure' in said) throw errorOf(said.failure);
    return said.look;
  };
}

type Said = { readonly look: LookResult } | { readonly failure: Failure } | undefined;

const ask = (thread: LookThread, path: string, isWanted: IsWanted) =>
  new Promise<Said>((resolve) => {
    thread.listen(
      (word) => {
        if (word.kind === 'hashed') thread.tell({ kind: 'answer', goOn: isWanted(word.sha256) });
        else if (word.kind !== 'ready') resolve(word);
      },
      () => resolve(undefined),
    );
    thread.tell({ kind: 'look', path });
  });
