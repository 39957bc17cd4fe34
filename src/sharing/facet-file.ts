import { float64, readSections, uint32, writeSections } from '../files/sections.js';
import { comfyPath, type Repository } from '../git/repository.js';
import { type Column, emptyColumn } from '../lineage/index/column.js';
import { emptyFacetIndex, type FacetIndex } from '../lineage/index/facet-index.js';

/** Another number where what is kept changes: then no older file is read. */
const format = 'git-comfy facets 1';
const pathOf = (repository: Repository) => comfyPath(repository, 'cache', 'facets.index');

/** What the cache has of facets; empty where there is nothing, or it is damaged. */
export function readFacetFile(repository: Repository): FacetIndex {
  const sections = readSections(pathOf(repository), format);
  if (sections === undefined) return emptyFacetIndex;
  const part = (name: string) => sections.get(name) ?? new Uint8Array();
  const names = JSON.parse(Buffer.from(part('names')).toString('utf8')) as string[];
  const columns = new Map<string, Column>();
  for (const [at, name] of names.entries()) {
    const [values, ends, pairs] = [part(`${at}.values`), uint32(part(`${at}.ends`)), uint32(part(`${at}.pairs`))];
    columns.set(name, { values, ends, pairs });
  }
  return {
    documents: float64(part('documents')),
    names,
    column: (name) => columns.get(name) ?? emptyColumn,
  };
}

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
