import { colourNotes } from './colour-facts.js';
import { stillPicture } from './containers.js';
import { heatMap } from './heat-map.js';
import type { Picture } from './picture.js';

/** What is shown of two files beside the figures. */
export interface SeenDifference {
  /** PNG; absent where there is nothing to see: the same samples, another shape, or no picture that is decoded here. */
  readonly heat?: Buffer;
  readonly notes: readonly string[];
}

/**
 * @throws InputError where a picture is damaged
 */
export function seenDifference(a: Uint8Array, b: Uint8Array): SeenDifference {
  const [before, after] = [stillPicture(a), stillPicture(b)];
  const notes = colourNotes(a, b);
  if (before === undefined || after === undefined || bytesOf(before).equals(bytesOf(after))) return { notes };
  const heat = heatMap(before, after);
  return { ...(heat === undefined ? {} : { heat }), notes };
}

const bytesOf = ({ samples }: Picture) => Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
