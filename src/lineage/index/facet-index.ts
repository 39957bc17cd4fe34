import type { Facets } from '../facets.js';
import { type Cell, type Column, cellsOf, emptyColumn, extended } from './column.js';

/** Facets of many documents; the rows of its columns are positions in `documents`. */
export interface FacetIndex {
  /** `documentOf` records. */
  readonly documents: Float64Array<ArrayBuffer>;
  /** Every list of `Facets` by its name, and every input as `input <name>`. */
  readonly names: readonly string[];
  column(name: string): Column;
}

const lists = ['models', 'digests', 'packs', 'positive', 'negative'] as const;
const inputPrefix = 'input ';

export const inputColumn = (name: string) => `${inputPrefix}${name}`;

export const emptyFacetIndex: FacetIndex = {
  documents: new Float64Array(),
  names: [],
  column: () => emptyColumn,
};

/** A document that comes to the index. */
export type FacetsOfDocument = readonly [document: number, facets: Facets];

export function extendedFacets(index: FacetIndex, added: readonly FacetsOfDocument[]): FacetIndex {
  const first = index.documents.length;
  const cells = new Map<string, Cell[]>();
  for (const [at, [, facets]] of added.entries()) {
    for (const [name, values] of listsOf(facets)) {
      const there = cells.get(name) ?? [];
      for (const value of values) there.push([first + at, value]);
      cells.set(name, there);
    }
  }
  const columns = new Map([...cells].map(([name, these]) => [name, extended(index.column(name), these)]));
  const documents = new Float64Array(first + added.length);
  documents.set(index.documents);
  documents.set(
    added.map(([document]) => document),
    first,
  );
  return {
    documents,
    names: [...new Set([...index.names, ...columns.keys()])],
    column: (name) => columns.get(name) ?? index.column(name),
  };
}

const listsOf = (facets: Facets): (readonly [string, readonly string[]])[] => [
  ...lists.map((name) => [name, facets[name]] as const),
  ...Object.entries(facets.values).map(([name, values]) => [inputColumn(name), values] as const),
];

/** What was put in at a position. */
export function facetsAt(index: FacetIndex, position: number): Facets {
  const found = (name: string) => cellsOf(index.column(name), position);
  const inputs = index.names.flatMap((name): [string, string[]][] => {
    const values = name.startsWith(inputPrefix) ? found(name) : [];
    return values.length === 0 ? [] : [[name.slice(inputPrefix.length), values]];
  });
  const [models = [], digests = [], packs = [], positive = [], negative = []] = lists.map(found);
  return { models, digests, packs, positive, negative, values: Object.fromEntries(inputs) };
}
