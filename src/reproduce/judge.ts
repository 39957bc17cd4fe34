import { observedGrade } from '../lineage/grade.js';
import { measuredReasons, measuredWords } from '../lineage/measured-words.js';
import type { Grade } from '../lineage/record.js';
import type { Difference } from '../lock/drift.js';
import type { Noise } from './compare-all.js';
import type { ComparedOutput } from './compare-outputs.js';
import type { Proof } from './prove.js';
import { worstOf } from './worst-metrics.js';

export interface Evidence {
  readonly expected: { readonly grade: Grade; readonly differences: readonly Difference[] };
  readonly proof: Proof;
  readonly outputs: readonly ComparedOutput[];
  /** Values of the recorded prompt that were too private to store. */
  readonly redacted: readonly string[] | undefined;
  /** Names of what the new run made and the record does not have. */
  readonly extra: readonly string[];
  readonly noise: Noise | undefined;
}

export interface Judgement {
  readonly grade: Grade;
  readonly reasons: readonly string[];
}

const worstFirst: readonly Grade[] = ['partial', 'approximate', 'full'];

/** Step 7: the grade of the worst output, and every reason why it is not better. */
export function judge(evidence: Evidence): Judgement {
  const { expected, proof, outputs } = evidence;
  const grades = outputs.map(({ metrics }) =>
    observedGrade({ expected: expected.grade, proven: proof.proven, ...(metrics === undefined ? {} : { metrics }) }),
  );
  const grade = worstFirst.find((candidate) => grades.includes(candidate)) ?? 'partial';
  return { grade, reasons: reasonsOf(evidence) };
}

function reasonsOf({ expected, proof, outputs, redacted = [], extra, noise }: Evidence): string[] {
  return [
    ...expected.differences.filter((found) => keepsFromBetter(found, outputs)).map(({ text }) => text),
    ...redacted.map((path) => `${path} was too private to record, so it ran without that value`),
    ...(proof.cached.length === 0 ? [] : [`nothing is proven: from the server's cache came ${nodes(proof.cached)}`]),
    ...proof.doubts.map((doubt) => `nothing is proven: ${doubt}`),
    ...outputs.flatMap((output) => outputReasons(output).map(named(output, outputs.length > 1))),
    ...extra.map((name) => `the new run made ${name} too, which the record does not have`),
    ...noiseReasons(noise, outputs),
  ];
}

/** Another header over the same tensors makes no difference, but where there is one it may be why: it names the tensors. */
const keepsFromBetter = ({ worst, code }: Difference, outputs: readonly ComparedOutput[]) =>
  worst !== 'full' || (code === 'model-header-changed' && outputs.some(({ metrics }) => metrics?.equal !== true));

/** What the server differs by from itself says how much of a difference means nothing. */
function noiseReasons(noise: Noise | undefined, outputs: readonly ComparedOutput[]): string[] {
  if (noise === undefined || noise.stable) return [];
  const measured = noise.metrics === undefined || noise.metrics.equal ? '' : ` (${measuredWords(noise.metrics)})`;
  const own = `this server is unstable: two runs in a row gave different samples${measured}`;
  const [found, floor] = [worstOf(outputs), noise.metrics];
  if (found === undefined || floor === undefined || found.equal) return [own];
  const within = (found.largest ?? Number.POSITIVE_INFINITY) <= (floor.largest ?? 0);
  return [own, within ? 'the difference is no larger than that' : 'the difference is larger than that'];
}

const nodes = (ids: readonly string[]) => ids.map((id) => `node ${id}`).join(', ');

const named =
  ({ name }: ComparedOutput, several: boolean) =>
  (reason: string) =>
    several ? `${name}: ${reason}` : reason;

function outputReasons({ metrics, notMeasured, frames }: ComparedOutput): string[] {
  if (metrics === undefined) return [frames ?? notMeasured ?? 'not measured'];
  return [...(metrics.equal || frames === undefined ? [] : [frames]), ...measuredReasons(metrics)];
}
