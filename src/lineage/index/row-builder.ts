import { columnBuilder } from './column.js';
import { growing } from './growing.js';
import { documentBytes, hashBytes, type LineIndex } from './line-index.js';
import { postingsBuilder, rowsOf } from './postings.js';
import { byColumn, type Row, rowColumns, rowOf } from './row.js';
import { hasKey, termOf } from './term.js';

/** What an index has of its rows, wherever they stand. */
export type Rows = Omit<LineIndex, 'sources' | 'places' | 'ends'>;

/** Rows that become more. */
export interface RowBuilder {
  /** The row of a line, which is made where the index has none of it yet. @param hash SHA-256 of its bytes */
  rowFor(bytes: Buffer, hash: Buffer): number;
  finish(): Rows;
}

export function rowBuilder(old: Rows): RowBuilder {
  const fresh = new Map<string, number>();
  const lists = {
    hashes: growing(old.hashes),
    runs: growing(old.runs),
    documents: growing(old.documents),
    snapshots: growing(old.snapshots),
    states: growing(old.states),
    groups: growing(old.groups),
    kinds: growing(old.kinds),
    ids: growing(old.ids),
  };
  const postings = postingsBuilder(old.postings);
  const columns = byColumn((name) => columnBuilder(old.columns[name]));
  const groupFor = groupFinder(old);
  const add = (row: number, made: Row) => {
    lists.runs.push(made.run);
    lists.documents.push(made.document);
    lists.snapshots.append(digestBytes(made.snapshot));
    lists.states.append(digestBytes(made.state));
    lists.groups.push(groupFor(row, made));
    lists.kinds.push(made.kind);
    lists.ids.push(made.id);
    for (const term of made.terms) postings.add(term, row);
    for (const name of rowColumns) for (const value of made.cells[name] ?? []) columns[name].add(row, value);
  };
  return {
    rowFor(bytes, hash) {
      const key = hash.toString('latin1', 0, hashBytes);
      const known = fresh.get(key) ?? oldRow(old, hash);
      if (known !== undefined) return known;
      const row = lists.kinds.length;
      lists.hashes.append(hash.subarray(0, hashBytes));
      add(row, rowOf(bytes.toString('utf8'), hash.toString('hex')));
      fresh.set(key, row);
      return row;
    },
    finish: () => ({
      hashes: lists.hashes.now(),
      runs: lists.runs.now(),
      documents: lists.documents.now(),
      snapshots: lists.snapshots.now(),
      states: lists.states.now(),
      groups: lists.groups.now(),
      kinds: lists.kinds.now(),
      ids: lists.ids.now(),
      postings: postings.finish(),
      columns: byColumn((name) => columns[name].finish()),
    }),
  };
}

const noDigest = new Uint8Array(documentBytes);

const digestBytes = (hex: string): Uint8Array => (hex === '' ? noDigest : Buffer.from(hex, 'hex'));

function oldRow({ postings, hashes }: Rows, hash: Buffer): number | undefined {
  for (const row of rowsOf(postings, termOf('line', hash.toString('hex', 0, 4)))) {
    if (hash.compare(hashes, row * hashBytes, (row + 1) * hashBytes, 0, hashBytes) === 0) return row;
  }
  return undefined;
}

/** The first row of the run that a new one belongs to, which may be itself. */
function groupFinder(old: Rows): (row: number, made: Row) => number {
  const fresh = new Map<number, number>();
  return (row, { run, terms }) => {
    if (run === 0) return row;
    const term = terms.find((one) => hasKey(one, 'run')) ?? 0;
    const group = fresh.get(run) ?? groupOf(old, { run, term }) ?? row;
    fresh.set(run, group);
    return group;
  };
}

/** The group of a run that the index has. @param term the run's */
export function groupOf(
  { runs, groups, postings }: Pick<Rows, 'runs' | 'groups' | 'postings'>,
  { run, term }: { readonly run: number; readonly term: number },
): number | undefined {
  for (const row of rowsOf(postings, term)) if (runs[row] === run) return groups[row];
  return undefined;
}
