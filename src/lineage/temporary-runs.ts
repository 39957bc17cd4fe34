import { hash } from 'node:crypto';
import type { LineageLine } from './lineage.js';
import { joinRuns, type Recorded, runKey, startOf } from './query.js';
import type { RunRecord } from './record.js';
import { readLineAndId, recordId } from './record-line.js';

/** What keeps a run of previews: it is used by something that stays. */
export interface Uses {
  /** SHA-256 of files that were the input of some run. */
  readonly inputs: ReadonlySet<string>;
  /** Runs from then on are kept, ISO 8601 in UTC. */
  readonly since: string;
}

/** What lines say of runs of previews. Of all other runs only a little is held: there may be hundreds of thousands. */
export interface GatheredRuns {
  /** Ids of the lines that tombstones take back. */
  readonly gone: ReadonlySet<string>;
  /** Ids of the states of all runs. */
  readonly states: ReadonlySet<string>;
  /**
   * Lines of runs that left nothing but temporary files, which ComfyUI itself clears away: previews. A run that has a label, that another record names, or
   * whose output was used as an input is kept.
   */
  readonly temporary: (uses: Uses) => Recorded[];
}

/** @param lines in any order; one may stand more than once */
export async function gatherRuns(lines: AsyncIterable<LineageLine>): Promise<GatheredRuns> {
  const gone = new Set<string>();
  const all: LineFacts[] = [];
  const previews = new Map<string, Preview>();
  for await (const { commit, text } of lines) {
    const known = previews.get(text);
    if (known !== undefined) known.commits.push(...some(commit));
    else take(text, some(commit));
  }
  return gathered(gone, all, previews);

  function take(text: string, commits: string[]): void {
    const { entry, id } = readLineAndId(text, hash('sha256', text));
    if (entry.kind === 'tombstone') gone.add(entry.value.of);
    if (entry.kind === 'label') all.push({ id, names: [entry.value.of] });
    if (entry.kind !== 'record') return;
    const facts = factsOf(id, entry.value);
    all.push(facts);
    if (facts.temporary) previews.set(...preview(text, entry.value, commits));
  }
}

interface LineFacts {
  readonly id: string;
  /** `runKey`; absent for a label. */
  readonly run?: string;
  readonly temporary?: boolean;
  readonly state?: string;
  /** Ids of other lines. */
  readonly names: readonly string[];
}

interface Preview extends Recorded {
  readonly commits: string[];
}

const factsOf = (id: string, record: RunRecord) => ({
  id,
  run: runKey(record),
  temporary: record.outputs.length > 0 && record.outputs.every(({ temp }) => temp === true),
  ...(record.state === undefined ? {} : { state: record.state }),
  names: [record.cachedFrom, record.reproduces, record.varies].flatMap(some),
});

/** A copy of the text: it is a piece of the note that it stands in, all of which would stay in memory. */
function preview(piece: string, record: RunRecord, commits: string[]): [string, Preview] {
  const text = Buffer.from(piece).toString();
  return [text, { text, record, commits }];
}

const some = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value]);

function gathered(
  gone: ReadonlySet<string>,
  all: readonly LineFacts[],
  previews: ReadonlyMap<string, Recorded>,
): GatheredRuns {
  const there = all.filter(({ id }) => !gone.has(id));
  const kept = new Set(there.flatMap(({ run, temporary }) => (temporary === true ? [] : some(run))));
  const candidates = [...previews.values()].filter(
    ({ text, record }) => !kept.has(runKey(record)) && !gone.has(recordId(text)),
  );
  return {
    gone,
    states: new Set(there.flatMap(({ state }) => some(state))),
    temporary: (uses) => temporaryRecords(candidates, new Set(there.flatMap(({ names }) => names)), uses),
  };
}

const temporaryRecords = (candidates: readonly Recorded[], named: ReadonlySet<string>, { inputs, since }: Uses) =>
  joinRuns(candidates)
    .filter(({ best }) => startOf(best.record) < since)
    .map(({ best, others }) => [best, ...others])
    .filter((lines) => !lines.some(({ text, record }) => named.has(recordId(text)) || isUsed(record.outputs, inputs)))
    .flat();

const isUsed = (outputs: readonly { readonly sha256: string }[], inputs: ReadonlySet<string>) =>
  outputs.some(({ sha256 }) => inputs.has(sha256));
