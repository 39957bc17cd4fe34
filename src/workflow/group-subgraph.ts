import type { Definition, DefinitionSlot, GraphNode, InputSlot, Link } from './graph.js';
import type { GroupInterface } from './group-interface.js';
import { innerValues } from './group-values.js';
import type { ObjectInfo } from './interfaces.js';
import { connectable, liveInputs, liveOutputType } from './live-inputs.js';

/** A group node's instance turned into a subgraph, not yet linked to what is around it. */
export interface Unpacked {
  readonly nodes: readonly { readonly node: GraphNode; readonly slots: InputSlot[] }[];
  readonly links: Link[];
  readonly inputs: DefinitionSlot[];
  readonly outputs: DefinitionSlot[];
}

/** The inner nodes with their new ids and the values that the instance holds, linked with each other. */
export function unpack(group: GroupInterface, instance: GraphNode, ids: readonly string[], info: ObjectInfo): Unpacked {
  const values = innerValues(group, instance, info);
  const nodes = group.data.nodes.map((inner, at) => {
    const node: GraphNode = { ...inner, id: ids[at] ?? '', values: values[at] };
    const slots = liveInputs({ node, definition: undefined }, info).map((slot) => ({ ...slot, link: undefined }));
    return { node, slots };
  });
  const unpacked: Unpacked = { nodes, links: [], inputs: [], outputs: [] };
  for (const { from, fromSlot, to, toSlot } of group.data.links) {
    const node = nodes[from]?.node;
    if (node === undefined) continue;
    const type = liveOutputType({ node, definition: undefined }, fromSlot, info);
    connect(unpacked, { origin: node.id, originSlot: fromSlot, type }, to, toSlot);
  }
  return unpacked;
}

/**
 * Links an origin with an inner input. An input takes one link, the newest.
 * @returns the link, or `undefined` where the types do not fit: the frontend then makes none
 */
export function connect(
  { nodes, links }: Unpacked,
  from: { readonly origin: string; readonly originSlot: number; readonly type: string },
  to: number,
  toSlot: number,
): Link | undefined {
  const target = nodes[to];
  const slot = target?.slots[toSlot];
  if (target === undefined || slot === undefined || !connectable(from.type, slot.type)) return undefined;
  const link = { id: String(links.length + 1), ...from, target: target.node.id, targetSlot: toSlot };
  target.slots[toSlot] = { ...slot, link: link.id };
  links.push(link);
  return link;
}

/** Adds a slot of the subgraph's border; a name that is taken gets a number. */
export function addBorder(slots: DefinitionSlot[], name: string, type: string, links: readonly string[]): number {
  const taken = new Set(slots.map((slot) => slot.name));
  let free = name;
  for (let nth = 1; taken.has(free); nth++) free = `${name}_${nth}`;
  return slots.push({ name: free, label: undefined, type, links }) - 1;
}

/** The definition; `like` is the group's data, which stands for a source. */
export function definitionOf(unpacked: Unpacked, id: string, like: GraphNode): Definition {
  const { nodes, links, inputs, outputs } = unpacked;
  return {
    id,
    name: like.title ?? like.type,
    nodes: new Map(nodes.map(({ node, slots }) => [node.id, { ...node, inputs: slots }])),
    links: new Map(links.map((link) => [link.id, link])),
    groups: [],
    inputs,
    outputs,
    fromGroup: true,
    source: new Map(),
  };
}
