import { prepare } from '../../capture/prepare-run.js';
import type { Server } from '../../comfyui/server.js';
import type { Repository } from '../../git/repository.js';
import type { JsonObject } from '../../workflow/json.js';
import { withoutVolatile } from '../../workflow/prompt.js';
import type { Original } from '../original.js';
import { withOwnPrefix } from '../own-prefix.js';
import { withProvideHint } from '../provide-hint.js';
import { openQueueLanes, type QueueWish } from '../queue/queue-lanes.js';
import type { LeftOut } from '../reproduction.js';
import { spread } from '../spread/spread.js';
import { knownCells, type VariedCell } from './cells.js';
import { serverLanes } from './server-lanes.js';
import { openStations, type ReadyStation, type StationTools } from './stations.js';
import { type Axis, axesOf, type Variation, type VaryWishes, variationsOf } from './variations.js';

export type { FailedVariation, MadeVariation, VariedCell } from './cells.js';

export interface Varied {
  readonly axes: readonly Axis[];
  /** One for each variation, in their order. */
  readonly cells: readonly VariedCell[];
  /** Servers that made nothing, or not to the end. */
  readonly leftOut: readonly LeftOut[];
}

export interface VaryOptions extends StationTools {
  readonly servers: readonly Server[];
  /** Named, and not there. */
  readonly away: readonly LeftOut[];
  /** Workers on other machines, besides. */
  readonly queue?: QueueWish;
  /** Told of each one as it ends, with how many have ended and how many there are to be. */
  readonly onCell: (cell: VariedCell, ended: number, all: number) => Promise<void>;
}

/**
 * Runs a recorded prompt again with some of its values changed, each change a run and a record of its own, on every server that can. What was made
 * before in the same way is not run again, so an interrupted grid goes on where it was.
 * @throws UsageError as `axesOf` and `prepare`, before anything is queued; ServerError where no server is left; Interrupted
 */
export async function vary(
  repository: Repository,
  original: Original,
  wishes: VaryWishes,
  options: VaryOptions,
): Promise<Varied> {
  const { talk } = options;
  const axes = axesOf(original.snapshot.prompt, wishes, original.id);
  const variations = variationsOf(axes, wishes.grid);
  const plain = variations.map((variation) => plainPrompt(original, variation));
  const opened = await openStations(repository, options.servers, {
    original,
    variations,
    tools: options,
  });
  const { stations } = opened;
  const leftOut = [...options.away, ...opened.leftOut];
  for (const line of linesOf(stations, leftOut)) talk.say(line);
  const promptsOf = (index: number) => [...stations.map(({ ready }) => ready[index]), plain[index]].flatMap(promptIn);
  const cells = await knownCells(repository, original, variations, promptsOf);
  const left = await makeOthers(repository, original, { variations, cells, stations, options });
  return { axes, cells: cells as VariedCell[], leftOut: [...leftOut, ...left] };
}

const promptIn = (ready: { readonly prompt: JsonObject } | undefined) => (ready === undefined ? [] : [ready.prompt]);

/** A variation where nothing has another name than at the original run: what a worker elsewhere most often makes of it. */
const plainPrompt = ({ id, snapshot }: Original, { assignments }: Variation) =>
  prepare(
    { prompt: withOwnPrefix(withoutVolatile(snapshot.prompt), id.slice(0, 8)) },
    new Map(),
    { assignments },
    { say: () => {}, progress: () => {}, confirm: async () => false },
  );

interface Making {
  readonly variations: readonly Variation[];
  /** Filled as they are made. */
  readonly cells: (VariedCell | undefined)[];
  readonly stations: readonly ReadyStation[];
  readonly options: VaryOptions;
}

async function makeOthers(
  repository: Repository,
  original: Original,
  { variations, cells, stations, options }: Making,
): Promise<LeftOut[]> {
  const { talk, signal, queue } = options;
  const left: LeftOut[] = [];
  let ended = 0;
  const tell = async (index: number, cell: VariedCell) => {
    cells[index] = cell;
    ended++;
    talk.progress({ label: 'varied', done: ended, total: variations.length, unit: 'count' });
    await options.onCell(cell, ended, variations.length);
  };
  for (const [index, cell] of cells.entries()) if (cell !== undefined) await tell(index, cell);
  const open = variations.flatMap((_, index) => (cells[index] === undefined ? [index] : []));
  const shared =
    queue === undefined || open.length === 0
      ? undefined
      : await openQueueLanes(repository, original, variations, queue, options);
  try {
    const lanes = [...serverLanes(repository, stations, original, variations), ...(shared?.lanes ?? [])];
    await spread(open, lanes, {
      signal,
      async onDone(at, outcome) {
        const index = open[at] ?? 0;
        const variation = variations[index] as Variation;
        await tell(index, 'made' in outcome ? outcome.made : { variation, failed: outcome.failed.message });
      },
      onLeft(name, { message }) {
        left.push({ name, reason: message });
        talk.say(`${name} is left out: ${message}`);
      },
    });
  } catch (error) {
    const differences = stations.flatMap(({ verification }) => verification.differences);
    throw withProvideHint(error, original, differences);
  } finally {
    talk.progress(undefined);
    await shared?.close();
  }
  return left;
}

/** What a person should know before it begins. */
function linesOf(stations: readonly ReadyStation[], leftOut: readonly LeftOut[]): string[] {
  const which = (name: string) => (stations.length + leftOut.length > 1 ? `${name}: ` : '');
  return [
    ...leftOut.map(({ name, reason }) => `${name} is left out: ${reason}`),
    ...stations.flatMap(({ name, verification }) => verification.differences.map(({ text }) => which(name) + text)),
  ];
}
