import { type Form, forms, hasLayout } from './forms.js';
import { keys } from './key-ids.js';
import { readLinks, slotNumber } from './read-links.js';
import {
  isEmptyStringAt,
  isListAt,
  isNullAt,
  isObjectAt,
  isStringAt,
  itemsOf,
  memberOf,
  type Tape,
  wholeAt,
  writtenAt,
} from './tape.js';

/** What has to be known of a graph before it can be written. */
export interface TapeGraph {
  readonly entry: number;
  /** As they stand in the file. */
  readonly nodes: readonly TapeNode[];
  /** By id, and without the holes that old frontends left. */
  readonly links: readonly number[];
  /** Of nodes that leave out a slot before others: what number each slot has now, by what it was. */
  readonly moves: ReadonlyMap<number, readonly number[]>;
  /** As they stand in the file. */
  readonly groups: readonly TapeGroup[];
  /** A definition's own slots. */
  readonly inputs: Items;
  readonly outputs: Items;
}

export interface TapeNode {
  readonly entry: number;
  /** A whole number, as the frontend gives them. */
  readonly id: number;
  /** The slots that the normal form keeps. */
  readonly inputs: Items;
  readonly outputs: Items;
}

export interface TapeGroup {
  readonly entry: number;
  /** `undefined` in files older than group ids: nobody there has one, and no two have one title. */
  readonly id: number | undefined;
}

/** Entries of a list; `undefined` where there is none. */
type Items = readonly number[] | undefined;

/** Reads a graph; `undefined` for one that is not as the frontend writes it, or in which two things have one name. */
export function readTapeGraph(tape: Tape, entry: number): TapeGraph | undefined {
  const links = readLinks(tape, memberOf(tape, entry, keys.links));
  const list = itemsAt(tape, entry, keys.nodes);
  const groups = readGroups(tape, memberOf(tape, entry, keys.groups));
  if (links === undefined || list === undefined || groups === undefined) return undefined;
  const moves = new Map<number, readonly number[]>();
  const nodes = list.map((node) => readNode(tape, node, links.targeted, moves));
  const [inputs, outputs] = [itemsAt(tape, entry, keys.inputs), itemsAt(tape, entry, keys.outputs)];
  const isUsual =
    nodes.every((node) => isUsualNode(tape, node)) &&
    new Set(nodes.map(({ id }) => id)).size === nodes.length &&
    areUsualSlots(tape, inputs, forms.definitionSlot) &&
    areUsualSlots(tape, outputs, forms.definitionSlot) &&
    [keys.inputNode, keys.outputNode].every((key) => isUsualPanel(tape, memberOf(tape, entry, key)));
  return isUsual ? { entry, nodes, links: links.entries, moves, groups, inputs, outputs } : undefined;
}

const isUsualPanel = (tape: Tape, panel: number) => !isObjectAt(tape, panel) || isBoxed(tape, panel);

const isBoxed = (tape: Tape, object: number) => memberOf(tape, object, keys.bounding) >= 0;

function itemsAt(tape: Tape, object: number, key: number): Items {
  const member = memberOf(tape, object, key);
  return member >= 0 && isListAt(tape, member) ? itemsOf(tape, member) : undefined;
}

function readNode(
  tape: Tape,
  entry: number,
  targeted: ReadonlySet<number>,
  moves: Map<number, readonly number[]>,
): TapeNode {
  const id = wholeMember(tape, entry, keys.id);
  const slots = itemsAt(tape, entry, keys.inputs);
  const inputs = slots?.filter((slot, at) => !isIdleWidget(tape, slot) || targeted.has(slotNumber(id, at)));
  if (inputs?.some((slot, at) => slot !== slots?.[at])) moves.set(id, placesIn(inputs, slots ?? []));
  return { entry, id, inputs, outputs: itemsAt(tape, entry, keys.outputs) };
}

/** The place of each slot among those that are kept, which are in the same order; -1 for the others. */
function placesIn(kept: readonly number[], slots: readonly number[]): number[] {
  let place = 0;
  return slots.map((slot) => (slot === kept[place] ? place++ : -1));
}

/** `NaN` where it is anything else. */
function wholeMember(tape: Tape, object: number, key: number): number {
  const member = memberOf(tape, object, key);
  return member < 0 ? Number.NaN : wholeAt(tape, member);
}

/** See normal-slots.ts. */
function isIdleWidget(tape: Tape, slot: number): boolean {
  const widget = memberOf(tape, slot, keys.widget);
  return widget >= 0 && isObjectAt(tape, widget) && isNone(tape, slot, keys.link) && isNone(tape, slot, keys.label);
}

function isNone(tape: Tape, object: number, key: number): boolean {
  const member = memberOf(tape, object, key);
  return member < 0 || isNullAt(tape, member) || isEmptyStringAt(tape, member);
}

function isUsualNode(tape: Tape, { entry, id, inputs, outputs }: TapeNode): boolean {
  const type = memberOf(tape, entry, keys.type);
  const hasSlots = areUsualSlots(tape, inputs, forms.nodeSlot) && areUsualSlots(tape, outputs, forms.nodeSlot);
  return isStringAt(tape, type) && !isEverywhere(tape, entry, type) && !Number.isNaN(id) && hasSlots;
}

/** Where cg-use-everywhere may be at work, a part of the layout counts. */
const isEverywhere = (tape: Tape, node: number, type: number) =>
  writtenAt(tape, type).includes('Everywhere') ||
  memberOf(tape, memberOf(tape, node, keys.properties), keys.ue_convert) >= 0;

/** Whether all are objects, and where any has a layout each has a name of its own. */
function areUsualSlots(tape: Tape, slots: Items, form: Form): boolean {
  if (slots === undefined) return true;
  if (!slots.every((slot) => isObjectAt(tape, slot))) return false;
  return !slots.some((slot) => hasLayout(form, tape, slot)) || areTold(tape, slots, keys.name);
}

/** Whether each object has a text under this key that no other one has. */
export function areTold(tape: Tape, objects: readonly number[], key: number): boolean {
  const texts = objects.map((object) => memberOf(tape, object, key)).filter((text) => isStringAt(tape, text));
  return new Set(texts.map((text) => writtenAt(tape, text))).size === objects.length;
}

function readGroups(tape: Tape, list: number): TapeGroup[] | undefined {
  if (list < 0) return [];
  const entries = isListAt(tape, list) ? itemsOf(tape, list) : undefined;
  if (!entries?.every((entry) => isBoxed(tape, entry))) return undefined;
  const groups = entries.map((entry) => ({ entry, id: groupId(tape, entry) }));
  const ids = new Set(groups.map(({ id }) => id));
  const isTold = ids.has(undefined)
    ? ids.size === 1 && areTold(tape, entries, keys.title)
    : ids.size === entries.length;
  return isTold && !ids.has(Number.NaN) ? groups : undefined;
}

const groupId = (tape: Tape, group: number) =>
  memberOf(tape, group, keys.id) < 0 ? undefined : wholeMember(tape, group, keys.id);
