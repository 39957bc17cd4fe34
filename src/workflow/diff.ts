import { identifyDefinitions } from './definition-identity.js';
import { drawnId, drawnValues } from './drawn-seeds.js';
import { factsOf } from './facts.js';
import type { Workflow } from './graph.js';
import { changesOf, pairGraphs } from './graph-changes.js';
import { identifyNodes } from './node-identity.js';
import { shapesOfFacts } from './node-shapes.js';
import type { WidgetNames } from './node-values.js';
import type { Prompt } from './prompt.js';
import { promptFacts } from './prompt-facts.js';
import type { WorkflowChange } from './workflow-change.js';

export type { NodeState, WorkflowChange } from './workflow-change.js';

/**
 * What differs between two workflows for the picture or for a reader; layout never counts, nor do the ids of links and nodes: nodes are found again by
 * `identifyNodes`, subgraph definitions likewise, and the inside of a definition is compared once. Changes come in the order of `describe`.
 */
export function diffWorkflows(before: Workflow, after: Workflow, names?: WidgetNames): WorkflowChange[] {
  const known = withFileNames([after, before], names);
  const [old, fresh] = [factsOf(before, known), factsOf(after, known)];
  const definitions = identifyDefinitions(before, after);
  const pairs = pairGraphs(old, fresh, definitions);
  const identities = new Map(
    pairs.map(({ was, graph }) => [
      graph.definition,
      identifyNodes(shapesOfFacts(was), shapesOfFacts(graph, definitions)),
    ]),
  );
  const drawn = drawnValues(after, fresh);
  return changesOf(old, fresh, definitions, identities).map((change) => marked(change, drawn));
}

/** As `diffWorkflows`, of two prompts: values and links. */
export function diffPrompts(before: Prompt, after: Prompt): WorkflowChange[] {
  const [old, fresh] = [promptFacts(before), promptFacts(after)];
  const identity = identifyNodes(shapesOfFacts(old), shapesOfFacts(fresh));
  return changesOf([old], [fresh], new Map(), new Map([[undefined, identity]]));
}

/** As `diffWorkflows`, where a node that has another id is another node: what a run embedded has the ids of the file that it came from. */
export function diffById(before: Workflow, after: Workflow, names?: WidgetNames): WorkflowChange[] {
  const known = withFileNames([after, before], names);
  const [old, fresh] = [factsOf(before, known), factsOf(after, known)];
  const definitions = new Map([...after.definitions.keys()].map((id) => [id, id]));
  const identities = new Map(
    pairGraphs(old, fresh, definitions).map(({ was, graph }) => {
      const same = [...graph.nodes].filter(([id, { type }]) => was.nodes.get(id)?.type === type);
      return [graph.definition, new Map(same.map(([id]) => [id, id]))];
    }),
  );
  return changesOf(old, fresh, definitions, identities, false);
}

/** Names that one side's file gives its values are lent to the other side; what the caller knows comes first. */
export function withFileNames(workflows: readonly Workflow[], names: WidgetNames | undefined): WidgetNames {
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

const marked = (change: WorkflowChange, drawn: ReadonlySet<string>): WorkflowChange =>
  change.kind === 'value' && drawn.has(drawnId(change.node?.definition, change.node?.id, change.key))
    ? { ...change, drawn: true }
    : change;
