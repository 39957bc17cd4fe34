import { deleteQueued, interrupt, queueState } from './requests.js';
import type { Server } from './server.js';

/**
 * Takes one prompt back, wherever it is: out of the queue, or interrupted where it runs. Others are left alone: servers
 * before 0.3.57 would interrupt whatever runs, so it is asked first. A server that does not answer is left as it is.
 */
export async function cancelPrompt(server: Server, id: string): Promise<void> {
  const asking = { signal: AbortSignal.timeout(5000) };
  try {
    await deleteQueued(server, id, asking);
    const { running } = await queueState(server, asking);
    if (running.includes(id)) await interrupt(server, id, asking);
  } catch {
    // The person has pressed Ctrl-C and waits; a server that is gone has nothing to cancel.
  }
}
