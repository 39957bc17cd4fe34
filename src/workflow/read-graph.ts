import { InputError } from '../errors.js';
import type { Graph, GraphNode, Link } from './graph-shapes.js';
import { isArray, isObject, type Json, type JsonObject, toDouble } from './json.js';
import { idText, readInputSlots, readLink, readOutputSlots, textOf } from './slot-shapes.js';

/**
 * Reads the nodes, links and group titles of the root or of a subgraph definition. `where` names it in errors.
 * @throws InputError `workflow-damaged`
 */
export function readGraph(json: JsonObject, where: string): Graph {
  return {
    nodes: readNodes(json.get('nodes'), where),
    links: readLinks(json.get('links'), where),
    groups: groups(json),
  };
}

function readNodes(list: Json | undefined, where: string): ReadonlyMap<string, GraphNode> {
  const nodes = new Map<string, GraphNode>();
  for (const value of isArray(list) ? list : []) {
    const node = readNode(value, where);
    // Of two nodes with one id the frontend keeps the later one; links cannot tell them apart.
    nodes.set(node.id, node);
  }
  return nodes;
}

/**
 * Reads one node. `where` names its graph in errors.
 * @throws InputError `workflow-damaged`
 */
export function readNode(value: Json, where: string): GraphNode {
  const id = isObject(value) ? idText(value.get('id')) : undefined;
  const type = isObject(value) ? textOf(value.get('type')) : undefined;
  if (!isObject(value) || id === undefined || type === undefined) {
    throw new InputError('workflow-damaged', `a node of ${where} has no id or no type`);
  }
  const values = value.get('widgets_values');
  const named = value.get('widgets_values_named');
  const properties = value.get('properties');
  return {
    id,
    type,
    title: textOf(value.get('title')),
    state: stateOf(value.get('mode')),
    inputs: readInputSlots(value.get('inputs')),
    outputs: readOutputSlots(value.get('outputs')),
    values: isArray(values) ? values : undefined,
    named: isObject(named) ? named : isObject(values) ? values : undefined,
    properties: isObject(properties) ? properties : new Map(),
    source: value,
  };
}

/** LiteGraph's modes: 2 never, 4 bypass; the others (1 on event, 3 on trigger) run like 0. */
function stateOf(mode: Json | undefined): GraphNode['state'] {
  const number = toDouble(mode);
  return number === 2 ? 'muted' : number === 4 ? 'bypassed' : 'active';
}

/** Old files have `null` holes among the links. */
function readLinks(list: Json | undefined, where: string): ReadonlyMap<string, Link> {
  const links = new Map<string, Link>();
  for (const value of isArray(list) ? list : []) {
    if (value === null) continue;
    const link = readLink(value, where);
    links.set(link.id, link);
  }
  return links;
}

function groups(json: JsonObject): string[] {
  const list = json.get('groups');
  return (isArray(list) ? list : []).filter(isObject).map((group) => textOf(group.get('title')) ?? '');
}
