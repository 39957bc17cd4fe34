import type { Recorded } from './query.js';
import type { OutputEntry, RunRecord } from './record.js';
import type { State } from './state.js';

/** An output and what it has to do with others: what its run took in, and which runs took it in. */
export interface Relative {
  readonly output: OutputEntry;
  readonly record: RunRecord;
  /** Name under which the run that took it in knew it; absent for the output that was asked about. */
  readonly as?: string;
  /** The next ones in the same direction; absent where it stands elsewhere in the tree already. */
  readonly further?: readonly Relative[];
}

export interface Kinship {
  /** Outputs that its run took in as inputs, and theirs. */
  readonly parents: readonly Relative[];
  /** Outputs of runs that took it in, and theirs. */
  readonly children: readonly Relative[];
}

interface Taken {
  readonly record: RunRecord;
  readonly as: string;
}

/** Deeper trees are cut. */
const deepest = 64;

/**
 * Parents and children of an output, by the hashes of input files: a name says nothing, the file may have been another one.
 * @param states by id, as far as they are known
 */
export function kinshipOf(
  sha256: string,
  records: readonly Recorded[],
  states: ReadonlyMap<string, Pick<State, 'inputs'>>,
): Kinship {
  const makers = new Map<string, { output: OutputEntry; record: RunRecord }>();
  const takers = new Map<string, Taken[]>();
  const seen = new Set<string>();
  for (const { record } of records) {
    const key = record.prompt ?? record.snapshot + (record.outputs[0]?.sha256 ?? '');
    if (seen.has(key)) continue;
    seen.add(key);
    for (const output of record.outputs) if (!makers.has(output.sha256)) makers.set(output.sha256, { output, record });
    for (const { digest, as } of inputsOf(record, states)) {
      takers.set(digest, [...(takers.get(digest) ?? []), { record, as }]);
    }
  }
  const above = (hash: string) =>
    inputsOf(makers.get(hash)?.record, states).flatMap(({ digest, as }) => {
      const maker = makers.get(digest);
      return maker === undefined ? [] : [{ ...maker, as }];
    });
  const below = (hash: string) =>
    (takers.get(hash) ?? []).flatMap(({ record, as }) => record.outputs.map((output) => ({ output, record, as })));
  return { parents: follow(sha256, above, new Set([sha256])), children: follow(sha256, below, new Set([sha256])) };
}

function follow(
  hash: string,
  next: (hash: string) => readonly Omit<Relative, 'further'>[],
  met: Set<string>,
  depth = 0,
): Relative[] {
  return next(hash).map((one) => {
    const { sha256 } = one.output;
    if (met.has(sha256) || depth >= deepest) return one;
    met.add(sha256);
    return { ...one, further: follow(sha256, next, met, depth + 1) };
  });
}

function inputsOf(record: RunRecord | undefined, states: ReadonlyMap<string, Pick<State, 'inputs'>>) {
  const inputs = states.get(record?.state ?? '')?.inputs ?? new Map<string, { digest: string }>();
  return [...inputs].flatMap(([as, { digest }]) =>
    digest.startsWith('sha256:') ? [{ as, digest: digest.slice('sha256:'.length) }] : [],
  );
}
