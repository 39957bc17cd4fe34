import { embeddingReferences } from '../workflow/input-references.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import { byCodePoint } from '../workflow/json.js';
import { modelNamesIn } from '../workflow/model-names.js';
import { type ModelReference, modelReferences } from '../workflow/references.js';
import type { Source } from '../workflow/resolved-nodes.js';
import type { Digest } from './entries.js';

/** A model that workflows name, and what they say of it. */
export interface ModelNeed {
  /** Nobody but the extension, or the name of its input, says that it is a model of this folder. */
  readonly guess: boolean;
  /** Only muted or bypassed nodes, or rows that are switched off, name it. */
  readonly executed?: false;
  /** Addresses that the workflows name. */
  readonly sources?: readonly string[];
  /** What the workflows say that the file is. */
  readonly sha256?: Digest;
}

export type ModelNeeds = ReadonlyMap<string, ModelNeed>;

/** Folder in the key of a model whose folder nobody could tell. */
export const unknownFolder = 'unknown';

/** What a server says that the files do not. */
export interface Known {
  readonly info?: ObjectInfo | undefined;
  /** Files by model folder. */
  readonly folders?: ReadonlyMap<string, readonly string[]> | undefined;
}

/** What one workflow or prompt needs of models, by key of the lock. A name that leaves its folder is none of ours and is left out. */
export function modelNeedsOf(source: Source, { info, folders }: Known): Map<string, ModelNeed> {
  const needs = new Map<string, ModelNeed>();
  const found = modelReferences(source, info, folders).filter(({ name }) => staysInside(name));
  for (const reference of [...found, ...(info === undefined ? [] : unassigned(source, folders, found))]) {
    addNeed(needs, `${reference.folder ?? unknownFolder}/${reference.name}`, needOf(reference));
  }
  for (const { name, executed } of embeddingReferences(source, info).filter((found) => staysInside(found.name))) {
    addNeed(needs, `embeddings/${name}`, { guess: false, ...(executed ? {} : { executed }) });
  }
  return needs;
}

/**
 * Where interfaces are other than when the file was saved, a value falls to another widget, and the model that the file names is in none. Who
 * reads the file without a server sees it.
 */
function unassigned(source: Source, folders: Known['folders'], found: readonly ModelReference[]): ModelReference[] {
  const values = new Set(found.map(({ value }) => value));
  if (!('root' in source) || modelNamesIn(source).every((value) => values.has(value))) return [];
  const seen = new Set(found.map(({ name }) => name));
  const more = modelReferences(source, undefined, folders).filter(({ name }) => staysInside(name) && !seen.has(name));
  return more.map((reference) => ({ ...reference, guess: true }));
}

function needOf({ guess, executed, named }: ModelReference): ModelNeed {
  return {
    guess,
    ...(executed ? {} : { executed: false }),
    ...(named?.url === undefined ? {} : { sources: [named.url] }),
    ...(named?.sha256 === undefined ? {} : { sha256: `sha256:${named.sha256}` }),
  };
}

/** Adds a need to those there are: who is certain, and who runs, counts. */
export function addNeed(needs: Map<string, ModelNeed>, key: string, need: ModelNeed): void {
  const before = needs.get(key);
  needs.set(key, before === undefined ? need : united(before, need));
}

function united(a: ModelNeed, b: ModelNeed): ModelNeed {
  const sources = [...new Set([...(a.sources ?? []), ...(b.sources ?? [])])].sort(byCodePoint);
  const sha256 = a.sha256 ?? b.sha256;
  return {
    guess: a.guess && b.guess,
    ...(a.executed === false && b.executed === false ? { executed: false } : {}),
    ...(sources.length === 0 ? {} : { sources }),
    ...(sha256 === undefined ? {} : { sha256 }),
  };
}

export const staysInside = (name: string): boolean =>
  !/^(?:\/|[A-Za-z]:)/.test(name) && !name.split('/').includes('..') && !name.includes('\0');
