import { InputError } from '../errors.js';
import { readLine, recordId } from './record-line.js';

/** Of lines, those that a tombstone among them takes back. */
export function takenBack(lines: readonly string[]): ReadonlySet<string> {
  const isGone = goneTest(new Set(lines.flatMap((text) => idTakenBack(text) ?? [])));
  return new Set(lines.filter(isGone));
}

/** Whether a line is one of those that were taken back. @param gone their ids */
export function goneTest(gone: ReadonlySet<string>): (text: string) => boolean {
  // The id of a line costs a hash.
  return gone.size === 0 ? () => false : (text) => gone.has(idOf(text) ?? '') && readLine(text).kind !== 'unreadable';
}

/** Ids of the lines that tombstones among these take back. */
export async function idsTakenBack(lines: AsyncIterable<string>): Promise<ReadonlySet<string>> {
  const gone = new Set<string>();
  for await (const text of lines) {
    const id = idTakenBack(text);
    if (id !== undefined) gone.add(id);
  }
  return gone;
}

/** The id of the line that a tombstone takes back; `undefined` for any other line. */
function idTakenBack(text: string): string | undefined {
  const line = text.includes('"tombstone"') ? readLine(text) : undefined;
  return line?.kind === 'tombstone' ? line.value.of : undefined;
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
