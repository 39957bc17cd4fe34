import { serverFor } from '../capture/server-choice.js';
import { findSurroundings, type Surroundings, settingsOf } from '../capture/surroundings.js';
import type { Server } from '../comfyui/server.js';
import type { Talk } from '../context.js';
import { ComfyError, Interrupted, limited, ServerError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import type { RunRecord } from '../lineage/record.js';
import type { Today } from '../lineage/shown.js';
import type { State } from '../lineage/state.js';
import { isUnchecked } from '../lock/drift-rules.js';

export interface Looking {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly talk: Talk;
}

/** Somebody who asks how a picture was made waits neither for hashes nor for a server that is off: milliseconds. */
const hashBudget = 3000;
const serverBudget = 1500;

/**
 * What of this machine and its server is no longer as the run saw it; `verify` looks at all of it, whatever the time. `undefined` where it is not known what it saw.
 * @param run its `state` may still be read while this machine is looked at
 * @throws Interrupted
 */
export async function whatChanged(
  repository: Repository,
  run: { readonly record: RunRecord; readonly state: Promise<State | undefined> },
  looking: Looking,
): Promise<Today | undefined> {
  try {
    const { record } = run;
    const [around, state] = await Promise.all([surroundings(repository, looking), run.state]);
    if (state === undefined) return undefined;
    if (around.installation === undefined && around.server === undefined) return notHere;
    // Large, and of no use where there is nothing to compare with.
    const { verifyOutput } = await import('../reproduce/verify.js');
    const { signal, talk } = looking;
    const verifying = { around, signal, talk, budgetMs: hashBudget };
    const { differences } = await verifyOutput({ record, state, subject: 'the output' }, verifying);
    const changed = differences.filter(({ code }) => !isUnchecked(code));
    const unchecked = differences.filter(({ code }) => isUnchecked(code)).map(({ text }) => text);
    return { differences: changed, unchecked };
  } catch (error) {
    // How it was made is known all the same; only the comparison with today is not.
    if (!(error instanceof ComfyError) || error instanceof Interrupted) throw error;
    return { differences: [], unchecked: [error.message] };
  }
}

const notHere: Today = {
  differences: [],
  unchecked: ['no ComfyUI was found here, neither its folder (git config comfy.directory) nor a server that answers'],
};

async function surroundings(repository: Repository, looking: Looking): Promise<Surroundings> {
  const settings = settingsOf(repository);
  // Where the server's part fails nobody waits for it any more.
  settings.catch(() => undefined);
  const server = await quickServer(repository, looking);
  return findSurroundings(repository, { ...looking, server, settings });
}

async function quickServer(repository: Repository, { env, signal }: Looking): Promise<Server | undefined> {
  const patience = limited(signal, serverBudget);
  try {
    return await serverFor(repository, { env, signal: patience });
  } catch (error) {
    if (error instanceof ServerError || (error instanceof Interrupted && !signal.aborted)) return undefined;
    throw error;
  }
}
