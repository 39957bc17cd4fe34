import type { Facets } from '../facets.js';
import { type Column, type ColumnBuilder, cellsOf, columnBuilder, emptyColumn } from './column.js';
import { growing } from './growing.js';

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

/** An index that grows, document by document. */
export interface FacetBuilder {
  add(document: number, facets: Facets): void;
  /** What it is now; it may grow on. */
  finish(): FacetIndex;
}

export function facetBuilder(index: FacetIndex): FacetBuilder {
  const documents = growing(index.documents);
  const builders = new Map<string, ColumnBuilder>();
  const builderOf = (name: string) => {
    const there = builders.get(name);
    if (there !== undefined) return there;
    const builder = columnBuilder(index.column(name));
    builders.set(name, builder);
    return builder;
  };
  return {
    add(document, facets) {
      const position = documents.length;
      documents.push(document);
      for (const [name, values] of listsOf(facets)) {
        const builder = builderOf(name);
        for (const value of values) builder.add(position, value);
      }
    },
    finish() {
      const columns = new Map([...builders].map(([name, builder]) => [name, builder.finish()]));
      return {
        documents: documents.now(),
        names: [...new Set([...index.names, ...columns.keys()])],
        column: (name) => columns.get(name) ?? index.column(name),
      };
    },
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
