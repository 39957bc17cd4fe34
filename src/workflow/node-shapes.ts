import type { Fact, GraphFacts } from './facts.js';
import type { Graph } from './graph.js';
import { canonicalJson } from './json.js';

/** What a node is told by when its id may have changed. */
export interface NodeShape {
  /** Class; for an instance of a subgraph something that both sides call it by. */
  readonly type: string;
  readonly title: string | undefined;
  /** Equal for nodes that hold the same values, state and properties. Worked out when it is asked for: where ids are believed nobody does. */
  readonly content: () => string;
  /** By the input's name: the node that it is linked from, and which of its outputs. */
  readonly inputs: ReadonlyMap<string, ShapeEnd>;
}

export interface ShapeEnd {
  readonly node: string;
  readonly slot: number;
}

/** The nodes of one graph, by id. */
export type Shapes = ReadonlyMap<string, NodeShape>;

/** Another name for a type: the other side's id of the same subgraph definition. */
export type TypeAliases = ReadonlyMap<string, string>;

/** The shapes of a graph as it was read. */
export function shapesOfGraph(graph: Graph, aliases: TypeAliases = new Map()): Shapes {
  const shapes = [...graph.nodes.values()].map((node): [string, NodeShape] => {
    const ends = node.inputs.flatMap(({ name, link }): [string, ShapeEnd][] => {
      const found = link === undefined ? undefined : graph.links.get(link);
      return found === undefined ? [] : [[name, { node: found.origin, slot: found.originSlot }]];
    });
    const content = later(
      () => `${node.state} ${canonicalJson([...(node.values ?? [])])} ${canonicalJson(node.named ?? null)}`,
    );
    return [node.id, { type: aliases.get(node.type) ?? node.type, title: node.title, content, inputs: new Map(ends) }];
  });
  return new Map(shapes);
}

/** The shapes of a graph whose facts were read. */
export function shapesOfFacts({ nodes }: GraphFacts, aliases: TypeAliases = new Map()): Shapes {
  const shapes = [...nodes].map(([id, { type, name, facts }]): [string, NodeShape] => {
    const inputs = new Map<string, ShapeEnd>();
    for (const fact of facts) if (fact.kind === 'link') inputs.set(fact.key, fact.value);
    const content = later(() => contentOf(facts));
    return [id, { type: aliases.get(type) ?? type, title: name.title, content, inputs }];
  });
  return new Map(shapes);
}

function contentOf(facts: readonly Fact[]): string {
  let content = '';
  for (const fact of facts) {
    // The widgets that an instance shows are named by interior ids.
    if (fact.kind === 'link' || fact.kind === 'group' || fact.key === 'properties.proxyWidgets') continue;
    content += `${fact.kind} ${fact.key} ${canonicalJson(fact.value)}\n`;
  }
  return content;
}

function later(make: () => string): () => string {
  let made: string | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
