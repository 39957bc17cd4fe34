import { InputError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import { readState } from '../lineage/documents.js';
import { kinRows } from '../lineage/index/kin-rows.js';
import { rowsOfRuns, withWaiting } from '../lineage/index/lookup.js';
import { rowsByState } from '../lineage/index/state-rows.js';
import type { InputsOfStates } from '../lineage/kinship.js';
import { gatherLineage, type Lineage } from '../lineage/lineage.js';
import { writeRecord } from '../lineage/record-line.js';
import type { State } from '../lineage/state.js';
import { askIndex } from './index/open-index.js';
import { readRows } from './index/read-rows.js';
import { readRecordJournal } from './lineage-journal.js';
import { readDocuments } from './read-documents.js';

/** Lines of the runs that an output has to do with, for `kinshipOf`. */
export interface Kin extends Pick<Lineage, 'records' | 'skipped'> {
  readonly states: InputsOfStates;
}

/**
 * Reads what an output was made from, and what was made from it: the index tells which runs made a file and which states they point to, a state its inputs.
 * @throws GitError `git-failed`
 */
export async function readKin(repository: Repository, sha256: string): Promise<Kin> {
  const { waiting } = await readRecordJournal(repository);
  const drafts = waiting.map(({ draft }) => draft.record);
  return askIndex(repository, async (index) => {
    const ids = [...rowsByState(index).keys(), ...drafts.flatMap(({ state }) => state ?? [])];
    const states = await readInputs(repository, ids);
    const wanted = withWaiting(index, kinRows(index, sha256, { states, drafts }), drafts);
    const lines = await readRows(repository, index, rowsOfRuns(index, wanted, drafts));
    const { records, skipped } = gatherLineage([...lines, ...drafts.map((record) => ({ text: writeRecord(record) }))]);
    return { records, skipped, states };
  });
}

/** Inputs by the id of each state that has some. One that this clone does not have, or that is damaged, tells of none. */
async function readInputs(repository: Repository, ids: readonly string[]): Promise<InputsOfStates> {
  const wanted = [...new Set(ids)];
  const states = new Map<string, State['inputs']>();
  for await (const { index, text } of readDocuments(repository, 'state', wanted)) {
    // Most runs take no picture in: those are not parsed.
    if (text === undefined || text.includes('"inputs":{}')) continue;
    try {
      states.set(wanted[index] ?? '', readState(text).inputs);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
  return states;
}
