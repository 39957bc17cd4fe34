import { compare } from '../image/compare.js';
import { samePlain, stillPicture } from '../image/containers.js';
import { describeBytes } from '../image/describe-output.js';
import type { Metrics } from '../image/metrics.js';
import type { OutputEntry } from '../lineage/record.js';
import type { MadeOutput } from './requeue.js';

/** One recorded output against what the new run made of it. */
export interface ComparedOutput {
  /** Name that the recorded output had. */
  readonly name: string;
  /** Name of the new file on the server; absent where the run made none that corresponds. */
  readonly made?: string;
  /** Where in its node's list it was made, where that is another place than the record says: batches may come in another order. */
  readonly position?: number;
  /** The files are the same byte for byte; rare, since the prompt inside names another prefix. */
  readonly sameFile: boolean;
  /** Absent where there was nothing to measure; `notMeasured` says why. */
  readonly metrics?: Metrics;
  readonly notMeasured?: string;
  /** What was compared in place of samples that are decoded here: the bytes, or what ffmpeg decoded. */
  readonly frames?: string;
}

/**
 * Compares by samples: against the original file where there is one, else against the recorded digest, which can only say "same".
 * @param original bytes of the recorded output, whose identity the caller has checked
 */
export function compareOutputs(
  recorded: OutputEntry,
  original: Uint8Array | undefined,
  made: MadeOutput | undefined,
): ComparedOutput {
  if (made === undefined)
    return { name: recorded.name, sameFile: false, notMeasured: 'the new run made no such output' };
  const identity = describeBytes(made.bytes);
  const moved = recorded.node !== '' && made.index !== recorded.index ? { position: made.index } : {};
  const facts = { name: recorded.name, made: made.name, ...moved, sameFile: identity.sha256 === recorded.sha256 };
  const picture = identity.damaged === undefined ? stillPicture(made.bytes) : undefined;
  if (picture === undefined) {
    const how = facts.sameFile ? 'the same bytes' : original && samePlain(original, made.bytes) ? butTexts : undefined;
    if (how !== undefined) return { ...facts, metrics: { comparable: true, equal: true }, frames: how };
    return { ...facts, notMeasured: identity.damaged ?? otherBytes(original) };
  }
  if (identity.pixels === recorded.pixels) return { ...facts, metrics: compare(picture, picture) };
  const before = original === undefined ? undefined : stillPicture(original);
  if (before === undefined) {
    return { ...facts, notMeasured: 'samples differ; by how much cannot be said without the original file' };
  }
  return { ...facts, metrics: compare(before, picture) };
}

/** Prompt and workflow name the run that they are of, so outputs that have them are never the same byte for byte. */
export const butTexts = 'the same bytes but for what is embedded';

/** Of a file whose samples are not decoded here. */
const otherBytes = (original: Uint8Array | undefined) =>
  original === undefined
    ? 'not the same bytes, and its samples cannot be compared without the original file'
    : 'not the same bytes, and files of this kind are not decoded here';

/**
 * The new output that takes the place of a recorded one: same node and position, or the one of that node with the same samples where a batch came
 * in another order. A back-filled record knows neither; then the one with the same samples, else the first.
 */
export function counterpart(recorded: OutputEntry, made: readonly MadeOutput[]): MadeOutput | undefined {
  const same = made.find(({ node, index }) => node === recorded.node && index === recorded.index);
  const alike = ({ bytes }: MadeOutput) =>
    recorded.pixels !== undefined && describeBytes(bytes).pixels === recorded.pixels;
  if (recorded.node === '') return made.find(alike) ?? made[0];
  if (same !== undefined && alike(same)) return same;
  return made.find((output) => output.node === recorded.node && alike(output)) ?? same;
}
