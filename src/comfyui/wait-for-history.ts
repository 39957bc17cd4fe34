import { checkInterrupted, ServerError } from '../errors.js';
import type { JsonObject } from '../workflow/json.js';
import { history, queueState } from './requests.js';
import type { Server } from './server.js';
import { serverName } from './server-address.js';

export interface Waiting {
  readonly signal: AbortSignal;
  /** Resolves when a message came that makes another look worth it. */
  readonly woken: () => Promise<void>;
  readonly onWaiting?: (before: number) => void;
  readonly pollEvery?: number;
}

/** A server that answers nothing for so many looks in a row is gone. */
const patience = 10;

/**
 * Waits until the history holds a prompt: woken by messages, and by the clock in case none comes. Short breaks of the connection are sat out.
 * @throws ServerError `run-lost` when the server no longer knows the prompt, `server-gone` when it stays away, the others of `exchange`; Interrupted
 */
export async function waitForHistory(server: Server, id: string, waiting: Waiting): Promise<JsonObject> {
  let silent = 0;
  for (;;) {
    checkInterrupted(waiting.signal);
    try {
      const entry = (await history(server, id, waiting)) ?? (await lookAgain(server, id, waiting));
      if (entry !== undefined) return entry;
      silent = 0;
    } catch (error) {
      if (!isSilence(error)) throw error;
      if (++silent >= patience) throw gone(server, error);
    }
    await pause(waiting);
  }
}

/**
 * Not in the history: it waits, or runs, or is lost. It may have ended between the two questions, hence the last look.
 */
async function lookAgain(server: Server, id: string, waiting: Waiting): Promise<JsonObject | undefined> {
  const { running, pending } = await queueState(server, waiting);
  if (pending.includes(id)) waiting.onWaiting?.(running.length + pending.indexOf(id));
  if (running.includes(id) || pending.includes(id)) return undefined;
  const entry = await history(server, id, waiting);
  if (entry !== undefined) return entry;
  throw new ServerError('run-lost', `${serverName(server)} no longer knows this run`, {
    hint: 'ComfyUI was restarted, or somebody cleared its queue or its history; run it again',
  });
}

const gone = (server: Server, cause: unknown) =>
  new ServerError('server-gone', `${serverName(server)} went away in the middle of the run`, {
    hint: 'ComfyUI was stopped or has crashed (its log says why; often memory ran out); start it and run this again',
    cause,
  });

const isSilence = (error: unknown) =>
  error instanceof ServerError && ['no-server', 'server-timeout'].includes(error.code);

/** Until something happens, the clock says so, or the person has had enough. */
function pause({ signal, woken, pollEvery }: Waiting): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(go, pollEvery ?? 1000);
    function go() {
      clearTimeout(timer);
      signal.removeEventListener('abort', go);
      resolve();
    }
    signal.addEventListener('abort', go, { once: true });
    void woken().then(go);
  });
}
