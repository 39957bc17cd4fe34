import { type GroupData, type GroupLink, slotConfig, slotKey } from './group-data.js';
import { groupInner, type Inner } from './group-inner.js';
import type { InputSpec, NodeInterface, ObjectInfo } from './interfaces.js';
import type { Json } from './json.js';
import { isWidget } from './widgets.js';

/** What a legacy group node looks like from outside, and where its slots lead. */
export interface GroupInterface {
  readonly data: GroupData;
  readonly shape: NodeInterface;
  /** Each widget of the group that an inner widget takes its value from, in the order in which values are handed in. */
  readonly widgets: readonly { readonly node: number; readonly inner: string; readonly outer: string }[];
  /** Which inner input the group's input number `slot` leads to. */
  readonly inputs: readonly { readonly slot: number; readonly node: number; readonly inner: string }[];
  /** By the group's output number. */
  readonly outputs: readonly { readonly node: number; readonly slot: number }[];
}

/** While an interface is put together. */
interface Making {
  readonly data: GroupData;
  readonly inners: readonly (Inner | undefined)[];
  readonly specs: Map<string, InputSpec>;
  readonly widgets: GroupInterface['widgets'][number][];
  readonly inputs: GroupInterface['inputs'][number][];
  /** How often each input name was given out. */
  readonly seen: Map<string, number>;
}

/**
 * Puts together the inputs and outputs of a group node as the frontend did and, when it turns a group into a subgraph at load, still does: node
 * after node its widgets, then its free sockets; inputs that were converted from widgets come last.
 */
export function groupInterface(data: GroupData, info: ObjectInfo): GroupInterface {
  const making: Making = {
    data,
    inners: data.nodes.map((_, at) => groupInner(data, at, info)),
    specs: new Map(),
    widgets: [],
    inputs: [],
    seen: new Map(),
  };
  for (const [at, inner] of making.inners.entries()) if (inner !== undefined) addNode(making, at, inner);
  for (const [at, inner] of making.inners.entries()) if (inner !== undefined) addConverted(making, at, inner);
  const { shown, outputs } = outputsOf(making);
  const shape = {
    classType: `workflow>${data.name}`,
    displayName: data.name,
    outputNode: false,
    inputs: [...making.specs.values()],
    outputs: shown,
  };
  return { data, shape, widgets: making.widgets, inputs: making.inputs, outputs };
}

function addNode(making: Making, at: number, { inputs }: Inner): void {
  for (const spec of inputs.filter(hasOwnWidget)) {
    if (convertedAt(making, at, spec.name) >= 0) continue;
    const { name } = addInput(making, at, spec);
    making.widgets.push({ node: at, inner: spec.name, outer: name });
  }
  for (const [nth, spec] of inputs.filter((input) => !hasOwnWidget(input)).entries()) {
    const slot = making.data.nodes[at]?.inputs.findIndex(({ name }) => name === spec.name) ?? -1;
    const link = linkTo(making.data, at, slot >= 0 ? slot : nth);
    if (link !== undefined) {
      shapePrimitive(making, link, spec);
      continue;
    }
    if (slotConfig(making.data, at, 'input', spec.name).visible === false) nameInput(making, at, spec);
    else addSlot(making, at, spec);
  }
}

function addConverted(making: Making, at: number, { inputs }: Inner): void {
  const converted = inputs.filter(hasOwnWidget).map((spec) => ({ spec, slot: convertedAt(making, at, spec.name) }));
  for (const { spec, slot } of converted.filter(({ slot: place }) => place >= 0).sort((a, b) => a.slot - b.slot)) {
    const link = linkTo(making.data, at, slot);
    if (link !== undefined) {
      shapePrimitive(making, link, spec);
      continue;
    }
    const { name } = addSlot(making, at, spec);
    making.widgets.push({ node: at, inner: spec.name, outer: name });
  }
}

/** In a group even an optional input that prefers a link has its widget. */
const hasOwnWidget = (spec: InputSpec) => isWidget({ ...spec, section: 'required' });

const convertedAt = ({ data }: Making, at: number, name: string): number =>
  data.nodes[at]?.inputs.findIndex((input) => input.name === name && input.widget === name) ?? -1;

/** Of several links the last one counts, as the later one overwrites. */
const linkTo = ({ links }: GroupData, node: number, slot: number): GroupLink | undefined =>
  links.findLast((link) => link.to === node && link.toSlot === slot);

function addSlot(making: Making, at: number, spec: InputSpec): InputSpec {
  const added = addInput(making, at, spec);
  making.inputs.push({ slot: making.inputs.length, node: at, inner: spec.name });
  return added;
}

function addInput(making: Making, at: number, spec: InputSpec): InputSpec {
  const { name, prefix } = nameInput(making, at, spec);
  const seed = spec.name === 'seed' || spec.name === 'noise_seed';
  const control = `${prefix}control_after_generate`;
  const options = seed ? new Map<string, Json>(spec.options).set('control_after_generate', control) : spec.options;
  const added: InputSpec = { ...spec, name, section: 'required', options };
  making.specs.set(name, added);
  return added;
}

/** The user's name for it, else its label, else its own; where that is taken (or on a titled primitive) with the node's title before it. */
function nameInput({ data, seen }: Making, at: number, { name: own }: InputSpec) {
  const node = data.nodes[at];
  const called = slotConfig(data, at, 'input', own).name ?? node?.inputs.find(({ name }) => name === own)?.label ?? own;
  const titled = node?.type === 'PrimitiveNode' && node.title !== undefined && node.title !== '';
  const prefix = titled || seen.has(called) ? `${node?.title ?? node?.type} ` : '';
  const key = prefix === '' ? called : `${prefix}${own}`;
  const name = prefix !== '' && seen.has(key) ? `${prefix}${seen.get(key)} ${own}` : key;
  seen.set(key, (seen.get(key) ?? 1) + 1);
  return { name, prefix };
}

/** A primitive of the group takes the options of what it feeds, and the control behind its value. */
function shapePrimitive(making: Making, { from }: GroupLink, target: InputSpec): void {
  const primitive = making.data.nodes[from];
  const outer = making.widgets.find(({ node, inner }) => node === from && inner === 'value')?.outer;
  const spec = making.specs.get(outer ?? '');
  if (primitive?.type !== 'PrimitiveNode' || outer === undefined || spec === undefined) return;
  const options = new Map<string, Json>(target.options).set('control_after_generate', true);
  making.specs.set(outer, { ...spec, options, ...(target.choices === undefined ? {} : { choices: target.choices }) });
}

/** Outputs that are linked inside are hidden unless something outside uses them too. */
function outputsOf({ data, inners }: Making) {
  const shown: { name: string; type: string }[] = [];
  const outputs: { node: number; slot: number }[] = [];
  for (const [node, inner] of inners.entries()) {
    for (const [slot, { name, type }] of (inner?.outputs ?? []).entries()) {
      const used = data.links.some((link) => link.from === node && link.fromSlot === slot);
      const inside = used && !data.external.has(slotKey(node, slot));
      if (!(slotConfig(data, node, 'output', String(slot)).visible ?? !inside)) continue;
      shown.push({ name, type });
      outputs.push({ node, slot });
    }
  }
  return { shown, outputs };
}
