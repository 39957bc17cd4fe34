import type { Draft } from '../lineage/draft.js';
import type { Lineage } from '../lineage/lineage.js';
import { findByOutput, type Recorded } from '../lineage/query.js';
import type { Question } from '../lineage/question.js';
import type { OutputEntry, RunRecord } from '../lineage/record.js';
import { recordId } from '../lineage/record-line.js';

/** The record of the run that made all that the server took from its cache. */
export interface AlreadyRecorded {
  readonly alreadyRecorded: true;
  readonly id: string;
  readonly record: RunRecord;
}

/** What lineage knows, runs included that are about to be recorded. */
export type Ask = (question: Question) => Promise<Lineage>;

/**
 * A run that the server answered from its cache made nothing: its outputs are those of an earlier run. Known ones are not recorded
 * again; where that run was not recorded, what is installed now is not what made them, so no state is kept.
 */
export async function linkToMaker(draft: Draft, cached: readonly string[], ask: Ask): Promise<Draft | AlreadyRecorded> {
  if (cached.length === 0) return draft;
  const { outputs } = draft.record;
  const known = await recordsOf(ask, outputs);
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

async function recordsOf(ask: Ask, outputs: readonly OutputEntry[]): Promise<readonly Recorded[]> {
  const files = outputs.map(({ sha256 }) => sha256);
  return (await ask({ files, pixels: outputs.flatMap(({ pixels }) => pixels ?? []) })).records;
}
