import { prepare, type Ready } from '../../capture/prepare-run.js';
import type { RunPlace } from '../../capture/run-observed.js';
import { findSurroundings } from '../../capture/surroundings.js';
import { objectInfo } from '../../comfyui/requests.js';
import type { Server } from '../../comfyui/server.js';
import { serverName } from '../../comfyui/server-address.js';
import type { Context } from '../../context.js';
import type { Repository } from '../../git/repository.js';
import type { Assignment } from '../../workflow/assignment.js';
import type { ObjectInfo } from '../../workflow/interfaces.js';
import { classesUsed } from '../../workflow/packs-named.js';
import { readPrompt } from '../../workflow/prompt.js';
import { readObjectInfo } from '../../workflow/read-interfaces.js';
import { adaptPrompt } from '../adapt-prompt.js';
import type { Original } from '../original.js';
import { type Verification, verifyOriginal } from '../verify-original.js';
import { settleModels } from './model-by-digest.js';

/** A server on which variations of an original can run. */
export interface Station {
  readonly name: string;
  readonly place: RunPlace;
  readonly verification: Verification;
  readonly info: ObjectInfo;
  /**
   * What a variation is there.
   * @throws UsageError for a value that fits no input; ServerError `no-such-model`
   */
  readonly readyOf: (assignments: readonly Assignment[]) => Promise<Ready>;
}

export interface StationWork {
  /** `undefined` on a machine that has none: then what was captured at the run has to do. */
  readonly repository: Repository | undefined;
  readonly original: Original;
  /** The original's commit, checked out, or a folder with its inputs. */
  readonly tree: string;
  readonly tools: Pick<Context, 'cwd' | 'env' | 'signal' | 'talk'>;
  /** Where outputs of a server on another machine go. */
  readonly folder: string;
}

/**
 * Looks at what a server has of what the original needs.
 * @throws ServerError; Interrupted
 */
export async function openStation(server: Server, work: StationWork): Promise<Station> {
  const { repository, original, tools, tree, folder } = work;
  const { signal, talk } = tools;
  const around = await findSurroundings(repository, { ...tools, server });
  const verification = await verifyOriginal(repository, original, tree, { around, server, signal, talk });
  const { prompt, notes } = await adaptPrompt(server, original, verification, signal);
  for (const line of notes) talk.say(line);
  const info = readObjectInfo(await objectInfo(server, classesUsed(readPrompt(prompt)), { signal }));
  const { workflow } = original.snapshot;
  const runnable = { prompt, ...(workflow === undefined ? {} : { workflow }) };
  const settle = settleModels(repository, { server, around, prompt, original, signal, talk });
  // Several runs at once would each write over the other's line.
  const quietly = { signal, talk: { ...talk, progress: () => {} } };
  return {
    name: serverName(server),
    place: { server, tools: quietly, around, folder },
    verification,
    info,
    readyOf: async (assignments) => prepare(runnable, info, { assignments: await settle(assignments) }, silent),
  };
}

const silent = { say: () => {}, progress: () => {}, confirm: async () => false };

/** What it cannot run the original without. */
export const lacks = ({ verification }: Station): string | undefined =>
  verification.differences.find(({ code }) => code === 'model-missing' || code === 'class-missing')?.text;
