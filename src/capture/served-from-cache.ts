import type { Draft } from '../lineage/draft.js';
import { gatherLineage, type LineageLine } from '../lineage/lineage.js';
import { findByOutput, type Recorded } from '../lineage/query.js';
import type { OutputEntry, RunRecord } from '../lineage/record.js';
import { recordId } from '../lineage/record-line.js';
import { linesAbout } from './lines-about.js';

/** The record of the run that made all that the server took from its cache. */
export interface AlreadyRecorded {
  readonly alreadyRecorded: true;
  readonly id: string;
  readonly record: RunRecord;
}

/** All lines of lineage, read when they are first asked for. */
export type Lines = () => Promise<readonly LineageLine[]>;

/**
 * A run that the server answered from its cache made nothing: its outputs are those of an earlier run. Known ones are not recorded
 * again; where that run was not recorded, what is installed now is not what made them, so no state is kept.
 */
export async function linkToMaker(
  draft: Draft,
  cached: readonly string[],
  lines: Lines,
): Promise<Draft | AlreadyRecorded> {
  if (cached.length === 0) return draft;
  const { outputs } = draft.record;
  const known = recordsOf(await lines(), outputs);
  const isOld = ({ node }: OutputEntry) => cached.includes(node);
  const fresh = outputs.filter((output) => !isOld(output) || makerOf(known, { sha256: output.sha256 }) === undefined);
  const [first] = outputs;
  if (fresh.length === 0 && first !== undefined) return alreadyRecorded(known, first);
  if (fresh.every(isOld)) return withoutState(draft, fresh);
  const maker = fresh.map(({ pixels }) => makerOf(known, pixels === undefined ? {} : { pixels })).find(Boolean);
  const link = maker === undefined ? {} : { cachedFrom: recordId(maker.text) };
  return { ...draft, record: { ...draft.record, outputs: fresh, ...link } };
}

function alreadyRecorded(known: readonly Recorded[], { sha256 }: OutputEntry): AlreadyRecorded {
  const { text, record } = makerOf(known, { sha256 }) as Recorded;
  return { alreadyRecorded: true, id: recordId(text), record };
}

const makerOf = (known: readonly Recorded[], keys: { sha256?: string; pixels?: string }) =>
  findByOutput(known, keys)?.run.best;

function withoutState({ state: _, ...draft }: Draft, outputs: readonly OutputEntry[]): Draft {
  const { state: __, ...record } = draft.record;
  return { ...draft, record: { ...record, outputs, fromCache: true } };
}

function recordsOf(lines: readonly LineageLine[], outputs: readonly OutputEntry[]): readonly Recorded[] {
  const keys = outputs.flatMap(({ sha256, pixels }) => (pixels === undefined ? [sha256] : [sha256, pixels]));
  return gatherLineage(linesAbout(lines, (text) => keys.some((key) => text.includes(key)))).records;
}
