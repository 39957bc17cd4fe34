import type { Lineage } from '../lineage/lineage.js';
import type { Recorded } from '../lineage/query.js';
import { recordId } from '../lineage/record-line.js';
import type { Fault } from './fault.js';

const links = [
  ['cachedFrom', 'whose pixels it took from the cache'],
  ['reproduces', 'that it re-creates'],
  ['varies', 'that it varies'],
] as const;

/** Records and labels that name a record which is not there. */
export function checkLinks({ records, labels }: Lineage): Fault[] {
  const named = [
    ...records.flatMap((recorded) => linksOf(recorded)),
    ...labels.map(({ label }) => ({ id: label.of, text: `the label ${label.name} is on a record` })),
  ];
  if (named.length === 0) return [];
  const ids = new Set(records.map(({ text }) => recordId(text)));
  const missing = new Map(named.filter(({ id }) => !ids.has(id)).map((link) => [`${link.id} ${link.text}`, link]));
  return [...missing.values()].map(({ id, text }) => ({
    code: 'record-missing',
    subject: id,
    text: `${text} that is not in this clone: ${id.slice(0, 10)}`,
    hint: 'fetch it from a remote that has it: git comfy sync',
  }));
}

const linksOf = ({ record }: Recorded) =>
  links.flatMap(([key, words]) => {
    const id = record[key];
    const name = record.outputs[0]?.name ?? 'a run without output';
    return id === undefined ? [] : [{ id, text: `${name} names a record (the run ${words})` }];
  });
