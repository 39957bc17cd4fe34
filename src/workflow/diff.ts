import { type End, type Fact, factsOf, type GraphFacts, type NodeFacts, type NodeName } from './facts.js';
import type { Workflow } from './graph.js';
import { canonicalJson, isArray, isObject, type Json } from './json.js';
import type { WidgetNames } from './node-values.js';
import { plainChanges } from './plain-diff.js';
import type { Prompt } from './prompt.js';
import { promptFacts } from './prompt-facts.js';

/** One thing that changed. `node` is absent where it is about the graph itself, which `path` names (empty: the root). */
export type WorkflowChange = {
  readonly path: readonly string[];
  readonly node?: NodeName;
} & (
  | { readonly kind: 'node-added' | 'node-removed'; readonly facts: readonly Fact[] }
  | { readonly kind: 'subgraph-added' | 'subgraph-removed'; readonly nodes: number }
  | { readonly kind: 'group'; readonly title: string; readonly added: boolean }
  | { readonly kind: 'renamed'; readonly before: string | undefined; readonly after: string | undefined }
  | { readonly kind: 'state'; readonly before: NodeState; readonly after: NodeState }
  | { readonly kind: 'link'; readonly key: string; readonly before: End | undefined; readonly after: End | undefined }
  | {
      readonly kind: 'value' | 'property';
      readonly key: string;
      readonly before: Json | undefined;
      readonly after: Json | undefined;
    }
);

export type NodeState = 'active' | 'muted' | 'bypassed';

/**
 * What differs between two workflows for the picture or for a reader; layout never counts, nor do link ids. Nodes are matched by id and type;
 * a subgraph's inside is compared once, by the definition's id. Changes come in the order of `describe`.
 */
export function diffWorkflows(before: Workflow, after: Workflow, names?: WidgetNames): WorkflowChange[] {
  const known = withFileNames([after, before], names);
  return graphsChanges(factsOf(before, known), factsOf(after, known));
}

/** What differs between two prompts, likewise: values and links by node id. */
export const diffPrompts = (before: Prompt, after: Prompt): WorkflowChange[] =>
  graphsChanges([promptFacts(before)], [promptFacts(after)]);

function graphsChanges(old: readonly GraphFacts[], fresh: readonly GraphFacts[]): WorkflowChange[] {
  const changes = fresh.flatMap((graph) => {
    const was = old.find(({ definition }) => definition === graph.definition);
    return was === undefined ? [subgraph('subgraph-added', graph)] : graphChanges(was, graph);
  });
  const gone = old.filter(({ definition }) => !fresh.some((graph) => graph.definition === definition));
  return [...changes, ...gone.map((graph) => subgraph('subgraph-removed', graph))];
}

const subgraph = (kind: 'subgraph-added' | 'subgraph-removed', { path, nodes }: GraphFacts): WorkflowChange => ({
  kind,
  path,
  nodes: nodes.size,
});

/** Names that one side's file gives its values are lent to the other side; what the caller knows comes first. */
function withFileNames(workflows: readonly Workflow[], names: WidgetNames | undefined): WidgetNames {
  const all = new Map<string, readonly string[]>();
  for (const { root, definitions } of workflows) {
    for (const graph of [root, ...definitions.values()]) {
      for (const { type, named, values } of graph.nodes.values()) {
        if (named !== undefined && named.size === values?.length && !all.has(type)) all.set(type, [...named.keys()]);
      }
    }
  }
  return new Map([...all, ...(names ?? [])]);
}

function graphChanges(before: GraphFacts, after: GraphFacts): WorkflowChange[] {
  const changes = factChanges(before.facts, after.facts, { path: after.path });
  if (before.path[0] !== after.path[0]) {
    changes.unshift({ kind: 'renamed', path: after.path, before: before.path[0], after: after.path[0] });
  }
  for (const [id, node] of after.nodes) {
    const was = before.nodes.get(id);
    if (was?.type === node.type) changes.push(...nodeChanges(was, node));
    else changes.push(...(was === undefined ? [] : [whole('node-removed', was)]), whole('node-added', node));
  }
  const gone = [...before.nodes].filter(([id]) => !after.nodes.has(id));
  return [...changes, ...gone.map(([, node]) => whole('node-removed', node))];
}

const whole = (kind: 'node-added' | 'node-removed', { name, facts }: NodeFacts): WorkflowChange => ({
  kind,
  path: name.path,
  node: name,
  facts,
});

function nodeChanges(before: NodeFacts, after: NodeFacts): WorkflowChange[] {
  const about = { path: after.name.path, node: after.name };
  const changes = factChanges(before.facts, after.facts, about);
  const [was, is] = [before.name.title, after.name.title];
  return was === is ? changes : [{ kind: 'renamed', ...about, before: was, after: is }, ...changes];
}

type About = Pick<WorkflowChange, 'path' | 'node'>;

function factChanges(before: readonly Fact[], after: readonly Fact[], about: About): WorkflowChange[] {
  const [old, fresh] = [byKey(before), byKey(after)];
  const keys = new Set([...fresh.keys(), ...old.keys()]);
  return [...keys].flatMap((key) => factChange(old.get(key), fresh.get(key), about));
}

const byKey = (facts: readonly Fact[]) => new Map(facts.map((fact) => [`${fact.kind} ${fact.key}`, fact]));

function factChange(before: Fact | undefined, after: Fact | undefined, about: About): WorkflowChange[] {
  const fact = after ?? before;
  if (fact === undefined) return [];
  const { kind, key } = fact;
  if (kind === 'state') {
    const [was, is] = [before, after].map((each) => (each?.kind === 'state' ? each.value : 'active'));
    return was === is || was === undefined || is === undefined ? [] : [{ kind, ...about, before: was, after: is }];
  }
  if (kind === 'link') {
    const [was, is] = [before, after].map((each) => (each?.kind === 'link' ? each.value : undefined));
    return was?.node === is?.node && was?.slot === is?.slot ? [] : [{ kind, key, ...about, before: was, after: is }];
  }
  if (kind === 'group') {
    return before !== undefined && after !== undefined
      ? []
      : [{ kind, ...about, title: key, added: after !== undefined }];
  }
  const [was, is] = [before, after].map((each) => (each?.kind === kind ? each.value : undefined));
  return valueChanges(kind, key, was, is).map((change) => ({ ...change, ...about }));
}

type ValueChange = Extract<WorkflowChange, { kind: 'value' | 'property' }>;

/** Objects and lists are taken apart, so that one member's change does not show the whole. */
function valueChanges(kind: 'value' | 'property', key: string, before: Json | undefined, after: Json | undefined) {
  const change = (
    suffix: readonly string[],
    was: Json | undefined,
    is: Json | undefined,
  ): Omit<ValueChange, 'path' | 'node'> => ({
    kind,
    key: [key, ...suffix].join('.'),
    before: was,
    after: is,
  });
  if (before === undefined || after === undefined) return [change([], before, after)];
  if (canonicalJson(before) === canonicalJson(after)) return [];
  const nested = (isObject(before) && isObject(after)) || (isArray(before) && isArray(after));
  if (!nested) return [change([], before, after)];
  return plainChanges(before, after).map(({ path, before: was, after: is }) => change(path, was, is));
}
