import { float64, openSections, type Sections, uint32, writeSections } from '../files/sections.js';
import { comfyPath, type Repository } from '../git/repository.js';
import { type Column, emptyColumn } from '../lineage/index/column.js';
import { emptyFacetIndex, type FacetIndex } from '../lineage/index/facet-index.js';
import { lazily } from '../lineage/index/lazily.js';

/** Another number where what is kept changes: then no older file is read. */
const format = 'git-comfy facets 2';
const pathOf = (repository: Repository) => comfyPath(repository, 'cache', 'facets.index');

/**
 * What the cache has of facets, its columns read when they are asked for; empty where there is nothing, or it is damaged.
 * @throws DamagedCache, also when a column is asked for
 */
export function readFacetFile(repository: Repository): FacetIndex {
  const sections = openSections(pathOf(repository), format);
  if (sections === undefined) return emptyFacetIndex;
  const names = JSON.parse(Buffer.from(sections.read('names')).toString('utf8')) as string[];
  const columns = new Map(names.map((name, at) => [name, lazyColumn(sections, at)]));
  return {
    documents: float64(sections.read('documents')),
    names,
    column: (name) => columns.get(name) ?? emptyColumn,
  };
}

const lazyColumn = (sections: Sections, at: number) =>
  lazily<Column>({
    values: () => sections.read(`${at}.values`),
    ends: () => uint32(sections.read(`${at}.ends`)),
    pairs: () => uint32(sections.read(`${at}.pairs`)),
  });

/** Keeps it for the next question; where it cannot be written the next one costs more. */
export async function writeFacetFile(repository: Repository, { documents, names, column }: FacetIndex): Promise<void> {
  const parts = new Map<string, Uint8Array>([['names', Buffer.from(JSON.stringify(names))]]);
  const put = (name: string, { buffer, byteOffset, byteLength }: ArrayBufferView) =>
    parts.set(name, new Uint8Array(buffer, byteOffset, byteLength));
  put('documents', documents);
  for (const [at, name] of names.entries()) {
    for (const [array, numbers] of Object.entries(column(name))) put(`${at}.${array}`, numbers);
  }
  await writeSections(pathOf(repository), format, parts).catch(() => undefined);
}
