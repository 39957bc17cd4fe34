import type { GraphNode, Workflow } from './graph.js';
import { isArray, isObject, type Json, type JsonObject, toDouble } from './json.js';
import { readNode } from './read-graph.js';
import { textOf, typeText } from './slot-shapes.js';

/** A legacy group node's definition: an entry of `extra.groupNodes`. */
export interface GroupData {
  readonly name: string;
  /** Inner nodes; links name them by their place in this list. Their ids are those places. */
  readonly nodes: readonly GraphNode[];
  readonly links: readonly GroupLink[];
  /** Outputs that stay visible although they are linked inside, as `<node> <slot>`, with their types. */
  readonly external: ReadonlyMap<string, string>;
  readonly config: JsonObject;
}

export interface GroupLink {
  readonly from: number;
  readonly fromSlot: number;
  readonly to: number;
  readonly toSlot: number;
  readonly type: string | undefined;
}

/** How a user renamed or hid an input or output of an inner node. */
export interface SlotConfig {
  readonly name: string | undefined;
  readonly visible: boolean | undefined;
}

/** The group definitions of a file, by name. One without readable nodes is left out. */
export function readGroups({ source }: Workflow): readonly GroupData[] {
  const extra = source.get('extra');
  const groups = isObject(extra) ? extra.get('groupNodes') : undefined;
  return [...(isObject(groups) ? groups : [])].flatMap(([name, data]) => (isObject(data) ? readGroup(name, data) : []));
}

function readGroup(name: string, data: JsonObject): GroupData[] {
  const nodes = (asList(data.get('nodes')) ?? []).filter(isObject);
  const config = data.get('config');
  if (nodes.length === 0 || nodes.some((node) => textOf(node.get('type')) === undefined)) return [];
  return [
    {
      name,
      nodes: nodes.map((node, at) => readNode(new Map(node).set('id', at), `the group node ${name}`)),
      links: (asList(data.get('links')) ?? []).flatMap(readGroupLink),
      external: new Map((asList(data.get('external')) ?? []).flatMap(readExternal)),
      config: isObject(config) ? config : new Map(),
    },
  ];
}

const asList = (value: Json | undefined) => (isArray(value) ? value : undefined);

/** Without an origin the link came from outside of the group when it was made: nothing of it is left. */
function readGroupLink(link: Json): GroupLink[] {
  const [from, fromSlot, to, toSlot] = isArray(link) ? link.slice(0, 4).map(toDouble) : [];
  if (from === undefined || fromSlot === undefined || to === undefined || toSlot === undefined) return [];
  const type = isArray(link) ? link[5] : undefined;
  return [{ from, fromSlot, to, toSlot, type: type === undefined || type === null ? undefined : typeText(type) }];
}

function readExternal(entry: Json): [string, string][] {
  const [node, slot, type] = isArray(entry) ? entry : [];
  if (node === undefined || slot === undefined || type === undefined || type === null) return [];
  return [[slotKey(Number(node), Number(slot)), typeText(type)]];
}

export const slotKey = (node: number, slot: number): string => `${node} ${slot}`;

/** What `config` says of one slot; inputs go by name, outputs by index. */
export function slotConfig({ config }: GroupData, node: number, side: 'input' | 'output', slot: string): SlotConfig {
  const [ofNode] = [config.get(String(node))];
  const slots = isObject(ofNode) ? ofNode.get(side) : undefined;
  const entry = isObject(slots) ? slots.get(slot) : undefined;
  const visible = isObject(entry) ? entry.get('visible') : undefined;
  return {
    name: isObject(entry) ? textOf(entry.get('name')) : undefined,
    visible: typeof visible === 'boolean' ? visible : undefined,
  };
}
