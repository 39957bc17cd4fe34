import { float64, openSections, type Sections, uint32, writeSections } from '../../files/sections.js';
import type { LineageTips } from '../../git/lineage-sources.js';
import { comfyPath, type Repository } from '../../git/repository.js';
import type { Column } from '../../lineage/index/column.js';
import { lazily } from '../../lineage/index/lazily.js';
import { documentBytes, hashBytes, type LineIndex, type Source } from '../../lineage/index/line-index.js';
import type { Postings } from '../../lineage/index/postings.js';
import { byColumn, type RowColumn, rowColumns } from '../../lineage/index/row.js';
import { byKey } from '../../lineage/index/term.js';

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

/**
 * What the cache has, its parts read when they are asked for; `undefined` where there is nothing, or it is damaged, or of another version.
 * @throws DamagedCache, also when a part is asked for
 */
export function readIndexFile(repository: Repository): KeptIndex | undefined {
  const sections = openSections(pathOf(repository), format);
  if (sections === undefined) return undefined;
  const { tips, sources } = JSON.parse(Buffer.from(sections.read('head')).toString('utf8')) as Head;
  return isWhole(sections, sources.length) ? { tips, index: lazyIndex(sections, sources) } : undefined;
}

function lazyIndex(sections: Sections, sources: readonly Source[]): LineIndex {
  const bytes = (name: string) => () => sections.read(name);
  const integers = (name: string) => () => uint32(sections.read(name));
  const numbers = (name: string) => () => float64(sections.read(name));
  const column = (name: RowColumn) => () =>
    lazily<Column>({
      values: bytes(`${name}.values`),
      ends: integers(`${name}.ends`),
      pairs: integers(`${name}.pairs`),
    });
  return lazily<LineIndex>({
    sources: () => sources,
    ends: integers('ends'),
    places: integers('places'),
    hashes: bytes('hashes'),
    runs: numbers('runs'),
    documents: numbers('documents'),
    snapshots: bytes('snapshots'),
    states: bytes('states'),
    groups: integers('groups'),
    kinds: bytes('kinds'),
    ids: integers('ids'),
    postings: () => lazily<Postings>(byKey((key) => integers(`postings.${key}`))),
    columns: () => lazily<LineIndex['columns']>(byColumn(column)),
  });
}

/** Bytes of each row in the parts that have something of every row. */
const bytesOfRow = {
  hashes: hashBytes,
  runs: 8,
  documents: 8,
  snapshots: documentBytes,
  states: documentBytes,
  groups: 4,
  kinds: 1,
  ids: 4,
};

/** Parts of one file that do not belong together can only be a fault of ours; the index is made anew then. */
function isWhole(sections: Sections, sources: number): boolean {
  const rows = sections.lengthOf('kinds');
  const places = uint32(sections.read('ends')).at(-1) ?? 0;
  return (
    sections.lengthOf('ends') === sources * 4 &&
    sections.lengthOf('places') === places * 3 * 4 &&
    Object.entries(bytesOfRow).every(([name, bytes]) => sections.lengthOf(name) === rows * bytes)
  );
}

/** Keeps it for the next question; where it cannot be written (a read-only disk) the next one costs more. */
export async function writeIndexFile(repository: Repository, { tips, index }: KeptIndex): Promise<void> {
  const { sources, columns, postings, ...arrays } = index;
  const parts = new Map<string, Uint8Array>([['head', Buffer.from(JSON.stringify({ tips, sources }))]]);
  const put = (name: string, { buffer, byteOffset, byteLength }: ArrayBufferView) =>
    parts.set(name, new Uint8Array(buffer, byteOffset, byteLength));
  for (const [name, array] of Object.entries(arrays)) put(name, array);
  for (const [key, array] of Object.entries(postings)) put(`postings.${key}`, array);
  for (const name of rowColumns) {
    for (const [part, array] of Object.entries(columns[name])) put(`${name}.${part}`, array);
  }
  await writeSections(pathOf(repository), format, parts).catch(() => undefined);
}
