import { recordInBatches } from '../../capture/record-in-batches.js';
import { type FinishedRun, runReady } from '../../capture/run-ready.js';
import { type Turns, takeTurns } from '../../capture/turns.js';
import type { Repository } from '../../git/repository.js';
import { pictureSide } from '../../image/sheet/sheet.js';
import type { Original } from '../original.js';
import type { Lane } from '../spread/spread.js';
import type { MadeVariation } from './cells.js';
import { pictureOfRun } from './sheet-pictures.js';
import type { ReadyStation } from './stations.js';
import type { Variation } from './variations.js';

/** While one run of ours is fetched and recorded, its server is at the next. */
const runsInQueue = 2;

/** What a record of a variation says besides. */
export const variesOf = ({ id, record: { commit } }: Original) => ({
  varies: id,
  ...(commit === undefined ? {} : { head: commit }),
});

/** The places in the queues of these servers; each takes the number of a variation. */
export function serverLanes(
  repository: Repository,
  stations: readonly ReadyStation[],
  original: Original,
  variations: readonly Variation[],
): Lane<number, MadeVariation>[] {
  const side = pictureSide(variations.length);
  const record = recordInBatches(repository);
  const laneOf = ({ name, place, verification, info, ready }: ReadyStation): Lane<number, MadeVariation> => {
    const turns = takeTurns();
    const run = async (index: number, signal: AbortSignal): Promise<MadeVariation> => {
      const [one, variation] = [ready[index], variations[index]];
      if (one === undefined || variation === undefined) throw new Error(`no variation ${index}`);
      const { environment } = verification;
      const stage = { ...place, tools: { ...place.tools, signal }, repository, environment, info, record };
      const begin = (onQueued: () => void) => runReady({ ...stage, onQueued }, one, variesOf(original));
      const made = await queuedInTurn(turns, begin);
      const picture = pictureOfRun(made.outputs, side);
      return { variation, id: made.id, record: made.record, picture, before: false, server: name };
    };
    return { name, run };
  };
  const lanes = stations.map(laneOf);
  // First one run for each server, then the second ones.
  return Array.from({ length: runsInQueue }, () => lanes).flat();
}

/** Prompts come to a server in the order in which its places took them, so that its file names count in the order of the axis. */
async function queuedInTurn(turns: Turns, run: (onQueued: () => void) => Promise<FinishedRun>): Promise<FinishedRun> {
  return new Promise((resolve, reject) => {
    const begin = () => new Promise<void>((queued) => run(queued).finally(queued).then(resolve, reject));
    turns(begin).catch(reject);
  });
}
