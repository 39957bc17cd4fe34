import type { Json, JsonObject } from '../../src/workflow/json.js';
import { canonicalJson, writeJson } from '../../src/workflow/json.js';

// An independent reading of a workflow: it shares nothing with src/workflow but the parser, so that a mistake there is not
// repeated here. Facts are one text, for comparing two files; numbers are in it as they stand in the file.

type Part = Json | undefined;

const asObject = (value: Part): JsonObject => (value instanceof Map ? value : new Map());
const asList = (value: Part): Json[] => (Array.isArray(value) ? value : []);
const show = (value: Part) => (value === undefined ? 'none' : writeJson(value));
/** Keys in any order, however deep only at the top: inside a value the order is part of it. */
const sorted = (object: JsonObject, leaveOut: readonly string[]) =>
  [...object]
    .filter(([key]) => !leaveOut.includes(key))
    .map(([key, value]) => `${key}=${writeJson(value)}`)
    .sort()
    .join(' ');

const layoutOfNode = ['pos', 'size', 'order', 'color', 'bgcolor', 'boxcolor', 'shape', 'showAdvanced'];
const layoutOfSlot = ['pos', 'dir', 'shape', 'color_on', 'color_off'];
const layoutOfFlags = ['collapsed', 'pinned', 'ghost'];
const layoutOfGroup = ['bounding', 'color', 'font_size', 'flags', 'locked', 'nodes'];
const layoutOfExtra = ['ds', 'reroutes', 'linkExtensions', 'workflowRendererVersion', 'frontendVersion'];
const derivedOfSlot = ['links', 'slot_index', 'localized_name', 'link'];

/** The frontend keeps nodes in an object, where `4` and `"4"` are one key. */
const unquoted = (id: string) => id.replaceAll('"', '');

interface End {
  readonly node: string;
  readonly slot: string;
}

/** The ends of every link; slots of inputs by name, since their numbers change with what is left out. */
function linkFacts(graph: JsonObject, nodes: readonly JsonObject[]): string[] {
  const inputName = ({ node, slot }: End) => {
    const found = nodes.find((one) => unquoted(show(one.get('id'))) === unquoted(node));
    const input = asList(found?.get('inputs'))[Number(slot)];
    return input === undefined ? `slot ${slot}` : show(asObject(input).get('name'));
  };
  return asList(graph.get('links'))
    .filter((link) => link !== null)
    .map((link) => {
      const keys = ['id', 'origin_id', 'origin_slot', 'target_id', 'target_slot', 'type'];
      const parts = Array.isArray(link) ? link : keys.map((key) => asObject(link).get(key));
      const [id, from, fromSlot, to, toSlot, type] = parts.map(show);
      return `link ${id}: ${from}.${fromSlot} -> ${to}.${inputName({ node: to ?? '', slot: toSlot ?? '' })} ${type}`;
    })
    .sort();
}

function nodeFacts(node: JsonObject): string {
  const flags = node.get('flags');
  const inputs = asList(node.get('inputs'))
    .map(asObject)
    .filter((slot) => !(slot.get('widget') instanceof Map && (slot.get('link') ?? null) === null && !slot.get('label')))
    .map((slot) => `  in ${sorted(slot, [...layoutOfSlot, ...derivedOfSlot])} link=${show(slot.get('link'))}`);
  const outputs = asList(node.get('outputs')).map(
    (slot) => `  out ${sorted(asObject(slot), [...layoutOfSlot, ...derivedOfSlot])}`,
  );
  return [
    `node ${show(node.get('id'))}: ${sorted(node, [...layoutOfNode, 'flags', 'inputs', 'outputs'])}`,
    `  flags ${flags instanceof Map ? sorted(flags, layoutOfFlags) : show(flags)}`,
    ...inputs,
    ...outputs,
  ].join('\n');
}

function graphLines(graph: JsonObject): string[] {
  const nodes = asList(graph.get('nodes')).map(asObject);
  const taken = ['nodes', 'links', 'groups', 'extra', 'definitions', 'revision', 'floatingLinks', 'reroutes'];
  const own = [...taken, 'inputNode', 'outputNode', 'inputs', 'outputs'];
  const slots = ['inputs', 'outputs'].flatMap((name) =>
    asList(graph.get(name)).map((slot) => `${name} ${sorted(asObject(slot), [...layoutOfSlot, 'localized_name'])}`),
  );
  const panels = ['inputNode', 'outputNode'].map(
    (name) => `${name} ${sorted(asObject(graph.get(name)), ['bounding', 'pinned'])}`,
  );
  return [
    sorted(graph, own),
    `extra ${sorted(asObject(graph.get('extra')), layoutOfExtra)}`,
    ...panels,
    ...slots,
    ...asList(graph.get('groups'))
      .map((group) => `group ${sorted(asObject(group), layoutOfGroup)}`)
      .sort(),
    ...nodes.map(nodeFacts).sort(),
    ...linkFacts(graph, nodes),
  ];
}

const graphsIn = (workflow: JsonObject): JsonObject[] => [
  workflow,
  ...asList(asObject(workflow.get('definitions')).get('subgraphs')).map(asObject),
];

/** Everything that can matter to a result: nodes, types, modes, titles, properties, values, links by their ends. */
export const graphFacts = (workflow: JsonObject): string => graphsIn(workflow).flatMap(graphLines).join('\n');

const pick = (object: JsonObject, keys: readonly string[]) =>
  keys.map((key) => `${key}=${object.has(key) ? canonicalJson(object.get(key) ?? null) : 'none'}`).join(' ');

function slotLayout(node: JsonObject): string[] {
  const kept = asList(node.get('inputs'))
    .map(asObject)
    .filter(
      (slot) => !(slot.get('widget') instanceof Map && (slot.get('link') ?? null) === null && !slot.get('label')),
    );
  return [...kept, ...asList(node.get('outputs')).map(asObject)].map((slot) => pick(slot, layoutOfSlot));
}

function layoutLines(graph: JsonObject): string[] {
  const visible = layoutOfNode.filter((key) => key !== 'order');
  return [
    pick(graph, ['revision', 'floatingLinks', 'reroutes']),
    ...['inputNode', 'outputNode'].map((name) => pick(asObject(graph.get(name)), ['bounding', 'pinned'])),
    pick(asObject(graph.get('extra')), layoutOfExtra),
    ...asList(graph.get('groups')).map(
      (group) => `${show(asObject(group).get('id'))} ${pick(asObject(group), layoutOfGroup)}`,
    ),
    // In file order: that is the z-order.
    ...asList(graph.get('nodes'))
      .map(asObject)
      .flatMap((node) => [
        `${show(node.get('id'))} ${pick(node, visible)} ${pick(asObject(node.get('flags')), layoutOfFlags)}`,
        ...slotLayout(node),
      ]),
    ...asList(graph.get('inputs')).map((slot) => pick(asObject(slot), layoutOfSlot)),
    ...asList(graph.get('outputs')).map((slot) => pick(asObject(slot), layoutOfSlot)),
  ];
}

/** Everything that is seen on the canvas, with the order of the nodes. */
export const layoutFacts = (workflow: JsonObject): string => graphsIn(workflow).flatMap(layoutLines).join('\n');
