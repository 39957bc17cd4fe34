import { randomUUID } from 'node:crypto';
import { Interrupted, orInterrupted } from '../errors.js';
import { cancelPrompt } from './cancel-prompt.js';
import { queuePrompt } from './queue-prompt.js';
import type { Queued } from './refusal.js';
import { followRun, type RunProgress } from './run-progress.js';
import { type FinishedRun, readFinishedRun } from './run-record.js';
import type { Server } from './server.js';
import { openSocket } from './socket.js';
import { waitForHistory } from './wait-for-history.js';

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
  /** The server has taken the prompt: what is queued there from now on runs later. */
  readonly onQueued?: () => void;
  /** Told how many runs come first, while it waits in the queue. */
  readonly onWaiting?: (before: number) => void;
  /** Milliseconds between two looks at `/history` when no message comes; one second where not given. */
  readonly pollEvery?: number;
}

/** A run that ended well. */
export interface PromptRun extends FinishedRun {
  readonly promptId: string;
  /** Node ids in the order in which they ran; absent when the connection broke and messages were missed. */
  readonly executed?: readonly string[];
}

/**
 * Queues a prompt, waits for its end and returns what the server's history says. The websocket shows progress; the history decides.
 * When the signal fires, exactly this prompt is taken out of the queue or interrupted.
 * @throws ServerError `prompt-refused`, `run-failed`, `run-interrupted`, `run-lost`, `no-server` and the others of `exchange`; Interrupted
 */
export async function runPrompt(server: Server, queued: Queued, options: RunOptions): Promise<PromptRun> {
  const follow = followRun(options.onProgress ?? (() => {}));
  const socket = openSocket(server, follow);
  const promptId = randomUUID();
  try {
    await orInterrupted(options.signal, socket.ready);
    // The first messages may come before the answer to the queueing.
    follow.expect(promptId);
    const id = await queuePrompt(server, queued, { promptId, clientId: socket.clientId, signal: options.signal });
    follow.expect(id);
    options.onQueued?.();
    const entry = await waitForHistory(server, id, { ...options, woken: follow.woken });
    const finished = readFinishedRun(entry, queued);
    const executed = follow.executed();
    return { promptId: id, ...finished, ...(executed === undefined ? {} : { executed }) };
  } catch (error) {
    // Also when the answer to the queueing never came: the server may have taken the prompt all the same.
    if (error instanceof Interrupted) await cancelPrompt(server, promptId);
    throw error;
  } finally {
    socket.close();
  }
}
