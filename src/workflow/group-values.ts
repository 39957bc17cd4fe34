import type { GraphNode } from './graph.js';
import type { GroupInterface } from './group-interface.js';
import type { ObjectInfo } from './interfaces.js';
import type { Json } from './json.js';
import { primitiveType } from './virtual-types.js';
import { fillWidgets } from './widgets.js';

/**
 * The values of a group's inner nodes, by their place in it: what the group node holds, handed on by the names of its widgets. Each widget gives its
 * value once.
 */
export function innerValues(group: GroupInterface, node: GraphNode, info: ObjectInfo): (readonly Json[] | undefined)[] {
  const outer = fillWidgets(group.shape, node.values);
  const taken = new Set<number>();
  const handed = group.data.nodes.map(() => new Map<string, Json>());
  for (const { node: at, inner, outer: name } of inNodeOrder(group)) {
    const found = outer.findIndex((widget, index) => !taken.has(index) && widget.name === name);
    const value = outer[found]?.value;
    if (found >= 0) taken.add(found);
    if (found >= 0) handed[at]?.set(inner, value ?? null);
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
