// What a workflow or a prompt is, but for the ids of its nodes and links: to compare merges with edits made one after the other.
import { createHash } from 'node:crypto';
import { canonicalJson, isArray, isObject, type Json, type JsonObject } from '../../src/workflow/json.js';
import { graphsIn, inputsIn, linksIn, nodesIn } from './edits.js';

const idOf = (node: JsonObject) => canonicalJson(node.get('id') ?? null).replaceAll('"', '');
const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** One line a node: its members, and what feeds each input, by that one's line. Sorted. */
export function workflowSignature(workflow: JsonObject): string[] {
  return graphsIn(workflow).flatMap((graph, at) => {
    const signature = signatures(graph);
    const outputs = linksIn(graph)
      .filter(({ target }) => target === '-20')
      .map(({ origin, slot, at: to }) => `${at} output ${to} from ${signature(origin)} ${slot}`);
    return [...nodesIn(graph).map((node) => `${at} ${signature(idOf(node))}`), ...outputs].sort();
  });
}

function signatures(graph: JsonObject): (id: string) => string {
  const nodes = new Map(nodesIn(graph).map((node) => [idOf(node), node]));
  const links = linksIn(graph);
  const known = new Map<string, string>();
  const signature = (id: string): string => {
    const node = nodes.get(id);
    if (node === undefined) return id;
    if (!known.has(id)) {
      known.set(id, 'cycle');
      known.set(id, make(node, id));
    }
    return known.get(id) ?? '';
  };
  const make = (node: JsonObject, id: string) => {
    const members = [...node].filter(([key]) => !['id', 'inputs', 'outputs', 'order'].includes(key));
    const inputs = inputsIn(node).flatMap((slot, at) => {
      const link = links.find((one) => one.target === id && one.at === at);
      if (link === undefined) return slot.get('widget') === undefined ? [`${slot.get('name')}: none`] : [];
      return [`${slot.get('name')}: ${signature(link.origin)} ${link.slot}`];
    });
    return `${String(node.get('type'))} ${digest(canonicalJson(new Map(members)) + inputs.sort().join('\n'))}`;
  };
  return signature;
}

/** One line a node of a prompt, likewise. */
export function promptSignature(prompt: JsonObject): string[] {
  const known = new Map<string, string>();
  const signature = (id: string): string => {
    const node = prompt.get(id);
    if (!isObject(node)) return id;
    if (!known.has(id)) {
      known.set(id, 'cycle');
      known.set(id, make(node));
    }
    return known.get(id) ?? '';
  };
  const make = (node: JsonObject) => {
    const inputs = node.get('inputs');
    const lines = [...(isObject(inputs) ? inputs : [])].map(([name, value]) => `${name}: ${shown(value)}`);
    return `${String(node.get('class_type'))} ${digest(lines.sort().join('\n'))}`;
  };
  const shown = (value: Json) =>
    isArray(value) && value.length === 2 && typeof value[0] === 'string'
      ? `${signature(value[0])} ${canonicalJson(value[1] ?? null)}`
      : canonicalJson(value);
  return [...prompt.keys()].map(signature).sort();
}

/** Links of which an end is not there, or which the two ends do not agree about. */
export function danglingLinks(workflow: JsonObject): string[] {
  return graphsIn(workflow).flatMap((graph) => {
    const nodes = new Map(nodesIn(graph).map((node) => [idOf(node), node]));
    const isThere = (id: string) => nodes.has(id) || id === '-10' || id === '-20';
    const links = linksIn(graph);
    const cut = links.filter(({ id, origin, target, at }) => {
      const slot = nodes.get(target)?.get('inputs');
      const held = isArray(slot) && isObject(slot[at]) ? slot[at].get('link') : undefined;
      return (
        !isThere(origin) ||
        !isThere(target) ||
        (target !== '-20' && canonicalJson(held ?? null).replaceAll('"', '') !== id)
      );
    });
    const known = new Set(links.map(({ id }) => id));
    const held = [...nodes.values()]
      .flatMap(inputsIn)
      .map((slot) => slot.get('link') ?? null)
      .filter((id) => id !== null);
    const lost = held.filter((id) => !known.has(canonicalJson(id).replaceAll('"', '')));
    return [...cut.map(({ id }) => `link ${id}`), ...lost.map((id) => `input ${canonicalJson(id)}`)];
  });
}
