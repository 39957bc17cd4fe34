import { float64, readSections, uint32, writeSections } from '../../files/sections.js';
import type { LineageTips } from '../../git/lineage-sources.js';
import { comfyPath, type Repository } from '../../git/repository.js';
import type { Column } from '../../lineage/index/column.js';
import { documentBytes, hashBytes, type LineIndex, type Source } from '../../lineage/index/line-index.js';
import { type RowColumn, rowColumns } from '../../lineage/index/row.js';

/** Another number where what is kept of a line changes: then no older file is read. */
const format = 'git-comfy lineage index 3';

/** One name for all versions: a newer one takes the place of an older one, which nobody would remove. */
const pathOf = (repository: Repository) => comfyPath(repository, 'cache', 'lineage.index');

/** An index, and the state of the refs that it is of. */
export interface KeptIndex {
  readonly tips: LineageTips;
  readonly index: LineIndex;
}

interface Head {
  readonly tips: LineageTips;
  readonly sources: readonly Source[];
}

/** What the cache has; `undefined` where there is nothing, or it is damaged, or of another version. */
export function readIndexFile(repository: Repository): KeptIndex | undefined {
  const sections = readSections(pathOf(repository), format);
  return sections === undefined ? undefined : keptIndex(sections);
}

function keptIndex(sections: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): KeptIndex | undefined {
  const bytes = (name: string) => sections.get(name) ?? new Uint8Array();
  const head = JSON.parse(Buffer.from(bytes('head')).toString('utf8')) as Head;
  const column = (name: RowColumn): Column => ({
    values: bytes(`${name}.values`),
    ends: uint32(bytes(`${name}.ends`)),
    pairs: uint32(bytes(`${name}.pairs`)),
  });
  const index: LineIndex = {
    sources: head.sources,
    ends: uint32(bytes('ends')),
    places: uint32(bytes('places')),
    hashes: bytes('hashes'),
    runs: float64(bytes('runs')),
    documents: float64(bytes('documents')),
    snapshots: bytes('snapshots'),
    states: bytes('states'),
    groups: uint32(bytes('groups')),
    kinds: bytes('kinds'),
    ids: uint32(bytes('ids')),
    postings: uint32(bytes('postings')),
    columns: Object.fromEntries(rowColumns.map((name) => [name, column(name)])) as LineIndex['columns'],
  };
  return isWhole(index) ? { tips: head.tips, index } : undefined;
}

/** Parts of one file that do not belong together can only be a fault of ours; the index is made anew then. */
function isWhole(index: LineIndex): boolean {
  const { sources, ends, places, hashes, snapshots, states, runs, documents, groups, kinds, ids } = index;
  const rows = kinds.length;
  return (
    ends.length === sources.length &&
    (ends.at(-1) ?? 0) * 3 === places.length &&
    hashes.length === rows * hashBytes &&
    snapshots.length === rows * documentBytes &&
    states.length === rows * documentBytes &&
    [runs, documents, groups, ids].every(({ length }) => length === rows)
  );
}

/** Keeps it for the next question; where it cannot be written (a read-only disk) the next one costs more. */
export async function writeIndexFile(repository: Repository, { tips, index }: KeptIndex): Promise<void> {
  const { sources, columns, ...arrays } = index;
  const parts = new Map<string, Uint8Array>([['head', Buffer.from(JSON.stringify({ tips, sources }))]]);
  const put = (name: string, { buffer, byteOffset, byteLength }: ArrayBufferView) =>
    parts.set(name, new Uint8Array(buffer, byteOffset, byteLength));
  for (const [name, array] of Object.entries(arrays)) put(name, array);
  for (const name of rowColumns) {
    for (const [part, array] of Object.entries(columns[name])) put(`${name}.${part}`, array);
  }
  await writeSections(pathOf(repository), format, parts).catch(() => undefined);
}
