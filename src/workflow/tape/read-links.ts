import { keys } from './key-ids.js';
import { behind, isListAt, isNullAt, isObjectAt, itemsOf, memberOf, type Tape, wholeAt, width } from './tape.js';

/** The links of a graph. */
export interface TapeLinks {
  /** By id, and without the holes that old frontends left. */
  readonly entries: readonly number[];
  /** The slots at which any link ends, see `slotNumber`. */
  readonly targeted: ReadonlySet<number>;
}

const mostSlots = 65_536;

/** One number for a slot of a node, which no other slot has. */
export const slotNumber = (node: number, slot: number): number => node * mostSlots + slot;

/** Where the number of the slot at which it ends stands in a link that is a list. */
export const targetSlotPlace = 4;

/** Reads a list of links, or what is none; `undefined` for links that are no such, and for those whose order more than their ids decides. */
export function readLinks(tape: Tape, list: number): TapeLinks | undefined {
  if (list < 0) return { entries: [], targeted: new Set() };
  if (!isListAt(tape, list)) return undefined;
  const entries = itemsOf(tape, list).filter((link) => !isNullAt(tape, link));
  const targeted = new Set<number>();
  let last = Number.NEGATIVE_INFINITY;
  let isSorted = true;
  for (const link of entries) {
    const [id, node, slot] = [linkIdOf(tape, link), targetOf(tape, link), targetSlotOf(tape, link)];
    // No comparison holds for what is no number.
    const isUsual = slot >= 0 && slot < mostSlots && !Number.isNaN(node) && !Number.isNaN(id);
    if (!isUsual || !(isListAt(tape, link) || memberOf(tape, link, keys.origin_id) >= 0)) return undefined;
    isSorted &&= id > last;
    last = id;
    targeted.add(slotNumber(node, slot));
  }
  if (isSorted) return { entries, targeted };
  const sorted = sortedById(tape, entries);
  return sorted && targeted.size === entries.length ? { entries: sorted, targeted } : undefined;
}

/** `undefined` where two have one id. */
function sortedById(tape: Tape, links: readonly number[]): number[] | undefined {
  const entryOf = new Map(links.map((link) => [linkIdOf(tape, link), link] as const));
  if (entryOf.size < links.length) return undefined;
  return [...entryOf].sort(([one], [other]) => one - other).map(([, link]) => link);
}

export const linkIdOf = (tape: Tape, link: number): number => numberIn(tape, link, keys.id, 0);

/** The id of the node at which it ends. */
export const targetOf = (tape: Tape, link: number): number => numberIn(tape, link, keys.target_id, 3);

export const targetSlotOf = (tape: Tape, link: number): number =>
  numberIn(tape, link, keys.target_slot, targetSlotPlace);

/** `NaN` for what is no whole number. */
function numberIn(tape: Tape, link: number, key: number, place: number): number {
  if (isListAt(tape, link)) return numberAt(tape, itemAt(tape, link, place));
  return isObjectAt(tape, link) ? numberAt(tape, memberOf(tape, link, key)) : Number.NaN;
}

const numberAt = (tape: Tape, entry: number) => (entry < 0 ? Number.NaN : wholeAt(tape, entry));

function itemAt(tape: Tape, list: number, place: number): number {
  const end = behind(tape, list);
  let item = list + width;
  for (let before = 0; before < place && item < end; before++) item = behind(tape, item);
  return item < end ? item : -1;
}
