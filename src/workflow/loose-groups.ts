import { groupName } from './expand-groups.js';
import type { GraphNode, Workflow } from './graph.js';
import { type GroupData, readGroups } from './group-data.js';
import type { Json } from './json.js';
import { hasMediaExtension } from './media-names.js';
import { hasModelExtension } from './model-inputs.js';
import { namedValues } from './node-values.js';
import type { ResolvedNode } from './resolved-nodes.js';

/** More instances of groups than any file has; a definition costs its size for each. */
const mostInstances = 1000;

/**
 * The inner nodes of legacy group nodes whose classes nobody describes, so that their widgets cannot be laid out: with their own values, and with
 * the file names that the instance holds in place of their own. `executed` as the group node is.
 */
export function looseGroupNodes(workflow: Workflow): (ResolvedNode & { readonly executed: boolean })[] {
  const groups = new Map(readGroups(workflow).map((group) => [group.name, group]));
  const graphs = [workflow.root, ...workflow.definitions.values()];
  const instances = graphs
    .flatMap((graph) => [...graph.nodes.values()])
    .flatMap((node) => {
      const group = groups.get(groupName(node.type) ?? '');
      return group === undefined ? [] : [{ node, group }];
    });
  return instances.slice(0, mostInstances).flatMap(({ node, group }) => innerNodes(node, group));
}

function innerNodes(instance: GraphNode, group: GroupData) {
  const held = (instance.values ?? []).filter(isFileName);
  const inner = group.nodes.map((node) => namedValues(node));
  const places = inner.flatMap((values) => values.filter(({ value }) => isFileName(value)));
  // As many names outside as inside: each stands for the one in its place. Otherwise some are hidden, and both are told.
  const fits = places.length === held.length;
  const outer = new Map(fits ? places.map((place, at) => [place, held[at] ?? null]) : []);
  const nodes = group.nodes.map((node, at) => ({
    id: `${instance.id}:${at}`,
    classType: node.type,
    title: node.title,
    values: new Map((inner[at] ?? []).map((place) => [place.name, outer.get(place) ?? place.value])),
    executed: instance.state === 'active',
  }));
  if (fits || held.length === 0) return nodes;
  const values = new Map(held.map((value, at): [string, Json] => [`#${at}`, value]));
  const whole = { id: instance.id, classType: instance.type, title: instance.title, values };
  return [...nodes, { ...whole, executed: instance.state === 'active' }];
}

const isFileName = (value: Json) =>
  typeof value === 'string' && value.length < 1024 && (hasModelExtension(value) || hasMediaExtension(value));
