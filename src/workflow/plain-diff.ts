import { diff, type IChange, Operation } from 'json-diff-ts';
import { isArray, isObject, type Json, toPlain } from './json.js';

/** One place where two documents differ; `path` is the keys and positions that lead there. */
export interface PlainChange {
  readonly path: readonly string[];
  /** `undefined` where one side has nothing there. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/**
 * Where two JSON documents differ that need no knowledge of the domain (`properties`, `extra`). Lists are compared by position.
 * The comparison is made on plain values with exact numbers as texts; the values returned are the documents' own.
 */
export function plainChanges(before: Json, after: Json): PlainChange[] {
  const found = diff({ at: toPlain(before) }, { at: toPlain(after) }, { treatTypeChangeAsReplace: true });
  const paths = found.flatMap((change) => pathsOf(change, []));
  // A replacement of another type comes as a removal and an addition of one path.
  const unique = new Map(paths.map((path) => [JSON.stringify(path), path.slice(1)]));
  return [...unique.values()].map((path) => ({ path, before: valueAt(before, path), after: valueAt(after, path) }));
}

function pathsOf(change: IChange, above: readonly string[]): (readonly string[])[] {
  const path = [...above, String(change.key)];
  if (change.type !== Operation.UPDATE || change.changes === undefined) return [path];
  return change.changes.flatMap((inner) => pathsOf(inner, path));
}

function valueAt(value: Json, path: readonly string[]): Json | undefined {
  let at: Json | undefined = value;
  for (const key of path) {
    at = isObject(at) ? at.get(key) : isArray(at) ? at[Number(key)] : undefined;
  }
  return at;
}
