import { lineageAbout } from '../../capture/lineage-about.js';
import { runReady } from '../../capture/run-ready.js';
import type { Server } from '../../comfyui/server.js';
import type { Repository } from '../../git/repository.js';
import { pictureSide, type SheetCell } from '../../image/sheet/sheet.js';
import type { RunRecord } from '../../lineage/record.js';
import { recordId } from '../../lineage/record-line.js';
import { promptIdentity, readPrompt } from '../../workflow/prompt.js';
import type { Original } from '../original.js';
import { type Lane, spread } from '../spread/spread.js';
import { pictureOfRun } from './sheet-pictures.js';
import { type LeftOut, openStations, type Station, type StationTools } from './stations.js';
import { type Axis, axesOf, type Variation, type VaryWishes, variationsOf } from './variations.js';

/** A picture that was varied, made now or earlier. */
export interface MadeVariation {
  readonly variation: Variation;
  /** Id of its record. */
  readonly id: string;
  readonly record: RunRecord;
  /** Of a run that was made now. */
  readonly picture?: SheetCell;
  /** It was recorded before, and was not run again. */
  readonly before: boolean;
  /** The server that made it now. */
  readonly server?: string;
}

/** One that no server could make. */
export interface FailedVariation {
  readonly variation: Variation;
  readonly failed: string;
}

export type VariedCell = MadeVariation | FailedVariation;

export interface Varied {
  readonly axes: readonly Axis[];
  /** One for each variation, in their order. */
  readonly cells: readonly VariedCell[];
  /** Servers that made nothing, or not to the end. */
  readonly leftOut: readonly LeftOut[];
}

export interface VaryOptions extends StationTools {
  readonly servers: readonly Server[];
  /** Told of each one as it ends, with how many have ended and how many there are to be. */
  readonly onCell: (cell: VariedCell, ended: number, all: number) => Promise<void>;
}

/** While one run of ours is fetched and recorded, its server is at the next. */
const runsInQueue = 2;

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
  const { talk, signal } = options;
  const axes = axesOf(original.snapshot.prompt, wishes, original.id);
  const variations = variationsOf(axes, wishes.grid);
  const { stations, leftOut } = await openStations(repository, options.servers, {
    original,
    variations,
    tools: options,
  });
  const left = [...leftOut];
  for (const line of linesOf(stations, left)) talk.say(line);
  const cells = await knownCells(repository, original, variations, stations);
  let ended = 0;
  const tell = async (index: number, cell: VariedCell) => {
    cells[index] = cell;
    ended++;
    await options.onCell(cell, ended, variations.length);
  };
  for (const [index, cell] of cells.entries()) if (cell !== undefined) await tell(index, cell);
  const open = variations.flatMap((_, index) => (cells[index] === undefined ? [index] : []));
  talk.progress({ label: 'varied', done: ended, total: variations.length, unit: 'count' });
  await spread(open, lanesOf(stations, original, variations), {
    signal,
    async onDone(at, outcome) {
      const index = open[at] ?? 0;
      const variation = variations[index] as Variation;
      await tell(index, 'made' in outcome ? outcome.made : { variation, failed: outcome.failed });
      talk.progress({ label: 'varied', done: ended, total: variations.length, unit: 'count' });
    },
    onLeft(name, { message }) {
      left.push({ name, reason: message });
      talk.say(`${name} is left out: ${message}`);
    },
  });
  talk.progress(undefined);
  return { axes, cells: cells as VariedCell[], leftOut: left };
}

/** What a person should know before it begins. */
function linesOf(stations: readonly Station[], leftOut: readonly LeftOut[]): string[] {
  const which = (name: string) => (stations.length + leftOut.length > 1 ? `${name}: ` : '');
  return [
    ...leftOut.map(({ name, reason }) => `${name} is left out: ${reason}`),
    ...stations.flatMap(({ name, verification }) => verification.differences.map(({ text }) => which(name) + text)),
  ];
}

function lanesOf(
  stations: readonly Station[],
  original: Original,
  variations: readonly Variation[],
): Lane<number, MadeVariation>[] {
  const { commit } = original.record;
  const side = pictureSide(variations.length);
  const more = { varies: original.id, ...(commit === undefined ? {} : { head: commit }) };
  const laneOf = ({ name, stage, ready }: Station): Lane<number, MadeVariation> => ({
    name,
    async run(index, signal) {
      const [one, variation] = [ready[index], variations[index]];
      if (one === undefined || variation === undefined) throw new Error(`no variation ${index}`);
      const { id, record, outputs } = await runReady({ ...stage, tools: { ...stage.tools, signal } }, one, more);
      return { variation, id, record, picture: pictureOfRun(outputs, side), before: false, server: name };
    },
  });
  // First one run for each server, then the second ones.
  return Array.from({ length: runsInQueue }, () => stations.map(laneOf)).flat();
}

/** What was recorded of these variations before, on whatever server: models may have other names there. */
async function knownCells(
  repository: Repository,
  original: Original,
  variations: readonly Variation[],
  stations: readonly Station[],
): Promise<(VariedCell | undefined)[]> {
  const { records } = await lineageAbout(repository, { madeFrom: [original.id] });
  const known = new Map(
    records.flatMap(({ text, record }) =>
      record.varies === original.id && record.identity !== undefined
        ? [[record.identity, { id: recordId(text), record }] as const]
        : [],
    ),
  );
  return variations.map((variation, index) => {
    for (const { ready } of stations) {
      const found = known.get(promptIdentity(readPrompt(ready[index]?.prompt ?? new Map())));
      if (found !== undefined) return { variation, before: true, ...found };
    }
    return undefined;
  });
}
