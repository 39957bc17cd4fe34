import { InputError } from '../errors.js';
import type { GraphNode } from './graph.js';
import type { InputSpec } from './interfaces.js';
import type { Json } from './json.js';
import type { Loaded } from './loaded.js';
import type { WidgetNames } from './node-values.js';
import type { Place } from './places.js';
import { textOf } from './slot-shapes.js';
import { isBrowserOnly, isGroupNode, isVirtualType } from './virtual-types.js';

/**
 * Refuses a workflow with an active node that nobody can turn into a prompt, before a wrong one is made.
 * @throws InputError `unknown-node-type`, `group-node`, `browser-only-node`; `interface-needed` where only names of widgets are known and they are not enough
 */
export function refuseUnknown(
  { places, info, names }: Loaded,
  packOf?: (classType: string) => string | undefined,
): void {
  const active = [...places.values()].filter(
    ({ node, definition }) => node.state === 'active' && definition === undefined,
  );
  const group = active.find(({ node }) => isGroupNode(node.type));
  if (group !== undefined) throw groupNode(group);
  const browser = active.find(({ node }) => isBrowserOnly(node.type));
  if (browser !== undefined) throw browserOnly(browser);
  const unknown = active.filter(({ node }) => !isVirtualType(node.type) && info?.has(node.type) !== true);
  const incomplete = unknown.find(({ node }) => names?.has(node.type) === true && !isComplete(node, names));
  if (incomplete !== undefined) throw interfaceNeeded(incomplete);
  const unnamed = unknown.filter(({ node }) => names?.has(node.type) !== true);
  for (const place of active) {
    const drawn = info?.get(place.node.type)?.inputs.find(({ type }) => drawnInBrowser.has(type));
    if (drawn !== undefined) throw drawnOnly(place, drawn);
  }
  if (unnamed[0] !== undefined) {
    throw unknownType(unnamed[0], new Set(unnamed.map(({ node }) => node.type)).size, info, packOf);
  }
}

/** A value for every widget, and none that the class would have to explain. */
function isComplete({ type, values, named }: GraphNode, names: WidgetNames): boolean {
  const wanted = names.get(type) ?? [];
  const given = values ?? [...(named?.values() ?? [])];
  return given.length === wanted.length && !given.some(mayHaveChoices);
}

/** The frontend takes comments and braces out of some texts; only the class says of which. */
const mayHaveChoices = (value: Json) => typeof value === 'string' && /[{}]|\/[/*]/.test(value);

const interfaceNeeded = (place: Place) =>
  new InputError(
    'interface-needed',
    `${named(place)} does not hold every value that ComfyUI would send, or a text with braces or comments`,
    {
      hint: 'start ComfyUI, or give what a server answers at /object_info: --object-info FILE',
    },
  );

/** A blank at an end would not be seen. */
const classIn = ({ type }: GraphNode) => (type.trim() === type ? type : JSON.stringify(type));

const named = ({ id, node }: Place) => `${classIn(node)}${node.title === undefined ? '' : ` "${node.title}"`} #${id}`;

const groupNode = (place: Place) =>
  new InputError('group-node', `${named(place)} is a group node that ComfyUI can no longer open`, {
    hint: 'its definition is missing, stands inside of a subgraph, or holds nodes that are not installed: ask whoever made the file',
  });

const browserOnly = (place: Place) =>
  new InputError('browser-only-node', `${named(place)} adds links by rules that only the browser knows`, {
    hint: 'in ComfyUI, "Export (API)" the workflow and give that file, or turn its links into real ones',
  });

const view3d = 'pictures of its 3D view, which the browser draws';

/** Widgets whose value is made and uploaded when the browser queues: nothing of it is in a workflow. */
const drawnInBrowser: ReadonlyMap<string, string> = new Map([
  ['LOAD_3D', view3d],
  ['LOAD_3D_ANIMATION', view3d],
  ['WEBCAM', 'a picture of the webcam, which the browser takes'],
]);

const drawnOnly = (place: Place, { name, type }: InputSpec) =>
  new InputError(
    'browser-only-node',
    `${named(place)} sends ${drawnInBrowser.get(type)} when it queues (input "${name}"): no workflow holds that`,
    {
      hint: 'in ComfyUI, "Export (API)" and give that file; it names uploads that last until the server starts anew. Or load a saved picture instead',
    },
  );

function unknownType(
  place: Place,
  types: number,
  info: Loaded['info'],
  packOf?: (classType: string) => string | undefined,
): InputError {
  const pack = blankIn(place, info) ?? packNamed(place, packOf);
  const others = types === 1 ? '' : `, and ${types - 1} more types`;
  return new InputError('unknown-node-type', `the server has no node type for ${named(place)}${pack.text}${others}`, {
    hint: pack.hint,
  });
}

/** Files of 2023 name a class with a blank behind it that servers have since dropped. */
function blankIn({ node }: Place, info: Loaded['info']) {
  const trimmed = node.type.trim();
  if (trimmed === node.type || info?.has(trimmed) !== true) return undefined;
  return { text: '', hint: `the server has ${trimmed}: take the blank out of "type" in the file` };
}

function packNamed(
  { node }: Place,
  packOf?: (classType: string) => string | undefined,
): { readonly text: string; readonly hint: string } {
  const [registry, github] = [textOf(node.properties.get('cnr_id')), textOf(node.properties.get('aux_id'))];
  if (registry === 'comfy-core') {
    return { text: ' (part of ComfyUI)', hint: 'update ComfyUI, or choose another server: --server URL' };
  }
  if (registry !== undefined)
    return { text: ` (pack ${registry})`, hint: `install the pack: comfy node install ${registry}` };
  if (github !== undefined) {
    return {
      text: ` (pack ${github})`,
      hint: `install the pack: git clone https://github.com/${github} into custom_nodes`,
    };
  }
  const listed = packOf?.(node.type);
  if (listed !== undefined)
    return { text: ` (pack ${listed})`, hint: `install the pack: git clone ${listed} into custom_nodes` };
  return { text: '', hint: `the workflow does not name its pack; look for "${node.type}" in ComfyUI-Manager` };
}
