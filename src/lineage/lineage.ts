import type { LabelLine } from './labels.js';
import type { Recorded } from './query.js';
import { type Entry, readLine, recordId, type Unreadable } from './record-line.js';

/** A line as it was found; `commit` is the one whose note it stands in. */
export interface LineageLine {
  readonly commit?: string;
  readonly text: string;
}

/** Everything that lineage says, what was taken back left out. */
export interface Lineage {
  readonly records: readonly Recorded[];
  readonly labels: readonly LabelLine[];
  readonly skipped: readonly SkippedLine[];
}

/** A line that could not be read, and why; it hides no other. */
export interface SkippedLine {
  readonly commit?: string;
  readonly reason: Unreadable['reason'];
  readonly why: string;
}

interface Kept {
  readonly entry: Entry;
  readonly commits: string[];
}

/**
 * Reads lines from wherever they come; a line that stands twice counts once.
 * @param matters whether an unreadable line is to be named
 */
export function gatherLineage(
  lines: Iterable<LineageLine>,
  matters: (line: LineageLine) => boolean = () => true,
): Lineage {
  const found = new Map<string, Kept>();
  const skipped: SkippedLine[] = [];
  for (const { commit, text } of lines) {
    const where = commit === undefined ? {} : { commit };
    const known = found.get(text);
    const entry = known?.entry ?? readLine(text);
    if (entry.kind === 'unreadable') {
      if (matters({ ...where, text })) skipped.push({ ...where, reason: entry.reason, why: entry.why });
    } else if (known === undefined) found.set(text, { entry, commits: Object.values(where) });
    else known.commits.push(...Object.values(where));
  }
  return { ...sorted(withoutTakenBack([...found.values()])), skipped };
}

function sorted(kept: readonly Kept[]): Omit<Lineage, 'skipped'> {
  const records: Recorded[] = [];
  const labels: LabelLine[] = [];
  for (const { entry, commits } of kept) {
    if (entry.kind === 'record') records.push({ text: entry.text, record: entry.value, commits });
    if (entry.kind === 'label') labels.push({ text: entry.text, label: entry.value });
  }
  return { records, labels };
}

/** The id of a line costs a hash; where nothing was taken back none is made. */
function withoutTakenBack(kept: readonly Kept[]): readonly Kept[] {
  const gone = new Set(kept.flatMap(({ entry }) => (entry.kind === 'tombstone' ? [entry.value.of] : [])));
  return gone.size === 0 ? kept : kept.filter(({ entry }) => !gone.has(recordId(entry.text)));
}
