import { InputError } from '../errors.js';
import type { Lineage } from './lineage.js';
import { joinRuns, type Recorded, type Run, startOf } from './query.js';
import { readLine, recordId } from './record-line.js';

/** What keeps a run of previews: it is used by something that stays. */
export interface Uses {
  /** SHA-256 of files that were the input of some run. */
  readonly inputs: ReadonlySet<string>;
  /** Runs from then on are kept, ISO 8601 in UTC. */
  readonly since: string;
}

/**
 * Lines of runs that left nothing but temporary files, which ComfyUI itself clears away: previews. A run that has a label, that another record names, or
 * whose output was used as an input is kept.
 */
export function temporaryRecords({ records, labels }: Lineage, { inputs, since }: Uses): Recorded[] {
  const runs = joinRuns(records).filter((run) => isTemporary(run) && startOf(run.best.record) < since);
  if (runs.length === 0) return [];
  const named = new Set([
    ...labels.map(({ label }) => label.of),
    ...records.flatMap(({ record }) => [record.cachedFrom, record.reproduces, record.varies]),
  ]);
  return runs
    .map(({ best, others }) => [best, ...others])
    .filter((lines) => !lines.some(({ text, record }) => named.has(recordId(text)) || isUsed(record.outputs, inputs)))
    .flat();
}

const isTemporary = ({ best, others }: Run) =>
  [best, ...others].every(
    ({ record: { outputs } }) => outputs.length > 0 && outputs.every(({ temp }) => temp === true),
  );

const isUsed = (outputs: readonly { readonly sha256: string }[], inputs: ReadonlySet<string>) =>
  outputs.some(({ sha256 }) => inputs.has(sha256));

/** Of lines, those that a tombstone among them takes back. */
export function takenBack(lines: readonly string[]): ReadonlySet<string> {
  const gone = new Set(lines.flatMap((text) => (text.includes('"tombstone"') ? (idTakenBack(text) ?? []) : [])));
  // The id of a line costs a hash.
  return gone.size === 0 ? gone : new Set(lines.filter((text) => gone.has(idOf(text) ?? '') && isReadable(text)));
}

/** `undefined` for what is no JSON. */
function idOf(text: string): string | undefined {
  try {
    return recordId(text);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function idTakenBack(text: string): string | undefined {
  const line = readLine(text);
  return line.kind === 'tombstone' ? line.value.of : undefined;
}

const isReadable = (text: string) => readLine(text).kind !== 'unreadable';

/**
 * Takes those ids out of `candidates` that could be named in these lines: a line of a later version, or one that is damaged, points somewhere too.
 * @param candidates 64 hex digits each; changed
 */
export function withoutNamed(candidates: Set<string>, lines: Iterable<string>): Set<string> {
  for (const line of lines) for (const [id] of line.matchAll(/[0-9a-f]{64}/g)) candidates.delete(id);
  return candidates;
}

/** Ids of the documents that these records name, for certain. */
export function documentsOfRecords(lines: Iterable<string>): {
  readonly snapshot: Set<string>;
  readonly state: Set<string>;
} {
  const found = { snapshot: new Set<string>(), state: new Set<string>() };
  for (const line of lines) {
    for (const [, kind, id = ''] of line.matchAll(/"(snapshot|state)": ?"([0-9a-f]{64})"/g)) {
      found[kind as 'snapshot' | 'state'].add(id);
    }
  }
  return found;
}
