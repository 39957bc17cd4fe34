import {
  type Definition,
  type GraphNode,
  type InputSlot,
  inputNodeId,
  type Link,
  outputNodeId,
  type Workflow,
} from './graph.js';
import { readGroups } from './group-data.js';
import { type GroupInterface, groupInterface } from './group-interface.js';
import { addBorder, connect, definitionOf, type Unpacked, unpack } from './group-subgraph.js';
import type { ObjectInfo } from './interfaces.js';
import { connectable, liveInputs, liveOutputType } from './live-inputs.js';
import { tooLarge } from './places.js';
import { lastId, renumberedIds } from './renumbered-ids.js';
import { isVirtualType } from './virtual-types.js';

/** The root while its groups are being replaced. */
interface Expanding {
  readonly info: ObjectInfo;
  readonly nodes: Map<string, GraphNode>;
  readonly links: Map<string, Link>;
  readonly definitions: Map<string, Definition>;
  /** The last node id given out. */
  last: number;
}

/**
 * Turns the legacy group nodes at the root into subgraphs, as the frontend does when it loads a file since these are gone: inner nodes get new
 * ids, the instance the next one. The group's own state (muted, bypassed) is lost then, and is lost here. A group with an inner
 * node of an unknown class stays as it is, as do groups inside of subgraphs.
 * @throws InputError `workflow-too-large`
 */
export function expandGroups(workflow: Workflow, info: ObjectInfo): Workflow {
  const types = groupTypes(workflow, info);
  if (types.size === 0) return workflow;
  const { root, definitions } = workflow;
  const renumbered = renumberedIds(workflow);
  const lastBefore = lastId(workflow, renumbered);
  const state: Expanding = {
    info,
    nodes: new Map(root.nodes),
    links: new Map(root.links),
    definitions: new Map(definitions),
    last: lastBefore,
  };
  for (const { id, type } of root.nodes.values()) {
    const [group, instance] = [types.get(groupName(type) ?? ''), state.nodes.get(id)];
    if (group === undefined || instance === undefined) continue;
    if (state.last - lastBefore > maxInner) throw tooLarge();
    replace(state, instance, group);
  }
  const { nodes, links } = state;
  return { ...workflow, root: { ...root, nodes, links }, definitions: state.definitions, renumbered };
}

/** Inner nodes of all groups together; the largest groups seen have some tens. */
const maxInner = 5000;

/** The name of a legacy group node's definition; `undefined` for other types. */
export const groupName = (type: string): string | undefined => /^workflow[>/](.*)$/s.exec(type)?.[1];

/** Groups may hold groups that stand before them in the file. */
function groupTypes(workflow: Workflow, info: ObjectInfo): ReadonlyMap<string, GroupInterface> {
  const types = new Map<string, GroupInterface>();
  const creatable = (type: string) => info.has(type) || isVirtualType(type) || types.has(groupName(type) ?? '');
  for (const data of readGroups(workflow)) {
    if (data.nodes.every(({ type }) => creatable(type))) types.set(data.name, groupInterface(data, info));
  }
  return types;
}

function replace(state: Expanding, instance: GraphNode, group: GroupInterface): void {
  const ids = group.data.nodes.map(() => String(++state.last));
  const id = String(++state.last);
  const unpacked = unpack(group, instance, ids, state.info);
  const inputs = linkInputs(state, instance, group, unpacked, id);
  linkOutputs(state, instance, group, unpacked, id);
  const definition = definitionOf(unpacked, `group ${id}`, instance);
  state.definitions.set(definition.id, definition);
  state.nodes.delete(instance.id);
  const outputs = unpacked.outputs.map(({ name, type }) => ({ name, type, label: undefined }));
  const host = { ...instance, id, type: definition.id, state: 'active' as const, inputs, outputs };
  state.nodes.set(id, { ...host, values: undefined, named: undefined });
}

/** One input of the subgraph for each output outside that feeds it, however many inner inputs that reaches. */
function linkInputs(
  state: Expanding,
  instance: GraphNode,
  group: GroupInterface,
  unpacked: Unpacked,
  id: string,
): InputSlot[] {
  const shape = new Map([[instance.type, group.shape]]);
  const live = liveInputs({ node: instance, definition: undefined }, shape);
  const inputs: InputSlot[] = [];
  const border = new Map<string, number>();
  for (const { slot, node, inner } of group.inputs) {
    const link = state.links.get(live[slot]?.link ?? '');
    const to = unpacked.nodes[node]?.slots.findIndex(({ name }) => name === inner) ?? -1;
    if (link === undefined || to < 0) continue;
    const key = `${link.origin} ${link.originSlot}`;
    const at = border.get(key) ?? unpacked.inputs.length;
    const type = outputTypeAt(state, link);
    const made = connect(unpacked, { origin: inputNodeId, originSlot: at, type }, node, to);
    if (made === undefined) continue;
    if (border.has(key)) continue;
    border.set(key, at);
    const target = unpacked.nodes[node]?.slots[to];
    addBorder(unpacked.inputs, inner, target?.type ?? type, [made.id]);
    const name = unpacked.inputs[at]?.name ?? inner;
    inputs.push({ name, label: undefined, type: target?.type ?? type, link: link.id, widget: target?.widget && name });
    state.links.set(link.id, { ...link, target: id, targetSlot: at });
  }
  return inputs;
}

function outputTypeAt({ nodes, definitions, info }: Expanding, { origin, originSlot }: Link): string {
  const node = nodes.get(origin);
  return node === undefined ? '*' : liveOutputType({ node, definition: definitions.get(node.type) }, originSlot, info);
}

const innerType = ({ info }: Expanding, node: GraphNode, slot: number) =>
  liveOutputType({ node, definition: undefined }, slot, info);

/** One output of the subgraph for each inner output that something outside uses. */
function linkOutputs(
  state: Expanding,
  instance: GraphNode,
  group: GroupInterface,
  unpacked: Unpacked,
  id: string,
): void {
  const border = new Map<string, number>();
  for (const link of [...state.links.values()].filter(({ origin }) => origin === instance.id)) {
    const inner = group.outputs[link.originSlot];
    const node = unpacked.nodes[inner?.node ?? -1]?.node;
    if (inner === undefined || node === undefined || !fitsTarget(state, link, innerType(state, node, inner.slot))) {
      state.links.delete(link.id);
      continue;
    }
    const key = `${inner.node} ${inner.slot}`;
    const originSlot = border.get(key) ?? addOutput(state, unpacked, node, inner.slot);
    border.set(key, originSlot);
    state.links.set(link.id, { ...link, origin: id, originSlot });
  }
}

function fitsTarget({ nodes, info }: Expanding, { id, target }: Link, type: string): boolean {
  const node = nodes.get(target);
  const known = node === undefined ? [] : liveInputs({ node, definition: undefined }, info);
  const slot = known.find(({ link }) => link === id);
  return slot === undefined || connectable(type, slot.type);
}

function addOutput(state: Expanding, { links, outputs }: Unpacked, node: GraphNode, slot: number): number {
  const type = innerType(state, node, slot);
  const link = {
    id: String(links.length + 1),
    origin: node.id,
    originSlot: slot,
    target: outputNodeId,
    targetSlot: outputs.length,
    type,
  };
  links.push(link);
  return addBorder(outputs, type, type, [link.id]);
}
