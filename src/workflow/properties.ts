import type { GraphNode } from './graph.js';
import { isObject, type Json, type JsonObject } from './json.js';

/** Members of a node that other facts tell, or that are layout. */
const toldElsewhere: ReadonlySet<string> = new Set(
  (
    'id type pos size order mode showAdvanced inputs outputs title properties widgets_values widgets_values_named ' +
    'widgets_values_ordered color bgcolor boxcolor shape flags'
  ).split(' '),
);

/** Flags that only change how a node is drawn. */
const drawn: ReadonlySet<string> = new Set(['collapsed', 'pinned', 'ghost', 'horizontal', 'allow_interaction']);

/**
 * What else a node carries: its pack where that is not ComfyUI, `properties`, flags that act, renamed slots and members that nobody knows.
 * The frontend's own bookkeeping (alias, version stamps) is left out.
 */
export function nodeProperties(node: GraphNode): [string, Json][] {
  const told: [string, Json][] = packOf(node);
  for (const [key, value] of node.properties) {
    if (!isBookkeeping(key, value, node)) told.push([`properties.${key}`, value]);
  }
  const flags = node.source.get('flags');
  for (const [key, value] of isObject(flags) ? flags : noMembers) {
    if (!drawn.has(key) && value !== false) told.push([`flags.${key}`, value]);
  }
  addLabels(told, 'input', node.inputs);
  addLabels(told, 'output', node.outputs);
  for (const [key, value] of node.source) if (!toldElsewhere.has(key)) told.push([key, value]);
  return told.length < 2 ? told : told.sort(([a], [b]) => (a < b ? -1 : 1));
}

const noMembers: JsonObject = new Map();

function addLabels(told: [string, Json][], side: string, slots: GraphNode['inputs'] | GraphNode['outputs']): void {
  for (const { name, label } of slots)
    if (label !== undefined && label !== '') told.push([`${side} ${name} label`, label]);
}

const packKeys = ['cnr_id', 'aux_id', 'ver'];

function isBookkeeping(key: string, value: Json, node: GraphNode): boolean {
  return packKeys.includes(key) || (key === 'Node name for S&R' && value === node.type);
}

/** `pack: impact-pack@8.1`; ComfyUI's own nodes carry the version of whoever saved them last, which says nothing. */
function packOf({ properties }: GraphNode): [string, Json][] {
  const words = packKeys.map((key) => properties.get(key)).filter((value) => typeof value === 'string');
  return words.length === 0 || words[0] === 'comfy-core' ? [] : [['pack', words.join('@')]];
}

const rootTold: ReadonlySet<string> = new Set(
  'id revision last_node_id last_link_id nodes links floatingLinks groups config extra version definitions state reroutes'.split(
    ' ',
  ),
);

/** Of `extra`: layout, stamps of the frontend, and caches that extensions make again. */
const extraTold: ReadonlySet<string> = new Set(
  'ds reroutes linkExtensions workflowRendererVersion frontendVersion node_versions ue_links links_added_by_ue'.split(
    ' ',
  ),
);

/** What the workflow itself carries beside its graph: app mode, descriptions, members that nobody knows. */
export function workflowSettings(source: JsonObject): { kind: 'property'; key: string; value: Json }[] {
  const extra = source.get('extra');
  const settings = [
    ...[...source].filter(([key]) => !rootTold.has(key)),
    ...(isObject(extra) ? [...extra] : [])
      .filter(([key]) => !extraTold.has(key))
      .map(([key, value]): [string, Json] => [`extra.${key}`, value]),
  ];
  return settings.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ({ kind: 'property', key, value }));
}
