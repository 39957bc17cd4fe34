import { createHash } from 'node:crypto';
import { isArray, isObject, type Json } from './json.js';
import { isSeedName } from './prompt.js';
import type { Source } from './resolved-nodes.js';

/** What is shorter or has no space may be a name, a control or a path. */
const leastLength = 24;

/**
 * One digest (16 hex digits) for the long texts among a document's values: what people write. Documents that are equal but for seeds have the same one; others mostly
 * not, which is seen without comparing them.
 */
export function longTextsDigest(source: Source): string {
  const texts = valuesOf(source).flatMap(textsIn).filter(isLong).sort();
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 16);
}

const isLong = (text: string) => text.length >= leastLength && text.includes(' ');

function valuesOf(source: Source): Json[] {
  if ('root' in source) {
    const graphs = [source.root, ...source.definitions.values()];
    const nodes = graphs.flatMap((graph) => [...graph.nodes.values()]);
    return nodes.flatMap(({ values, named }) => values ?? [...(named?.values() ?? [])]);
  }
  const inputs = [...source.nodes.values()].flatMap((node) => [...node.inputs]);
  return inputs.flatMap(([name, value]) => (isSeedName(name) ? [] : [value]));
}

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? [...value.values()].flatMap(textsIn) : [];
}
