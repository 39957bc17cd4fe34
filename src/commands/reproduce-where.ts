import { lookAround } from '../capture/look-around.js';
import { presentServers } from '../capture/server-choice.js';
import { findSurroundings } from '../capture/surroundings.js';
import type { Context } from '../context.js';
import { UsageError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import type { Original } from '../reproduce/original.js';
import { reproduceAll } from '../reproduce/reproduce-all.js';
import { reproduceOnServers } from '../reproduce/reproduce-on-servers.js';
import type { ReproduceOptions } from '../reproduce/reproduce-options.js';
import type { AllReproduced } from '../reproduce/reproduction.js';
import type { Input } from './command.js';
import { listOption } from './list-option.js';

type Wishes = Omit<ReproduceOptions, 'server' | 'around'>;

/**
 * Makes the originals again: on the server, on several, or on a private one (`--packs=worktree`).
 * @throws UsageError for another place
 */
export function reproduceWhere(
  context: Context,
  input: Input,
  repository: Repository,
  originals: readonly Original[],
  wishes: Wishes,
): Promise<AllReproduced> {
  return (isPrivate(input) ? onPrivate : onServer)(context, input, repository, originals, wishes);
}

async function onServer(
  { cwd, env, signal }: Context,
  input: Input,
  repository: Repository,
  originals: readonly Original[],
  wishes: Wishes,
): Promise<AllReproduced> {
  const { servers, away } = await presentServers(repository, { flags: listOption(input, 'server'), env, signal });
  const [server] = servers;
  if (servers.length + away.length > 1 || server === undefined) {
    return reproduceOnServers(repository, originals, { ...wishes, cwd, env, servers, away });
  }
  const around = await findSurroundings(repository, { cwd, env, server, signal });
  return reproduceAll(repository, originals, { ...wishes, around, server });
}

async function onPrivate(
  { cwd, env, signal, program }: Context,
  input: Input,
  repository: Repository,
  originals: readonly Original[],
  wishes: Wishes,
): Promise<AllReproduced> {
  const { options } = input;
  const { reproduceInPrivate } = await import('../reproduce/private/reproduce-private.js');
  const [flag] = listOption(input, 'server');
  const around = await lookAround(repository, { cwd, env, flag, signal });
  const [yes, keep] = [options['yes'] === true, options['keep'] === true];
  return reproduceInPrivate(repository, originals, { ...wishes, around, env, node: program.node, yes, keep });
}

function isPrivate({ options }: Input): boolean {
  const { packs } = options;
  if (packs === undefined || packs === 'worktree') return packs === 'worktree';
  throw new UsageError(`--packs takes worktree, and not ${String(packs)}`);
}
