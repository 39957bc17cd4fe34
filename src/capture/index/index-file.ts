import { openSections, type Sections, writeSections } from '../../files/sections.js';
import type { LineageTips } from '../../git/lineage-sources.js';
import { comfyPath, type Repository } from '../../git/repository.js';
import type { Column } from '../../lineage/index/column.js';
import { hashBytes, type LineIndex, type Source } from '../../lineage/index/line-index.js';
import { type RowColumn, rowColumns } from '../../lineage/index/row.js';

/** Another number where what is kept of a line changes: then no older file is read. */
const format = 'git-comfy lineage index 1';

const pathOf = (repository: Repository) => comfyPath(repository, 'cache', 'lineage-1.index');

/** An index, and the state of the refs that it is of. */
export interface KeptIndex {
  readonly tips: LineageTips;
  readonly index: LineIndex;
}

interface Head {
  readonly tips: LineageTips;
  readonly sources: readonly Source[];
  readonly counts: Readonly<Record<RowColumn, number>>;
}

/** What the cache has; `undefined` where there is nothing, or it is damaged, or of another version. */
export function readIndexFile(repository: Repository): KeptIndex | undefined {
  const file = openSections(pathOf(repository), format);
  if (file === undefined) return undefined;
  try {
    return readKept(file);
  } catch {
    return undefined;
  } finally {
    file.close();
  }
}

function readKept(file: Sections): KeptIndex | undefined {
  const bytes = (name: string) => {
    const read = file.read(name);
    if (read === undefined) throw new RangeError(name);
    return read.buffer;
  };
  const head = JSON.parse(Buffer.from(bytes('head')).toString('utf8')) as Head;
  const column = (name: RowColumn): Column => ({
    count: head.counts[name],
    values: new Uint8Array(bytes(`${name}.values`)),
    pairs: new Uint32Array(bytes(`${name}.pairs`)),
  });
  const index: LineIndex = {
    sources: head.sources,
    ends: new Uint32Array(bytes('ends')),
    places: new Uint32Array(bytes('places')),
    hashes: new Uint8Array(bytes('hashes')),
    runs: new Float64Array(bytes('runs')),
    groups: new Uint32Array(bytes('groups')),
    kinds: new Uint8Array(bytes('kinds')),
    ids: new Uint32Array(bytes('ids')),
    postings: new Uint32Array(bytes('postings')),
    columns: Object.fromEntries(rowColumns.map((name) => [name, column(name)])) as LineIndex['columns'],
  };
  return isWhole(index) ? { tips: head.tips, index } : undefined;
}

/** Parts of one file that do not belong together can only be a fault of ours; the index is made anew then. */
function isWhole({ sources, ends, places, hashes, runs, groups, kinds, ids }: LineIndex): boolean {
  const rows = kinds.length;
  return (
    ends.length === sources.length &&
    (ends.at(-1) ?? 0) * 3 === places.length &&
    hashes.length === rows * hashBytes &&
    [runs, groups, ids].every(({ length }) => length === rows)
  );
}

/** Keeps it for the next question; where it cannot be written (a read-only disk) the next one costs more. */
export async function writeIndexFile(repository: Repository, { tips, index }: KeptIndex): Promise<void> {
  const { sources, columns, ...arrays } = index;
  const counts = Object.fromEntries(rowColumns.map((name) => [name, columns[name].count]));
  const parts = new Map<string, Uint8Array>([['head', Buffer.from(JSON.stringify({ tips, sources, counts }))]]);
  const put = (name: string, { buffer, byteOffset, byteLength }: ArrayBufferView) =>
    parts.set(name, new Uint8Array(buffer, byteOffset, byteLength));
  for (const [name, array] of Object.entries(arrays)) put(name, array);
  for (const name of rowColumns) {
    put(`${name}.values`, columns[name].values);
    put(`${name}.pairs`, columns[name].pairs);
  }
  await writeSections(pathOf(repository), format, parts).catch(() => undefined);
}
