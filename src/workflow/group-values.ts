import type { GraphNode } from './graph.js';
import type { GroupInterface } from './group-interface.js';
import type { ObjectInfo } from './interfaces.js';
import type { Json } from './json.js';
import { primitiveType } from './virtual-types.js';
import { type FilledWidget, fillWidgets } from './widgets.js';

/**
 * The values of a group's inner nodes, by their place in it: what the group node holds, handed on by the names of its widgets. Each widget gives its
 * value once.
 */
export function innerValues(group: GroupInterface, node: GraphNode, info: ObjectInfo): (readonly Json[] | undefined)[] {
  const outer = fillWidgets(group.shape, node.values);
  const free = new Map<string, FilledWidget[]>();
  for (const widget of [...outer].reverse()) free.set(widget.name, [...(free.get(widget.name) ?? []), widget]);
  const handed = group.data.nodes.map(() => new Map<string, Json>());
  for (const { node: at, inner, outer: name } of inNodeOrder(group)) {
    const widget = free.get(name)?.pop();
    if (widget !== undefined) handed[at]?.set(inner, widget.value ?? null);
  }
  return group.data.nodes.map((inner, at) => withHanded(inner, handed[at] ?? new Map(), info));
}

const inNodeOrder = ({ widgets }: GroupInterface) => widgets.toSorted((a, b) => a.node - b.node);

function withHanded(node: GraphNode, handed: ReadonlyMap<string, Json>, info: ObjectInfo): readonly Json[] | undefined {
  if (handed.size === 0) return node.values;
  // A primitive has no widget yet when values are handed in: it will take over what its target holds.
  if (node.type === primitiveType) return undefined;
  const known = info.get(node.type);
  if (known === undefined) return node.values;
  return fillWidgets(known, node.values)
    .filter(({ saved }) => saved)
    .map(({ name, value }) => (handed.has(name) ? handed.get(name) : value) ?? null);
}
