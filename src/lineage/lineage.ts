import type { Recorded } from './query.js';
import type { Label } from './record.js';
import { type Entry, readLine, recordId, type Unreadable } from './record-line.js';

/** A line as it was found; `commit` is the one whose note it stands in. */
export interface LineageLine {
  readonly commit?: string;
  readonly text: string;
}

/** Everything that lineage says, what was taken back left out. */
export interface Lineage {
  readonly records: readonly Recorded[];
  readonly labels: readonly Label[];
  readonly skipped: readonly SkippedLine[];
}

/** A line that could not be read, and why; it hides no other. */
export interface SkippedLine {
  readonly commit?: string;
  readonly reason: Unreadable['reason'];
  readonly why: string;
}

/** Reads lines from wherever they come; a line that stands twice counts once. */
export function gatherLineage(lines: Iterable<LineageLine>): Lineage {
  const entries = new Map<string, Entry>();
  const skipped: SkippedLine[] = [];
  for (const { commit, text } of lines) {
    if (entries.has(text)) continue;
    const entry = readLine(text);
    if (entry.kind !== 'unreadable') entries.set(text, entry);
    else skipped.push({ ...(commit === undefined ? {} : { commit }), reason: entry.reason, why: entry.why });
  }
  const kept = withoutTakenBack([...entries.values()]);
  return {
    records: kept.flatMap(({ kind, text, value }) => (kind === 'record' ? [{ text, record: value }] : [])),
    labels: kept.flatMap(({ kind, value }) => (kind === 'label' ? [value] : [])),
    skipped,
  };
}

/** The id of a line costs a hash; where nothing was taken back none is made. */
function withoutTakenBack(entries: readonly Entry[]): readonly Entry[] {
  const gone = new Set(entries.flatMap(({ kind, value }) => (kind === 'tombstone' ? [value.of] : [])));
  return gone.size === 0 ? entries : entries.filter(({ text }) => !gone.has(recordId(text)));
}
