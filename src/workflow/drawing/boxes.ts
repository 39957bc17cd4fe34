import { type Span, valueSpans } from '../change-spans.js';
import type { NodeFacts } from '../facts.js';
import { type GraphNode, inputNodeId, outputNodeId } from '../graph.js';
import { type Rectangle, titleHeight } from '../rectangles.js';
import { showValue } from '../show-value.js';
import type { ValueChange } from '../workflow-change.js';
import { breakSpans } from './break-spans.js';
import type { Marks, View } from './marks.js';
import { type Box, letterWidth, lineHeight, type Mark, type Port, type Row, rowGap, slotHeight } from './scene.js';
import type { Sheet } from './sheet.js';

/** The boxes of one version of a graph, nodes without a place left out. */
export function boxesOf(sheet: Sheet, marks: Marks, view: View): Box[] {
  const nodes = [...sheet.graph.nodes.values()].flatMap((node) => {
    const rect = sheet.places.get(node.id);
    const facts = sheet.facts.nodes.get(node.id);
    return rect === undefined || facts === undefined ? [] : [boxOf(node, facts, rect, marks, view)];
  });
  return [...nodes, ...borderBoxes(sheet, nodes)];
}

const plain = (text: string): Span => ({ is: 'plain', text });
const margin = 8;
const linesOfSame = 4;
const linesOfChanged = 9;

function boxOf(node: GraphNode, facts: NodeFacts, rect: Rectangle, marks: Marks, view: View): Box {
  const mark = marks.nodes.get(node.id) ?? 'same';
  const { type, title } = facts.name;
  const folded = rect.height <= titleHeight;
  const inputs = shownInputs(node).map(({ name, label }) => label ?? name);
  const outputs = node.outputs.map(({ name, label }) => label ?? name);
  const top = rect.y + titleHeight + 4;
  const rowTop = top + Math.max(inputs.length, outputs.length) * slotHeight + 4;
  const rows = placed(valueRows(facts, marks.values.get(node.id) ?? [], rect.width, view), rowTop);
  const full = mark === 'same' ? rect : { ...rect, height: Math.max(rect.height, bottom(rows, rowTop) - rect.y) };
  const end = full.y + full.height;
  return {
    id: node.id,
    mark,
    rect: full,
    title: titleSpans(title ?? type, marks.renamed.get(node.id), type, view),
    about: [...(title === undefined || title === type ? [] : [type]), `#${node.id}`].join(' '),
    state: node.state,
    inputs: ports(inputs, rect, top, folded),
    outputs: ports(outputs, rect, top, folded),
    rows: folded && mark === 'same' ? [] : rows.filter((row) => row.changed || row.y + lineHeight <= end),
  };
}

/** Slots that stand for a widget are shown where something is linked to them. */
export const shownInputs = (node: GraphNode) =>
  node.inputs.filter(({ widget, link }) => widget === undefined || link !== undefined);

const ports = (names: readonly string[], rect: Rectangle, top: number, folded: boolean): Port[] =>
  names.map((name, at) => ({
    name: folded ? '' : name,
    y: folded ? rect.y + titleHeight / 2 : top + at * slotHeight + slotHeight / 2,
  }));

function titleSpans(
  title: string,
  renamed: Marks['renamed'] extends ReadonlyMap<string, infer R> ? R | undefined : never,
  type: string,
  view: View,
): Span[] {
  if (renamed === undefined) return [plain(title)];
  const [was, is] = [renamed.before ?? type, renamed.after ?? type];
  if (view !== 'both') return [plain(view === 'before' ? was : is)];
  return [{ is: 'old', text: was }, plain(' → '), { is: 'new', text: is }];
}

type LooseRow = Omit<Row, 'y'>;

function valueRows({ facts }: NodeFacts, changes: readonly ValueChange[], width: number, view: View): LooseRow[] {
  const told = new Set<ValueChange>();
  const rows = facts.flatMap((fact): LooseRow[] => {
    if (fact.kind !== 'value') return [];
    const about = changes.filter((change) => change.kind === 'value' && isAbout(change.key, fact.key));
    for (const change of about) told.add(change);
    const all = about.flatMap((change) => changeSpans(change, fact.key, view));
    const spans = all.length === 0 ? [plain(showValue(fact.value))] : all;
    return [row(fact.key, spans, width, all.length > 0)];
  });
  const others = changes.filter((change) => !told.has(change));
  return [...rows, ...others.map((change) => row(change.key, changeSpans(change, change.key, view), width, true))];
}

const isAbout = (changed: string, key: string) => changed === key || changed.startsWith(`${key}.`);

function changeSpans(change: ValueChange, key: string, view: View): Span[] {
  const member = change.key === key ? [] : [plain(`${change.key.slice(key.length + 1)} `)];
  if (view === 'both') return [...member, ...valueSpans(change.before, change.after), plain(' ')];
  const value = change[view];
  return [
    ...member,
    { is: view === 'before' ? 'old' : 'new', text: value === undefined ? '(none)' : showValue(value) },
  ];
}

function row(name: string, spans: readonly Span[], width: number, changed: boolean): LooseRow {
  const letters = Math.max(12, Math.floor((width - 2 * margin) / letterWidth));
  const first = Math.max(6, letters - name.length - 2);
  const whole = spans.reduce((sum, { text }) => sum + text.length, 0);
  if (whole <= first) return { name, lines: [[...spans]], changed };
  return { name, lines: [[], ...breakSpans(spans, letters, changed ? linesOfChanged : linesOfSame)], changed };
}

function placed(rows: readonly LooseRow[], top: number): Row[] {
  let y = top;
  return rows.map((each) => {
    const at = y;
    y += each.lines.length * lineHeight + rowGap;
    return { ...each, y: at };
  });
}

const bottom = (rows: readonly Row[], top: number) =>
  rows.reduce((end, { y, lines }) => Math.max(end, y + lines.length * lineHeight + rowGap), top) + 4;

/** What a subgraph shows to the outside stands left and right of it. */
function borderBoxes({ border }: Sheet, nodes: readonly Box[]): Box[] {
  if (border === undefined || nodes.length === 0) return [];
  const left = Math.min(...nodes.map(({ rect }) => rect.x)) - 200;
  const right = Math.max(...nodes.map(({ rect }) => rect.x + rect.width)) + 60;
  const y = Math.min(...nodes.map(({ rect }) => rect.y));
  const make = (id: string, title: string, x: number, names: readonly string[], side: 'inputs' | 'outputs'): Box => {
    const rect = { x, y, width: 140, height: titleHeight + 12 + names.length * slotHeight };
    const none = { inputs: [], outputs: [], rows: [], about: '', state: 'active', mark: 'same' as Mark } as const;
    return { ...none, id, rect, title: [plain(title)], [side]: ports(names, rect, y + titleHeight + 4, false) };
  };
  const named = (slots: readonly { name: string; label: string | undefined }[]) =>
    slots.map(({ name, label }) => label ?? name);
  return [
    make(inputNodeId, 'inputs', left, named(border.inputs), 'outputs'),
    make(outputNodeId, 'outputs', right, named(border.outputs), 'inputs'),
  ];
}
