import { ServerError } from '../errors.js';
import type { JsonObject } from '../workflow/json.js';
import { historyPage, type RunningPrompt, runningPrompts } from './requests.js';
import type { Server } from './server.js';
import { openSocket } from './socket.js';

/** What a look at a server found. */
export interface Look {
  readonly running: readonly RunningPrompt[];
  /** Entries that were not there at the last look, by prompt id, in the order in which they ended. */
  readonly finished: ReadonlyMap<string, JsonObject>;
  /** They ended since the last look, which was a moment ago: what is installed now is what they ran with. */
  readonly live: boolean;
  /** More of what the server remembers follows at once. */
  readonly more: boolean;
}

export interface Watching {
  readonly signal: AbortSignal;
  /** The server does not answer; `undefined` when it does again. */
  readonly onSilence: (error: ServerError | undefined) => void;
  /** Milliseconds between two looks when no message comes; two seconds where not given. */
  readonly pollEvery?: number;
  /** Milliseconds since 1970: unlike a timer it goes on while the machine sleeps. */
  readonly clock?: () => number;
}

/** An observer hears of other people's runs only that something changed: by messages, and by the clock in case none comes. */
const usualPoll = 2000;
/** A look that comes later than this after the last one has missed something: a lid that was closed, a server that was away. */
const longestLive = 30_000;
const pageLength = 64;
/** ComfyUI keeps no more. */
const wholeHistory = 10_000;

/** Looks at a server until the signal fires: at once, then whenever something has happened. A server that goes away is waited for. */
export async function* watchHistory(server: Server, watching: Watching): AsyncGenerator<Look> {
  const { signal, onSilence } = watching;
  const wake = alarm(signal);
  const socket = openSocket(server, { onMessage: wake.ring, onGap: wake.ring });
  const look = lookOut(server, signal, watching.clock ?? Date.now);
  let silent = false;
  try {
    while (!signal.aborted) {
      try {
        for await (const found of look()) {
          if (silent) onSilence(undefined);
          silent = false;
          yield found;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ServerError)) throw error;
        if (!silent) onSilence(error);
        silent = true;
      }
      await wake.wait(watching.pollEvery ?? usualPoll);
    }
  } finally {
    socket.close();
  }
}

function lookOut(server: Server, signal: AbortSignal, clock: () => number): () => AsyncGenerator<Look> {
  let known: Set<string> | undefined;
  let last = Number.NEGATIVE_INFINITY;
  return async function* look() {
    const began = clock();
    const running = await runningPrompts(server, { signal });
    const live = known !== undefined && Math.abs(began - last) < longestLive;
    const pages = known === undefined ? everyPage(server, signal) : [await unseenPage(server, known, signal)];
    const ids = new Set<string>();
    for await (const page of pages) {
      for (const id of page.keys()) ids.add(id);
      const finished = new Map([...page].filter(([id]) => known?.has(id) !== true));
      yield { running, finished, live, more: known === undefined && page.size === pageLength };
    }
    known = ids;
    last = began;
  };
}

/** The whole history, a page at a time: it may be larger than memory. */
async function* everyPage(server: Server, signal: AbortSignal): AsyncGenerator<ReadonlyMap<string, JsonObject>> {
  for (let offset = 0; ; offset += pageLength) {
    const page = await historyPage(server, pageLength, { signal, offset });
    yield page;
    if (page.size < pageLength) return;
  }
}

/** The newest page, and more where nothing on it is known: many runs ended since. */
async function unseenPage(
  server: Server,
  known: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, JsonObject>> {
  for (let most = pageLength; ; most = Math.min(most * 4, wholeHistory)) {
    const page = await historyPage(server, most, { signal });
    const reachesBack = [...page.keys()].some((id) => known.has(id));
    if (page.size < most || reachesBack || most === wholeHistory) return page;
  }
}

/** Something to wait for that may ring at any time, also before somebody waits. */
function alarm(signal: AbortSignal) {
  let rung = false;
  let wakeUp = () => {};
  const ring = () => {
    rung = true;
    wakeUp();
  };
  signal.addEventListener('abort', ring, { once: true });
  return {
    ring,
    async wait(milliseconds: number): Promise<void> {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          wakeUp = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      rung = false;
      wakeUp = () => {};
    },
  };
}
