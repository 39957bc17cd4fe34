import { UsageError } from '../errors.js';
import { byTime, startOf } from '../lineage/query.js';
import type { FoundRow } from './find.js';

/** What `--sort` may name that needs no facets. */
export const sortedByRecord: readonly string[] = ['date', 'name', 'seed'];

/**
 * What `--sort` may name: `date` (newest first), `name`, or any input of the prompts (`cfg`, `steps`), smallest first.
 * @throws UsageError where none of them has such an input
 */
export function sortFound(rows: readonly FoundRow[], by: string): FoundRow[] {
  if (by === 'date') return [...rows].sort((a, b) => byTime(startOf(b.record), startOf(a.record)));
  if (by === 'name') return [...rows].sort((a, b) => a.output.name.localeCompare(b.output.name));
  if (rows.length > 0 && rows.every((row) => sortValue(row, by) === undefined)) {
    throw new UsageError(`none of these outputs has an input "${by}" to sort by`, {
      hint: 'sort by date, name, seed, or an input of the prompts such as cfg, steps or denoise',
    });
  }
  return [...rows].sort((a, b) => compareValues(sortValue(a, by), sortValue(b, by)));
}

const sortValue = (row: FoundRow, input: string): string | undefined =>
  input === 'seed' ? Object.values(row.record.seeds)[0] : row.facets?.values[input]?.[0];

/** Numbers as numbers, to the last digit; what has no such value comes last. */
function compareValues(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (/^\d+$/.test(a) && /^\d+$/.test(b)) return BigInt(a) < BigInt(b) ? -1 : Number(BigInt(a) > BigInt(b));
  const difference = Number(a) - Number(b);
  return Number.isNaN(difference) ? a.localeCompare(b) : difference;
}
