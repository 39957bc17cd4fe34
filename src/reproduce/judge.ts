import { observedGrade } from '../lineage/grade.js';
import { measuredReasons } from '../lineage/measured-words.js';
import type { Grade } from '../lineage/record.js';
import type { Difference } from '../lock/drift.js';
import type { ComparedOutput } from './compare-outputs.js';
import type { Proof } from './prove.js';

export interface Evidence {
  readonly expected: { readonly grade: Grade; readonly differences: readonly Difference[] };
  readonly proof: Proof;
  readonly outputs: readonly ComparedOutput[];
  /** Values of the recorded prompt that were too private to store. */
  readonly redacted: readonly string[] | undefined;
  readonly stable: boolean | undefined;
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

function reasonsOf({ expected, proof, outputs, redacted = [], stable }: Evidence): string[] {
  return [
    ...expected.differences.filter(({ worst }) => worst !== 'full').map(({ text }) => text),
    ...redacted.map((path) => `${path} was too private to record, so it ran without that value`),
    ...(proof.proven ? [] : [`nothing is proven: from the server's cache came ${nodes(proof.cached)}`]),
    ...outputs.flatMap((output) => outputReasons(output).map(named(output, outputs.length > 1))),
    ...(stable === false ? ['this server is unstable: two runs in a row gave different samples'] : []),
  ];
}

const nodes = (ids: readonly string[]) => ids.map((id) => `node ${id}`).join(', ');

const named =
  ({ name }: ComparedOutput, several: boolean) =>
  (reason: string) =>
    several ? `${name}: ${reason}` : reason;

const outputReasons = ({ metrics, notMeasured }: ComparedOutput): string[] =>
  metrics === undefined ? [notMeasured ?? 'not measured'] : measuredReasons(metrics);
