import type { Definition, DefinitionSlot, Graph, GraphNode, Workflow } from './graph.js';
import { inputNodeId, outputNodeId } from './graph.js';
import { instanceNames } from './instance-names.js';
import type { Json } from './json.js';
import { namedValues, type WidgetNames } from './node-values.js';
import { nodeProperties, workflowSettings } from './properties.js';

/** Where a link comes from. */
export interface End {
  /** Id of the node, or `-10` for the subgraph's own input. */
  readonly node: string;
  readonly slot: number;
  /** Class, or name of the subgraph; `undefined` for the subgraph's own input and for a node that is not there. */
  readonly type: string | undefined;
  /** Name of the output. */
  readonly output: string | undefined;
}

/** One thing that is true of a node or graph. Facts of one node differ in kind or key. */
export type Fact =
  | { readonly kind: 'state'; readonly key: 'state'; readonly value: 'muted' | 'bypassed' }
  | { readonly kind: 'value'; readonly key: string; readonly value: Json }
  | { readonly kind: 'link'; readonly key: string; readonly value: End }
  | { readonly kind: 'property'; readonly key: string; readonly value: Json }
  /** The group's title is the key. */
  | { readonly kind: 'group'; readonly key: string };

/** A node as people name it. */
export interface NodeName {
  /** Names of the subgraphs around it, outermost first; empty at the root. */
  readonly path: readonly string[];
  /** Id of the definition that holds the node; `undefined` at the root. */
  readonly definition: string | undefined;
  /** Class, or name of the subgraph that it is an instance of. */
  readonly type: string;
  readonly title: string | undefined;
  readonly id: string;
}

export interface NodeFacts {
  readonly name: NodeName;
  /** Type as in the file; the definition's id for an instance. */
  readonly type: string;
  readonly facts: readonly Fact[];
}

/** All that counts of one graph. Layout is no fact. */
export interface GraphFacts {
  /** Definition id; `undefined` for the root. */
  readonly definition: string | undefined;
  readonly path: readonly string[];
  /** By id, in ascending order. */
  readonly nodes: ReadonlyMap<string, NodeFacts>;
  /** Of the graph itself: group titles, a definition's inputs and outputs, the root's settings. */
  readonly facts: readonly Fact[];
}

/** What reading one graph's facts needs to know. */
interface Reading {
  readonly workflow: Workflow;
  readonly names: WidgetNames | undefined;
  /** How people read a definition's name, by its id. */
  readonly titles: ReadonlyMap<string, string>;
  readonly graph: Graph;
  readonly definition: Definition | undefined;
  readonly path: readonly string[];
}

/** The facts of a workflow: the root, then each definition by name. */
export function factsOf(workflow: Workflow, names?: WidgetNames): GraphFacts[] {
  const titles = definitionTitles(workflow);
  const read = (graph: Graph, definition: Definition | undefined, path: readonly string[]): GraphFacts => {
    const reading = { workflow, names, titles, graph, definition, path };
    const nodes = [...graph.nodes.values()]
      .sort(byId)
      .map((node): [string, NodeFacts] => [node.id, nodeFacts(node, reading)]);
    const own = definition === undefined ? workflowSettings(workflow.source) : borderFacts(definition, reading);
    return { definition: definition?.id, path, nodes: new Map(nodes), facts: [...groupFacts(graph), ...own] };
  };
  const definitions = [...workflow.definitions.values()].map((each) =>
    read(each, each, [titles.get(each.id) ?? each.id]),
  );
  return [read(workflow.root, undefined, []), ...definitions.sort((a, b) => compare(a.path[0] ?? '', b.path[0] ?? ''))];
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Numbers first, in their order. */
function byId(a: GraphNode, b: GraphNode): number {
  const [x, y] = [Number(a.id), Number(b.id)];
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
  return Number.isNaN(x) || x === y ? compare(a.id, b.id) : x - y;
}

/** Two definitions of one name are told apart by the start of their ids. */
function definitionTitles({ definitions }: Workflow): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const { name } of definitions.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
  const title = (name: string, id: string) => (counts.get(name) === 1 ? name : `${name} (${id.slice(0, 8)})`);
  return new Map([...definitions.values()].map(({ name, id }) => [id, title(name, id)]));
}

function nodeFacts(node: GraphNode, reading: Reading): NodeFacts {
  const facts: Fact[] = node.state === 'active' ? [] : [{ kind: 'state', key: 'state', value: node.state }];
  for (const { name, value } of valuesOf(node, reading)) facts.push({ kind: 'value', key: name, value });
  // By name: newer frontends save the same slots in another order.
  for (const { name, link } of node.inputs
    .filter(({ link }) => link !== undefined)
    .sort((a, b) => compare(a.name, b.name))) {
    const value = endOf(link, reading);
    if (value !== undefined) facts.push({ kind: 'link', key: name, value });
  }
  for (const [key, value] of nodeProperties(node)) facts.push({ kind: 'property', key, value });
  const { definition, path, titles } = reading;
  const type = titles.get(node.type) ?? node.type;
  const name = { definition: definition?.id, path, type, title: node.title, id: node.id };
  return { name, type: node.type, facts: numbered(facts) };
}

/** An instance of a subgraph holds the values of its promoted inputs. */
function valuesOf(node: GraphNode, { workflow, names }: Reading) {
  const definition = workflow.definitions.get(node.type);
  if (definition === undefined) return namedValues(node, names);
  return namedValues(node, new Map([[node.type, instanceNames(node, definition)]]));
}

/** A widget name may occur twice in one node; the later ones get a number. */
function numbered(facts: Fact[]): Fact[] {
  if (new Set(facts.map(({ key }) => key)).size === facts.length) return facts;
  const seen = new Map<string, number>();
  return facts.map((fact) => {
    const id = `${fact.kind} ${fact.key}`;
    const times = (seen.get(id) ?? 0) + 1;
    seen.set(id, times);
    return times === 1 || fact.kind === 'state' ? fact : { ...fact, key: `${fact.key} (${times})` };
  });
}

function endOf(linkId: string | undefined, { graph, definition, titles }: Reading): End | undefined {
  const link = linkId === undefined ? undefined : graph.links.get(linkId);
  if (link === undefined) return undefined;
  const slot = link.originSlot;
  if (link.origin === inputNodeId) {
    const outer = definition?.inputs[slot];
    return { node: inputNodeId, slot, type: undefined, output: outer?.label ?? outer?.name };
  }
  const origin = graph.nodes.get(link.origin);
  const output = origin?.outputs[slot];
  const type = origin === undefined ? undefined : (titles.get(origin.type) ?? origin.type);
  return { node: link.origin, slot, type, output: output?.label ?? output?.name };
}

const groupFacts = ({ groups }: Graph): Fact[] =>
  numbered([...groups].sort(compare).map((title) => ({ kind: 'group', key: title })));

/** What a subgraph shows to the outside, and where its outputs come from. */
function borderFacts(definition: Definition, reading: Reading): Fact[] {
  const shown = (slots: readonly DefinitionSlot[], word: string): Fact[] =>
    slots.map(({ name, label, type }) => ({
      kind: 'property',
      key: `${word} ${name}`,
      value: label === undefined ? type : `${type} ${label}`,
    }));
  const ends = [...definition.links.values()].filter(({ target }) => target === outputNodeId);
  const sources = definition.outputs.flatMap(({ name, links }, at): Fact[] => {
    // As the frontend does: the output's own first link, whatever else ends on its slot.
    const link = links.find((id) => definition.links.has(id)) ?? ends.find(({ targetSlot }) => targetSlot === at)?.id;
    const value = endOf(link, reading);
    return value === undefined ? [] : [{ kind: 'link', key: name, value }];
  });
  return numbered([...shown(definition.inputs, 'input'), ...shown(definition.outputs, 'output'), ...sources]);
}
