import { join } from 'node:path';
import type { Ready } from '../../capture/prepare-run.js';
import type { Server } from '../../comfyui/server.js';
import { serverName } from '../../comfyui/server-address.js';
import type { Context } from '../../context.js';
import { ServerError } from '../../errors.js';
import { needHeadCommit, type Repository } from '../../git/repository.js';
import { withTemporaryWorktree } from '../../git/worktree.js';
import type { Original } from '../original.js';
import type { LeftOut } from '../reproduction.js';
import { lacks, openStation, type Station } from './station.js';
import type { Variation } from './variations.js';

/** A server, and what each variation is there. */
export interface ReadyStation extends Station {
  readonly ready: readonly Ready[];
}

export type StationTools = Pick<Context, 'cwd' | 'env' | 'signal' | 'talk'> & {
  /** Where outputs of a server on another machine go. */
  readonly folder: string;
};

export interface Planned {
  readonly original: Original;
  readonly variations: readonly Variation[];
  readonly tools: StationTools;
}

/**
 * Looks at each server, side by side: what it has of what the original needs, and what each variation is there. A server that does not answer, or
 * lacks a model or a node, is left out as long as another one is there.
 * @throws UsageError for a value that fits no input; ServerError where no server is left
 */
export async function openStations(
  repository: Repository,
  servers: readonly Server[],
  planned: Planned,
): Promise<{ readonly stations: readonly ReadyStation[]; readonly leftOut: readonly LeftOut[] }> {
  if (servers.length === 0) return { stations: [], leftOut: [] };
  const { original, tools } = planned;
  const commit = original.record.commit ?? (await needHeadCommit(repository));
  const open = async (tree: string) =>
    Promise.allSettled(servers.map((server) => openReady(repository, server, tree, planned)));
  const opened = await withTemporaryWorktree(repository, commit, open, tools.signal);
  const failed = opened.map((one) => (one.status === 'rejected' ? (one.reason as unknown) : undefined));
  for (const reason of failed) if (reason !== undefined && !(reason instanceof ServerError)) throw reason;
  const stations = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const [first] = failed.filter((reason) => reason !== undefined);
  if (stations.length === 0) throw first;
  const whole = stations.filter((station) => lacks(station) === undefined);
  const used = whole.length === 0 ? stations : whole;
  const leftOut = servers.flatMap((server, index) => {
    const error = failed[index] as ServerError | undefined;
    const station = stations.find(({ place }) => place.server === server);
    const reason = error?.message ?? (station === undefined || used.includes(station) ? undefined : lacks(station));
    return reason === undefined ? [] : [{ name: serverName(server), reason }];
  });
  return { stations: used, leftOut };
}

async function openReady(
  repository: Repository,
  server: Server,
  tree: string,
  { original, variations, tools }: Planned,
): Promise<ReadyStation> {
  const folder = join(tools.folder, serverName(server).replaceAll(/[^\w.-]/g, '_'));
  const station = await openStation(server, { repository, original, tree, tools, folder });
  const ready: Ready[] = [];
  // All are prepared before the first runs: a value that does not fit must not be found out after an hour.
  for (const { assignments } of variations) ready.push(await station.readyOf(assignments));
  return { ...station, ready };
}
