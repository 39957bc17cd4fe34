import { objectsOf } from '../graphs.js';
import type { Json, JsonObject } from '../json.js';
import { idText } from '../slot-shapes.js';
import { mapSides, type Sides } from './sides.js';

/**
 * What links call the outputs of one node: their names where a version added, took out or moved outputs before the end, so that its numbers
 * mean others; their numbers everywhere else, since a name may change with the pack's version.
 */
export function outputNaming(sides: Sides<Json>): 'name' | 'number' {
  const { base, ours, theirs } = mapSides(sides, namesOf);
  const lists = [base, ours, theirs].filter((names) => names !== undefined);
  if (lists.some((names) => new Set(names).size !== names.length || names.includes(''))) return 'number';
  const known = base?.length ?? 0;
  return lists.some((list, at) => lists.slice(at + 1).some((other) => isMoved(list, other, known))) ? 'name' : 'number';
}

/** Whether the same number means another output; one at the same place under another name is the same one, if it was there before. */
function isMoved(a: readonly string[], b: readonly string[], known: number): boolean {
  const shared = Math.min(a.length, b.length);
  const differing = a.slice(0, shared).flatMap((name, at) => (name === b[at] ? [] : [at]));
  if (differing.length === 0) return false;
  const isNew = differing.some((at) => at >= known);
  return isNew || a.length !== b.length || a.some((name, at) => b.includes(name) && b[at] !== name);
}

export const namesOf = (slots: Json): string[] => objectsOf(slots).map((slot) => idText(slot.get('name')) ?? '');

/** The key of output number `slot`. */
export function outputKey(outputs: Json | undefined, slot: number, naming: 'name' | 'number'): string {
  const name = naming === 'name' ? namesOf(outputs ?? null)[slot] : undefined;
  // A name may look like a number: then it is one of several keys that nobody could tell apart.
  return name === undefined || /^#\d+$/.test(name) ? `#${slot}` : name;
}

/** The number of the output that a key names; `undefined` where the node has it no longer. */
export function outputNumber(outputs: Json | undefined, key: string): number | undefined {
  if (/^#\d+$/.test(key)) return Number(key.slice(1));
  const at = namesOf(outputs ?? null).indexOf(key);
  return at >= 0 ? at : undefined;
}

/** The outputs of every node, by loose id. */
export const outputsOf = (nodes: readonly (readonly [id: string, node: JsonObject])[]): Map<string, Json> =>
  new Map(nodes.map(([id, node]) => [id, node.get('outputs') ?? []]));
