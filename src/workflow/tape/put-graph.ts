import { type Form, forms } from './forms.js';
import { keys } from './key-ids.js';
import {
  type LinesOut,
  type Put,
  putItems,
  putItemsOf,
  putMembers,
  putMembersLine,
  putMembersOf,
  putValueOf,
} from './put-lines.js';
import { putByte, putComma, putText, putValue } from './put-value.js';
import type { TapeGraph, TapeGroup, TapeNode } from './read-graph.js';
import { targetOf, targetSlotOf, targetSlotPlace } from './read-links.js';
import { behind, closeBracket, isListAt, isObjectAt, keyOf, openBracket, width } from './tape.js';

/**
 * A graph in normal form.
 * @param level of the line on which it begins
 * @param fileOrder whether its nodes stay in the order of the file
 * @param putOther writes members that other graphs do not have
 */
export function putGraph(
  out: LinesOut,
  graph: TapeGraph,
  level: number,
  form: Form,
  fileOrder: boolean,
  putOther: Put,
): void {
  putMembers(out, graph.entry, level, form, (_, key, at) => {
    const which = keyOf(out.tape, key);
    if (which === keys.nodes) putItems(out, fileOrder ? graph.nodes : byId(graph.nodes), at, putNode);
    else if (which === keys.links) putItems(out, graph.links, at, (_, link) => putLink(out, link, graph.moves));
    else if (which === keys.groups) putItems(out, byId(graph.groups), at, putGroup);
    else if (which === keys.inputs && graph.inputs) putItems(out, graph.inputs, at, putDefinitionSlot);
    else if (which === keys.outputs && graph.outputs) putItems(out, graph.outputs, at, putDefinitionSlot);
    else if (which === keys.inputNode || which === keys.outputNode) putPanel(out, key, at);
    else if (which === keys.extra) putExtra(out, key, at);
    else if (which === keys.models) putItemsOf(out, key, at);
    else putOther(out, key, at);
  });
}

/** Groups that have none stay as they are. */
const byId = <T extends TapeNode | TapeGroup>(items: readonly T[]): T[] =>
  items.toSorted((one, other) => (one.id ?? 0) - (other.id ?? 0));

function putNode(out: LinesOut, { entry, inputs, outputs }: TapeNode, level: number): void {
  putMembers(out, entry, level, forms.node, (_, key, at) => {
    const which = keyOf(out.tape, key);
    if (which === keys.inputs && inputs !== undefined) putItems(out, inputs, at, putNodeSlot);
    else if (which === keys.outputs && outputs !== undefined) putItems(out, outputs, at, putNodeSlot);
    else if (which === keys.flags) putFlags(out, key, at);
    else if (which === keys.properties) putMembersOf(out, key, at);
    else if (which === keys.widgets_values || which === keys.widgets_values_named) putWidgets(out, key, at);
    else putValueOf(out, key, at);
  });
}

const putNodeSlot: Put = (out, slot) => putMembersLine(out, slot, forms.nodeSlot, putValueOf);
const putDefinitionSlot: Put = (out, slot) => putMembersLine(out, slot, forms.definitionSlot, putValueOf);

const putFlags: Put = (out, key, level) => {
  if (isObjectAt(out.tape, key + width)) putMembersLine(out, key + width, forms.flags, putValueOf);
  else putValueOf(out, key, level);
};

const putWidgets: Put = (out, key, level) =>
  isListAt(out.tape, key + width) ? putItemsOf(out, key, level) : putMembersOf(out, key, level);

const putExtra: Put = (out, key, level) => {
  if (isObjectAt(out.tape, key + width)) putMembers(out, key + width, level, forms.extra, putValueOf);
  else putValueOf(out, key, level);
};

/** A link with its end as the node counts its slots now. */
function putLink(out: LinesOut, link: number, moves: TapeGraph['moves']): void {
  const { tape } = out;
  const now = moves.size === 0 ? undefined : moves.get(targetOf(tape, link))?.[targetSlotOf(tape, link)];
  if (isListAt(tape, link)) putLinkList(out, link, now);
  else
    putMembersLine(out, link, forms.link, (_, key, at) => {
      if (now !== undefined && keyOf(tape, key) === keys.target_slot) putText(out, String(now));
      else putValueOf(out, key, at);
    });
}

function putLinkList(out: LinesOut, link: number, now: number | undefined): void {
  const { tape } = out;
  const end = behind(tape, link);
  let place = 0;
  for (let item = link + width; item < end; item = behind(tape, item)) {
    if (place === 0) putByte(out, openBracket);
    else putComma(out, 'spaced');
    if (now !== undefined && place === targetSlotPlace) putText(out, String(now));
    else putValue(out, tape, item, 'spaced');
    place++;
  }
  putByte(out, closeBracket);
}

/** What a group or a panel is without its box: the frontend needs one. */
const putBoxed: Put = (out, key, level) => {
  if (keyOf(out.tape, key) === keys.bounding) putText(out, '[0, 0, 0, 0]');
  else putValueOf(out, key, level);
};

const putGroup = (out: LinesOut, { entry }: TapeGroup): void => putMembersLine(out, entry, forms.group, putBoxed);

const putPanel: Put = (out, key, level) => {
  if (isObjectAt(out.tape, key + width)) putMembersLine(out, key + width, forms.box, putBoxed);
  else putValueOf(out, key, level);
};
