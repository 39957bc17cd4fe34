import type { Server } from '../comfyui/server.js';
import { Interrupted, limited, ServerError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import { serverFor } from './server-choice.js';
import { findSurroundings, type Surroundings, settingsOf } from './surroundings.js';

export interface Looking {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--server` of the command line: then it has to answer. */
  readonly flag?: string | undefined;
  readonly signal: AbortSignal;
  /** How long a server may take to answer at all, in milliseconds; without one 15 seconds, where it was named as long as any request. */
  readonly patience?: number;
}

/** How long is waited for a server that nobody asked for; milliseconds. One that loads a large model may be silent for some seconds. */
const welcome = 15_000;

/**
 * What of ComfyUI is here: its files and, where one answers, its server. Neither is needed.
 * @throws ServerError for a server that was named and does not answer; InputError `comfy-directory`, `extra-model-paths`
 */
export async function lookAround(repository: Repository | undefined, looking: Looking): Promise<Surroundings> {
  const settings = settingsOf(repository);
  // Whoever asks for them hears of what went wrong; when no server is found where one was named, nobody asks.
  settings.catch(() => {});
  const server = await serverIfAny(repository, looking);
  return findSurroundings(repository, { ...looking, server, settings });
}

async function serverIfAny(repository: Repository | undefined, looking: Looking): Promise<Server | undefined> {
  const { flag, env, signal, patience } = looking;
  // A server that was named is waited for as long as any answer; one that would only be welcome is not.
  const most = patience ?? (flag === undefined ? welcome : undefined);
  const soon = most === undefined ? signal : limited(signal, most);
  try {
    return await serverFor(repository, { flag, env, signal: soon });
  } catch (error) {
    const silent = error instanceof ServerError || (error instanceof Interrupted && !signal.aborted);
    if (silent && flag === undefined) return undefined;
    throw error;
  }
}
