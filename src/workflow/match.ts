import { diffById, type WorkflowChange, withFileNames } from './diff.js';
import { drawnId, drawnValues } from './drawn-seeds.js';
import { factsOf } from './facts.js';
import type { Workflow } from './graph.js';
import type { PromptMatch } from './match-prompt.js';
import type { WidgetNames } from './node-values.js';
import { type Place, unfold } from './places.js';

/**
 * Compares a committed workflow with the one that a run embedded, on the ladder of product.md, "How a run finds its commit". `exact`: nothing
 * that counts differs (layout and stamps of the frontend do not count); `seeds`: nothing but seeds under a control that is not `fixed`;
 * `derived`: the same nodes and links, with the list of `<node id>.<input>` that differ; `undefined`: another graph.
 * @param names of the values of packs' nodes, by class; without them a value is known by its position, `4.#2`
 * @throws InputError `subgraph-cycle`, `workflow-too-large`
 */
export function compareForMatch(committed: Workflow, embedded: Workflow, names?: WidgetNames): PromptMatch | undefined {
  const known = withFileNames([embedded, committed], names);
  const changes = diffById(committed, embedded, known).filter(({ kind }) => kind !== 'group');
  if (changes.length === 0) return 'exact';
  if (changes.some(({ kind }) => graphKinds.has(kind))) return undefined;
  const free = new Set([committed, embedded].flatMap((one) => [...drawnValues(one, factsOf(one, known))]));
  if (changes.every((change) => change.kind === 'value' && free.has(keyOf(change)))) return 'seeds';
  const places = [...unfold(committed).values()];
  return { derived: changes.flatMap((change) => namesIn(change, places)) };
}

/** Changes that make it another graph. */
const graphKinds: ReadonlySet<WorkflowChange['kind']> = new Set([
  'node-added',
  'node-removed',
  'subgraph-added',
  'subgraph-removed',
  'state',
  'link',
]);

const keyOf = (change: WorkflowChange) =>
  drawnId(change.node?.definition, change.node?.id, 'key' in change ? change.key : undefined);

/** `<node id>.<input>`, for each place that an interior node has in the prompt. */
function namesIn(change: WorkflowChange, all: readonly Place[]): string[] {
  const what = 'key' in change ? change.key : 'title';
  if (change.node === undefined) return [what];
  const { definition, id } = change.node;
  if (definition === undefined) return [`${id}.${what}`];
  const places = all.filter(({ host, node }) => host?.definition?.id === definition && node.id === id);
  return places.length === 0 ? [`${id}.${what}`] : places.map((place) => `${place.id}.${what}`);
}
