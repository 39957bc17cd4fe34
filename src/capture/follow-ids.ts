import type { RunRecord } from '../lineage/record.js';
import { recordId, writeRecord } from '../lineage/record-line.js';

/** A record as it was written down first, and as it is now that its commit is known. */
export interface Placed {
  readonly draft: { readonly record: RunRecord };
  readonly record: RunRecord;
}

const links = ['cachedFrom', 'reproduces', 'varies'] as const;

const idOf = (record: RunRecord) => recordId(writeRecord(record));

/**
 * Finding its commit gives a record another id, and a record that was written down together with it may name it by the first one: those names follow.
 * Returns the records in their order.
 */
export function followIds(placed: readonly Placed[]): RunRecord[] {
  const named = new Set(placed.flatMap(({ record }) => links.flatMap((link) => record[link] ?? [])));
  if (named.size === 0) return placed.map(({ record }) => record);
  const at = new Map(placed.map(({ draft }, index) => [idOf(draft.record), index]));
  const done = new Map<number, RunRecord>();
  const follow = (index: number): RunRecord => {
    const known = done.get(index);
    if (known !== undefined) return known;
    const { record } = placed[index] as Placed;
    const changed = links.flatMap((link) => {
      const target = at.get(record[link] ?? '');
      return target === undefined ? [] : [[link, idOf(follow(target))] as const];
    });
    const followed = { ...record, ...Object.fromEntries(changed) };
    done.set(index, followed);
    return followed;
  };
  return placed.map((_, index) => follow(index));
}
