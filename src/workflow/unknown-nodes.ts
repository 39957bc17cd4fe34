import { InputError } from '../errors.js';
import type { Place } from './places.js';
import type { Loaded } from './resolve-link.js';
import { textOf } from './slot-shapes.js';
import { isBrowserOnly, isGroupNode, isVirtualType } from './virtual-types.js';

/**
 * Refuses a workflow with an active node that nobody can turn into a prompt, before a wrong one is made.
 * @throws InputError `unknown-node-type`, `group-node`, `browser-only-node`
 */
export function refuseUnknown({ places, info }: Loaded): void {
  const active = [...places.values()].filter(
    ({ node, definition }) => node.state === 'active' && definition === undefined,
  );
  const group = active.find(({ node }) => isGroupNode(node.type));
  if (group !== undefined) throw groupNode(group);
  const browser = active.find(({ node }) => isBrowserOnly(node.type));
  if (browser !== undefined) throw browserOnly(browser);
  const unknown = active.filter(({ node }) => !isVirtualType(node.type) && info?.has(node.type) !== true);
  const drawn = active.find(({ node }) => info?.get(node.type)?.inputs.some(({ type }) => drawnInBrowser.has(type)));
  if (drawn !== undefined) throw drawnOnly(drawn);
  if (unknown[0] !== undefined) throw unknownType(unknown[0], new Set(unknown.map(({ node }) => node.type)).size);
}

const named = ({ id, node }: Place) => `${node.type}${node.title === undefined ? '' : ` "${node.title}"`} #${id}`;

const groupNode = (place: Place) =>
  new InputError('group-node', `${named(place)} is a group node that ComfyUI can no longer open`, {
    hint: 'its definition is missing, stands inside of a subgraph, or holds nodes that are not installed: ask whoever made the file',
  });

const browserOnly = (place: Place) =>
  new InputError('browser-only-node', `${named(place)} adds links by rules that only the browser knows`, {
    hint: 'in ComfyUI, "Export (API)" the workflow and give that file, or turn its links into real ones',
  });

/** Widgets whose value is a picture that the browser takes when it queues. */
const drawnInBrowser: ReadonlySet<string> = new Set(['LOAD_3D', 'LOAD_3D_ANIMATION', 'WEBCAM']);

const drawnOnly = (place: Place) =>
  new InputError('browser-only-node', `${named(place)} sends a picture that only the browser can take`, {
    hint: 'in ComfyUI, "Export (API)" the workflow and give that file',
  });

function unknownType(place: Place, types: number): InputError {
  const pack = packOf(place);
  const others = types === 1 ? '' : `, and ${types - 1} more types`;
  return new InputError('unknown-node-type', `the server has no node type for ${named(place)}${pack.text}${others}`, {
    hint: pack.hint,
  });
}

function packOf({ node }: Place): { readonly text: string; readonly hint: string } {
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
  return { text: '', hint: `the workflow does not name its pack; look for "${node.type}" in ComfyUI-Manager` };
}
