import type { Definition, DefinitionSlot, Graph, GraphNode, Link, Workflow } from './graph.js';

/**
 * The workflow without the links that the frontend drops when it loads a file: of those that end at one slot the first stays, or the first that an
 * input holds where the first of another origin is held by none. Whoever held a dropped one holds the one that stayed.
 */
export function withoutCompetingLinks(workflow: Workflow): Workflow {
  const { root, definitions } = workflow;
  const graphs = [root, ...definitions.values()];
  if (!graphs.some(hasCompeting)) return workflow;
  return {
    ...workflow,
    root: settledGraph(root),
    definitions: new Map([...definitions].map(([id, definition]) => [id, settledDefinition(definition)])),
  };
}

const endOf = ({ target, targetSlot }: Link) => `${targetSlot}:${target}`;

const hasCompeting = ({ links }: Graph) => new Set([...links.values()].map(endOf)).size < links.size;

function settledDefinition(definition: Definition): Definition {
  if (!hasCompeting(definition)) return definition;
  const stayed = survivors(definition);
  const slot = (each: DefinitionSlot): DefinitionSlot => ({
    ...each,
    links: [...new Set(each.links.map((id) => stayed.get(id) ?? id))],
  });
  const [inputs, outputs] = [definition.inputs.map(slot), definition.outputs.map(slot)];
  return { ...definition, ...settledGraph(definition), inputs, outputs };
}

function settledGraph(graph: Graph): Graph {
  const stayed = survivors(graph);
  if (stayed.size === 0) return graph;
  const links = new Map([...graph.links].filter(([id]) => !stayed.has(id)));
  const nodes = new Map([...graph.nodes].map(([id, node]) => [id, settledNode(node, stayed)]));
  return { ...graph, nodes, links };
}

const settledNode = (node: GraphNode, stayed: ReadonlyMap<string, string>): GraphNode => ({
  ...node,
  inputs: node.inputs.map((slot) => ({ ...slot, link: stayed.get(slot.link ?? '') ?? slot.link })),
});

/** For each dropped link the one that stays. */
function survivors({ nodes, links }: Graph): ReadonlyMap<string, string> {
  const held = new Set([...nodes.values()].flatMap(({ inputs }) => inputs.map(({ link }) => link)));
  const byEnd = new Map<string, Link[]>();
  for (const link of links.values()) {
    const others = byEnd.get(endOf(link));
    if (others === undefined) byEnd.set(endOf(link), [link]);
    else others.push(link);
  }
  const stayed = new Map<string, string>();
  for (const competing of byEnd.values()) {
    const kept = survivor(competing, held);
    for (const { id } of competing) if (id !== kept.id) stayed.set(id, kept.id);
  }
  return stayed;
}

/** Of a link that is written twice the first stays, held or not. */
const survivor = (competing: readonly Link[], held: ReadonlySet<string | undefined>): Link =>
  competing.reduce((kept, link) => {
    const twice = kept.origin === link.origin && kept.originSlot === link.originSlot;
    return !twice && held.has(link.id) && !held.has(kept.id) ? link : kept;
  });
