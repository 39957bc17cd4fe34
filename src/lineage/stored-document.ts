import { createHash } from 'node:crypto';
import { InputError } from '../errors.js';
import { isObject, type JsonObject, parseBefore, parseJson } from '../workflow/json.js';

/** A JSON document of the store: named by the SHA-256 of its bytes. */
export interface StoredDocument {
  /** 64 hex digits. */
  readonly id: string;
  /** Path in the store: `snapshots/ab/<rest of the id>.json`. */
  readonly path: string;
  readonly text: string;
}

export type DocumentKind = 'snapshot' | 'state';

/** Where a document stands in the store, fanned out by the first two digits of its id. */
export const documentPath = (kind: DocumentKind, id: string) => `${kind}s/${id.slice(0, 2)}/${id.slice(2)}.json`;

/** Gives a document its name. */
export function nameDocument(kind: DocumentKind, text: string): StoredDocument {
  const id = createHash('sha256').update(text).digest('hex');
  return { id, path: documentPath(kind, id), text };
}

/**
 * Parses a document of the store and looks at its version.
 * @param before reads no further than to this member
 * @throws InputError `snapshot-newer`, `state-newer`, `document-damaged`
 */
export function parseDocument(kind: DocumentKind, text: string, before?: string): JsonObject {
  const json = parseDamaged(kind, text, before);
  const version = json.get(kind);
  if (version === 1) return json;
  if (typeof version !== 'number' || version < 1) throw damaged(kind);
  throw new InputError(`${kind}-newer`, `the ${kind} is of version ${version}; this version of git comfy reads 1`, {
    hint: 'install a newer one: npm install -g git-comfy',
  });
}

function parseDamaged(kind: DocumentKind, text: string, before?: string): JsonObject {
  try {
    const json = before === undefined ? parseJson(text) : parseBefore(text, before);
    if (isObject(json)) return json;
  } catch (cause) {
    throw damaged(kind, cause);
  }
  throw damaged(kind);
}

/** The error for a document that is not what its kind has to be. */
export const damaged = (kind: DocumentKind, cause?: unknown) =>
  new InputError('document-damaged', `a ${kind} in the store is damaged`, {
    hint: 'fetch it again from a remote that has it: git comfy sync',
    cause,
  });
