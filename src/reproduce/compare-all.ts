import { describeBytes } from '../image/describe-output.js';
import type { Metrics } from '../image/metrics.js';
import type { OutputEntry } from '../lineage/record.js';
import { type ComparedOutput, compareOutputs, counterpart } from './compare-outputs.js';
import type { Original } from './original.js';
import { originalFile, type WhereKept } from './original-file.js';
import type { MadeOutput } from './requeue.js';
import { withFrames } from './with-frames.js';
import { worstOf } from './worst-metrics.js';

/** A compared output with both files, as far as they are at hand. */
export interface ComparedPair {
  readonly compared: ComparedOutput;
  readonly before?: Buffer;
  readonly after?: Buffer;
}

/** Step 6: every output that was asked for against the one that the new run made in its place. */
export async function compareAll(
  { outputs, file }: Original,
  made: readonly MadeOutput[],
  kept: WhereKept,
): Promise<ComparedPair[]> {
  const pairs: ComparedPair[] = [];
  for (const output of outputs) {
    const before = await originalFile(output, file, kept);
    const after = counterpart(output, made);
    pairs.push({
      compared: await withFrames(compareOutputs(output, before, after), before, after?.bytes, kept.signal),
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after: after.bytes }),
    });
  }
  return pairs;
}

/** Names of what the new run made beyond what the record has; a back-filled record does not know all of its run. */
export function extraOutputs(recorded: readonly OutputEntry[], made: readonly MadeOutput[]): string[] {
  if (recorded.some(({ node }) => node === '')) return [];
  const known = new Set(recorded.map(({ node, index }) => `${node} ${index}`));
  return made.filter(({ node, index }) => !known.has(`${node} ${index}`)).map(({ name }) => name);
}

/** What two runs of one prompt on one server differ in. */
export interface Noise {
  /** They gave the same outputs: by samples where they can be decoded, by bytes elsewhere. */
  readonly stable: boolean;
  /** Of the outputs that differ most; absent where nothing could be measured. */
  readonly metrics?: Metrics;
}

export async function noiseOf(
  first: readonly MadeOutput[],
  second: readonly MadeOutput[],
  signal: AbortSignal,
): Promise<Noise> {
  const compared: ComparedOutput[] = [];
  for (const output of first) {
    const twin = second.find(({ node, index }) => node === output.node && index === output.index);
    const { sha256, pixels } = describeBytes(output.bytes);
    const entry = { ...output, bytes: output.bytes.length, sha256, ...(pixels === undefined ? {} : { pixels }) };
    const found = compareOutputs(entry, output.bytes, twin);
    compared.push(await withFrames(found, output.bytes, twin?.bytes, signal));
  }
  const same = compared.every(({ sameFile, metrics }) => sameFile || metrics?.equal === true);
  const metrics = worstOf(compared);
  return { stable: first.length === second.length && same, ...(metrics === undefined ? {} : { metrics }) };
}
