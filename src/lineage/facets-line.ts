import type { Facets } from './facets.js';

/** Facets as the cache keeps them, one line each, with what they are of. */
export interface FacetsLine {
  readonly key: string;
  readonly facets: Facets;
}

export const writeFacets = (line: FacetsLine): string => `${JSON.stringify(line)}\n`;

/** `undefined` for a line that is torn or not ours: what it held is made again. */
export function readFacets(text: string): FacetsLine | undefined {
  try {
    const line = JSON.parse(text) as Partial<FacetsLine> | null;
    return typeof line?.key === 'string' && isFacets(line.facets) ? { key: line.key, facets: line.facets } : undefined;
  } catch {
    return undefined;
  }
}

const lists = ['models', 'digests', 'packs', 'positive', 'negative'] as const;

function isFacets(facets: Facets | undefined): facets is Facets {
  return (
    typeof facets === 'object' &&
    facets !== null &&
    lists.every((name) => isTexts(facets[name])) &&
    typeof facets.values === 'object' &&
    Object.values(facets.values).every(isTexts)
  );
}

const isTexts = (list: unknown) => Array.isArray(list) && list.every((text) => typeof text === 'string');
