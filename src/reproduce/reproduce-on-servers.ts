import { recordInBatches } from '../capture/record-in-batches.js';
import { findSurroundings, type Surroundings } from '../capture/surroundings.js';
import type { Server } from '../comfyui/server.js';
import { serverName } from '../comfyui/server-address.js';
import type { Context } from '../context.js';
import { ComfyError, Interrupted, ServerError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import type { Original } from './original.js';
import { type Again, endedLine } from './report.js';
import { reproduce } from './reproduce.js';
import { failureOf } from './reproduce-all.js';
import type { ReproduceOptions } from './reproduce-options.js';
import type { AllReproduced, LeftOut } from './reproduction.js';
import { type Lane, spread } from './spread/spread.js';

export type OnServers = Omit<ReproduceOptions, 'server' | 'around' | 'record'> &
  Pick<Context, 'cwd' | 'env'> & {
    readonly servers: readonly Server[];
    /** Named, and not there. */
    readonly away: readonly LeftOut[];
  };

/**
 * As `reproduceAll`, on several servers: whichever is free takes the next run. One that does not answer is left out; what one cannot run goes to the
 * others.
 * @throws ServerError where no server is left and nothing was made, or there is only one run and nobody can make it; Interrupted; what `reproduce` throws
 *   of a single run
 */
export async function reproduceOnServers(
  repository: Repository,
  originals: readonly Original[],
  options: OnServers,
): Promise<AllReproduced> {
  const { talk, signal } = options;
  const results: (Again | undefined)[] = originals.map(() => undefined);
  const leftOut: LeftOut[] = [...options.away];
  for (const { name, reason } of leftOut) talk.say(`${name} is left out: ${reason}`);
  try {
    await spread(originals, lanesOf(repository, originals.length, options), {
      signal,
      // Other than values of one prompt, one run that nobody can make says nothing of the next.
      enoughFailures: originals.length === 1 ? 1 : Number.POSITIVE_INFINITY,
      async onDone(index, outcome) {
        const again =
          'made' in outcome ? outcome.made : { failed: failureOf(originals[index] as Original, outcome.failed) };
        results[index] = again;
        const done = results.filter((one) => one !== undefined).length;
        if (originals.length > 1) talk.say(endedLine(again, done, originals.length));
        talk.progress({ label: 'made again', done, total: originals.length, unit: 'count' });
      },
      onLeft(name, { message }) {
        leftOut.push({ name, reason: message });
        talk.say(`${name} is left out: ${message}`);
      },
    });
  } catch (error) {
    const some = results.some((one) => one !== undefined);
    if (!(error instanceof ServerError) || !some) throw error;
    for (const [index, original] of originals.entries()) results[index] ??= { failed: failureOf(original, error) };
  } finally {
    talk.progress(undefined);
  }
  return { ...together(results), leftOut };
}

function together(results: readonly (Again | undefined)[]): Pick<AllReproduced, 'reproductions' | 'failed'> {
  const all = results.filter((one) => one !== undefined);
  return {
    reproductions: all.flatMap((one) => ('failed' in one ? [] : one.reproductions)),
    failed: all.flatMap((one) => ('failed' in one ? [one.failed] : [])),
  };
}

/** One place in the queue of each server: what proves a run, and empties its cache, must not meet another run of ours. */
function lanesOf(
  repository: Repository,
  count: number,
  { servers, cwd, env, ...options }: OnServers,
): Lane<Original, Again>[] {
  const record = recordInBatches(repository);
  return servers.map((server) => {
    const name = serverName(server);
    // Several runs at once would each write over the other's line.
    const talk = { ...options.talk, progress: () => {}, say: (line: string) => options.talk.say(`${name}: ${line}`) };
    let around: Surroundings | undefined;
    const run = async (original: Original, signal: AbortSignal): Promise<Again> => {
      try {
        around ??= await findSurroundings(repository, { cwd, env, server, signal });
        const here = { ...options, server, around, record, signal, talk };
        return { reproductions: await reproduce(repository, original, here) };
      } catch (error) {
        const others = error instanceof ServerError || error instanceof Interrupted || !(error instanceof ComfyError);
        if (others || count === 1) throw error;
        return { failed: failureOf(original, error) };
      }
    };
    return { name, run };
  });
}
