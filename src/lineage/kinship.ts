import { byOrigin, joinRuns, type Recorded } from './query.js';
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
export const deepest = 64;

/** Inputs of runs by the id of their state, as far as they are known. */
export type InputsOfStates = ReadonlyMap<string, State['inputs']>;

/**
 * Parents and children of an output, by the hashes of input files: a name says nothing, the file may have been another one. Of several runs that made a
 * file the first by origin counts.
 */
export function kinshipOf(sha256: string, records: readonly Recorded[], states: InputsOfStates): Kinship {
  const makers = new Map<string, { output: OutputEntry; record: RunRecord }>();
  const takers = new Map<string, Taken[]>();
  for (const { best } of joinRuns(records).sort(byOrigin)) {
    const { record } = best;
    for (const output of record.outputs) if (!makers.has(output.sha256)) makers.set(output.sha256, { output, record });
    for (const { digest, as } of inputsOf(record, states)) {
      const there = takers.get(digest);
      if (there === undefined) takers.set(digest, [{ record, as }]);
      else there.push({ record, as });
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

const noInputs: State['inputs'] = new Map();

/** Files that a run took in. */
export const inputsOf = (record: RunRecord | undefined, states: InputsOfStates) =>
  filesIn(states.get(record?.state ?? '') ?? noInputs);

/** SHA-256 of inputs, and the names that the run knew them by. */
export const filesIn = (inputs: State['inputs']) =>
  [...inputs].flatMap(([as, { digest }]) =>
    digest.startsWith('sha256:') ? [{ as, digest: digest.slice('sha256:'.length) }] : [],
  );
