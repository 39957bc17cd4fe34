import { type End, type Fact, factsOf, type NodeName } from './facts.js';
import { inputNodeId, type Workflow } from './graph.js';
import type { WidgetNames } from './node-values.js';
import { showValue } from './show-value.js';

/** Counts up when descriptions change: git keeps what it was given once. A test holds it to the text. */
export const descriptionFormat = 1;

/**
 * A workflow as text for `git diff`: one line a fact, each with the node it is about, so that an edit is one line:
 * `KSampler "base" #3  steps: 20`, `KSampler "base" #3  model: from LoraLoader #12 MODEL`, `VAEDecode #8  bypassed`;
 * inside a subgraph `Upscale / KSampler #5  steps: 4`. Nodes by id, values in the order of the widgets, links by the input's name. Layout is not in it.
 */
export function describe(workflow: Workflow, names?: WidgetNames): string[] {
  return factsOf(workflow, names).flatMap(({ path, nodes, facts }) => {
    const prefix = path.length === 0 ? 'workflow' : `${path.join(' / ')}`;
    const own = facts.map((fact) => `${prefix}  ${factText(fact)}`);
    const lines = [...nodes.values()].flatMap(({ name, facts: about }) => {
      const label = nodeText(name);
      return [label, ...about.map((fact) => `${label}  ${factText(fact)}`)];
    });
    return [...own, ...lines];
  });
}

/** `Upscale / KSampler "base" #3` */
export function nodeText({ path, type, title, id }: Omit<NodeName, 'definition'>): string {
  const own = [type, ...(title === undefined || title === type ? [] : [JSON.stringify(title)]), `#${id}`].join(' ');
  return [...path, own].join(' / ');
}

function factText(fact: Fact): string {
  if (fact.kind === 'state') return fact.value;
  if (fact.kind === 'link') return `${keyText(fact.key)}: from ${endText(fact.value)}`;
  if (fact.kind === 'group') return `group ${JSON.stringify(fact.key)}`;
  return `${keyText(fact.key)}: ${showValue(fact.value)}`;
}

/** Names of inputs come from packs and may hold anything. */
const keyText = (key: string) => (/^[^\p{C}]+$/u.test(key) ? key : JSON.stringify(key));

/** `LoraLoader #12 MODEL`; `subgraph input image` */
export function endText({ node, type, output }: End): string {
  if (node === inputNodeId) return `subgraph input ${output ?? ''}`.trimEnd();
  return [type ?? 'node', `#${node}`, ...(output === undefined || output === '' ? [] : [output])].join(' ');
}
