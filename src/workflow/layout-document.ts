import { InputError } from '../errors.js';
import { isArray, isObject, type Json, type JsonObject, parseJson, writeJson } from './json.js';
import { emptyGraphLayout, type GraphLayout, type Layout, type UntimedLayout } from './layout.js';

/**
 * Reads a layout document.
 * @throws InputError `layout-newer`, `layout-damaged`
 */
export function readLayout(text: string): Layout {
  const json = parseDocument(text);
  const version = json.get('layout');
  if (typeof version === 'number' && version > 1) {
    throw new InputError('layout-newer', `this layout has format ${version}; this git comfy knows 1`, {
      hint: 'update git-comfy',
    });
  }
  const time = json.get('time');
  if (version !== 1 || typeof time !== 'string') throw damaged();
  const subgraphs = json.get('subgraphs');
  return { layout: 1, time, root: readGraph(json.get('root')), subgraphs: mapOf(subgraphs, readGraph) };
}

/** The time inside a document, without reading the rest; empty, which is older than any, in what is not ours. */
export const layoutTime = (text: string): string => /^\{"layout":1,"time":"([^"]*)"/.exec(text)?.[1] ?? '';

function parseDocument(text: string): JsonObject {
  try {
    const json = parseJson(text);
    if (isObject(json)) return json;
  } catch (cause) {
    throw damaged(cause);
  }
  throw damaged();
}

const damaged = (cause?: unknown) =>
  new InputError('layout-damaged', 'this is not a layout that git comfy wrote', cause === undefined ? {} : { cause });

function readGraph(json: Json | undefined): GraphLayout {
  if (!isObject(json)) return emptyGraphLayout;
  return {
    order: textsOf(json.get('order')),
    nodes: mapOf(json.get('nodes'), objectOrEmpty),
    groupOrder: textsOf(json.get('groupOrder')),
    groups: mapOf(json.get('groups'), objectOrEmpty),
    links: mapOf(json.get('links'), objectOrEmpty),
    members: objectOrEmpty(json.get('members')),
  };
}

const textsOf = (json: Json | undefined) =>
  isArray(json) ? json.filter((item): item is string => typeof item === 'string') : [];

const objectOrEmpty = (json: Json | undefined): JsonObject => (isObject(json) ? json : new Map());

function mapOf<T>(json: Json | undefined, read: (value: Json) => T): Map<string, T> {
  const map = new Map<string, T>();
  for (const [key, value] of objectOrEmpty(json)) map.set(key, read(value));
  return map;
}

/** The document, one node, group or link a line: equal layouts of one time give equal bytes. */
export const writeLayout = (layout: Layout): string => timedLayout(layout.time, layoutBody(layout));

/** A document from a `layoutBody`. */
export const timedLayout = (time: string, body: string): string =>
  `{"layout":1,"time":${JSON.stringify(time)},${body}\n`;

/** Everything of a layout but its time, as text: what two layouts are compared by. */
export function layoutBody({ root, subgraphs }: UntimedLayout): string {
  const bodies = [...subgraphs].map(([key, graph]) => `\n${JSON.stringify(key)}:${graphText(graph)}`);
  return `\n"root":${graphText(root)},\n"subgraphs":{${bodies.join(',')}}}`;
}

function graphText(graph: GraphLayout): string {
  const parts = [
    `"order":${writeJson([...graph.order])}`,
    `"nodes":${linesText(graph.nodes)}`,
    `"groupOrder":${writeJson([...graph.groupOrder])}`,
    `"groups":${linesText(graph.groups)}`,
    `"links":${linesText(graph.links)}`,
    `"members":${writeJson(graph.members)}`,
  ];
  return `{${parts.join(',\n')}}`;
}

const linesText = (map: ReadonlyMap<string, JsonObject>) =>
  `{${[...map].map(([key, value]) => `\n${JSON.stringify(key)}:${writeJson(value)}`).join(',')}}`;
