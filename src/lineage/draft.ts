import { isObject, tryParseJson, writeJson } from '../workflow/json.js';
import type { RunRecord } from './record.js';
import { readLine, writeRecord } from './record-line.js';

/** Everything that is known of a run before its commit is looked for: what the journal holds until it is in the refs. */
export interface Draft {
  /** Without a commit; `match` is `uncommitted` until one is found. */
  readonly record: RunRecord;
  /** The commit that HEAD was at; absent before the first one, and for an output that was taken in later. */
  readonly head?: string;
  /** Text of the snapshot's and the state's document. */
  readonly snapshot: string;
  readonly state?: string;
}

export const writeDraft = (draft: Draft): string =>
  `${writeJson(
    new Map(
      Object.entries({ journal: 1, ...draft, record: writeRecord(draft.record) }).filter(
        (entry): entry is [string, string | number] => entry[1] !== undefined,
      ),
    ),
  )}\n`;

/** `undefined` for what is damaged or of a later version: it stays in the journal for whoever can read it. */
export function readDraft(text: string): Draft | undefined {
  const json = tryParseJson(text);
  if (!isObject(json) || json.get('journal') !== 1) return undefined;
  const member = (key: string) => {
    const value = json.get(key);
    return typeof value === 'string' ? value : undefined;
  };
  const line = readLine(member('record') ?? '');
  const [head, snapshot, state] = [member('head'), member('snapshot'), member('state')];
  if (line.kind !== 'record' || snapshot === undefined) return undefined;
  return {
    record: line.value,
    snapshot,
    ...(head === undefined ? {} : { head }),
    ...(state === undefined ? {} : { state }),
  };
}
