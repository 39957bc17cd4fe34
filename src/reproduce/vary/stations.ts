import { join } from 'node:path';
import { prepare, type Ready } from '../../capture/prepare-run.js';
import { recordInBatches } from '../../capture/record-in-batches.js';
import type { RunStage } from '../../capture/run-ready.js';
import { findSurroundings } from '../../capture/surroundings.js';
import { objectInfo } from '../../comfyui/requests.js';
import type { Server } from '../../comfyui/server.js';
import { serverName } from '../../comfyui/server-address.js';
import type { Context } from '../../context.js';
import { ServerError } from '../../errors.js';
import { needHeadCommit, type Repository } from '../../git/repository.js';
import { withTemporaryWorktree } from '../../git/worktree.js';
import { classesUsed } from '../../workflow/packs-named.js';
import { readPrompt } from '../../workflow/prompt.js';
import { readObjectInfo } from '../../workflow/read-interfaces.js';
import { adaptPrompt } from '../adapt-prompt.js';
import type { Original } from '../original.js';
import { type Verification, verifyOriginal } from '../verify-original.js';
import { settleModels } from './model-by-digest.js';
import type { Variation } from './variations.js';

/** A server on which variations can run, and what each of them is there. */
export interface Station {
  readonly name: string;
  readonly stage: RunStage;
  readonly verification: Verification;
  /** One for each variation. */
  readonly ready: readonly Ready[];
}

/** A server that is left out, and why. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

export type StationTools = Pick<Context, 'cwd' | 'env' | 'signal' | 'talk'> & {
  /** Where outputs of a server on another machine go. */
  readonly folder: string;
};

interface Planned {
  readonly repository: Repository;
  readonly original: Original;
  readonly variations: readonly Variation[];
  readonly tools: StationTools;
  readonly record: NonNullable<RunStage['record']>;
  /** The original's commit, checked out. */
  readonly tree: string;
}

/**
 * Looks at each server, side by side: what it has of what the original needs, and what each variation is there. A server that does not answer, or
 * lacks a model or a node, is left out as long as another one is there.
 * @throws UsageError for a value that fits no input; ServerError where no server is left
 */
export async function openStations(
  repository: Repository,
  servers: readonly Server[],
  { original, variations, tools }: Pick<Planned, 'original' | 'variations' | 'tools'>,
): Promise<{ readonly stations: readonly Station[]; readonly leftOut: readonly LeftOut[] }> {
  const commit = original.record.commit ?? (await needHeadCommit(repository));
  const record = recordInBatches(repository);
  const open = async (tree: string) =>
    Promise.allSettled(
      servers.map((server) => openStation(server, { repository, original, variations, tools, record, tree })),
    );
  const opened = await withTemporaryWorktree(repository, commit, open, tools.signal);
  const failed = opened.map((one) => (one.status === 'rejected' ? (one.reason as unknown) : undefined));
  for (const reason of failed) if (reason !== undefined && !(reason instanceof ServerError)) throw reason;
  const stations = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const whole = stations.filter((station) => lacks(station) === undefined);
  const [first] = failed.filter((reason) => reason !== undefined);
  if (stations.length === 0) throw first;
  const used = whole.length === 0 ? stations : whole;
  const leftOut = servers.flatMap((server, index) => {
    const error = failed[index] as ServerError | undefined;
    const station = stations.find(({ stage }) => stage.server === server);
    const reason = error?.message ?? (station === undefined || used.includes(station) ? undefined : lacks(station));
    return reason === undefined ? [] : [{ name: serverName(server), reason }];
  });
  return { stations: used, leftOut };
}

async function openStation(server: Server, planned: Planned): Promise<Station> {
  const { repository, original, variations, tools, tree } = planned;
  const { signal, talk } = tools;
  const around = await findSurroundings(repository, { ...tools, server });
  const verification = await verifyOriginal(repository, original, tree, { around, server, signal, talk });
  const { prompt, notes } = await adaptPrompt(server, original, verification, signal);
  const name = serverName(server);
  for (const line of notes) talk.say(line);
  const info = readObjectInfo(await objectInfo(server, classesUsed(readPrompt(prompt)), { signal }));
  const { workflow } = original.snapshot;
  const runnable = { prompt, ...(workflow === undefined ? {} : { workflow }) };
  const settle = settleModels(repository, { server, around, prompt, original, signal, talk });
  const ready: Ready[] = [];
  // All are prepared before the first runs: a value that does not fit must not be found out after an hour.
  for (const { assignments } of variations) {
    ready.push(prepare(runnable, info, { assignments: await settle(assignments) }, quiet));
  }
  const { environment } = verification;
  const folder = join(tools.folder, name.replaceAll(/[^\w.-]/g, '_'));
  const shown = { signal, talk: { ...talk, progress: () => {} } };
  const stage = { repository, server, tools: shown, around, environment, info, folder, record: planned.record };
  return { name, stage, verification, ready };
}

const quiet = { say: () => {}, progress: () => {}, confirm: async () => false };

/** What it cannot run the original without. */
const lacks = ({ verification }: Station): string | undefined =>
  verification.differences.find(({ code }) => code === 'model-missing' || code === 'class-missing')?.text;
