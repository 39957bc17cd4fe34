import { byCodePoint, canonicalJson, type Json } from '../json.js';
import { idText } from '../slot-shapes.js';
import type { Sides, Spot } from './sides.js';

/** Members, by the end of their path, that the frontend or a pack writes anew at every save: no person edited them. */
const stamps: readonly (readonly string[])[] = [
  ['properties', 'ver'],
  ['extra', 'node_versions', '*'],
  ['extra', 'ue_links'],
  ['extra', 'links_added_by_ue'],
];

/** At the root: the identity that a frontend gives a file which has none yet. */
const rootStamps: ReadonlySet<string> = new Set(['id', 'revision']);

/** Of a stamp that both sides wrote, the newer one, whichever side has it; `undefined` for what people edit. */
export function newerStamp({ ours, theirs }: Sides<Json>, { node, path, graph }: Spot): Json | undefined {
  const [key = ''] = path;
  const ofFile = node === undefined && graph === undefined && path.length === 1 && rootStamps.has(key);
  // The identity of a subgraph's slot, where both sides added one of that name.
  const ofSlot = path.length === 3 && path[2] === 'id' && ['inputs', 'outputs'].includes(key);
  if (!ofFile && !ofSlot && !stamps.some((stamp) => fits(stamp, path))) return undefined;
  if (ours === undefined || theirs === undefined) return ours ?? theirs;
  return compareVersions(ours, theirs) >= 0 ? ours : theirs;
}

const fits = (stamp: readonly string[], path: readonly string[]) =>
  stamp.length === path.length && stamp.every((key, at) => key === '*' || key === path[at]);

/** `0.3.9` before `0.3.10`; commits and all else in the order of their text. */
function compareVersions(a: Json, b: Json): number {
  const [x, y] = [a, b].map((value) => (typeof value === 'string' ? value : canonicalJson(value)));
  const [left, right] = [numbersOf(x ?? ''), numbersOf(y ?? '')];
  const at = left.findIndex((number, index) => number !== right[index]);
  if (left.length > 0 && right.length > 0 && at >= 0) return (left[at] ?? 0) - (right[at] ?? -1);
  return byCodePoint(x ?? '', y ?? '');
}

const numbersOf = (text: string) =>
  /^v?\d+(?:\.\d+)*$/.test(text) ? text.replace('v', '').split('.').map(Number) : [];

/** Counters: the higher one, so that no id is given twice. Ids may be texts of any length; of numbers the longer is the higher. */
export function higher(a: Json | undefined, b: Json | undefined): Json | undefined {
  const [x, y] = [idText(a) ?? '', idText(b) ?? ''];
  const order = x.length === y.length ? byCodePoint(x, y) : x.length - y.length;
  return order >= 0 ? a : b;
}
