import type { GraphNode } from './graph.js';
import { isArray, isObject, type Json, type JsonObject } from './json.js';
import type { FilledWidget } from './widgets.js';

/**
 * Widgets that a pack's own script makes, where the server knows nothing of them but the values decide the picture: rgthree's Power Lora Loader. Its
 * display nodes send their widget too. `undefined` for all other classes.
 */
export function packWidgets(node: GraphNode): FilledWidget[] | undefined {
  const { type, values = [] } = node;
  if (type === 'Power Lora Loader (rgthree)') return powerLoras(node, values);
  if (type === 'Display Any (rgthree)' || type === 'Display Int (rgthree)') return [sent('output', '')];
  if (type !== 'Image Comparer (rgthree)') return undefined;
  const images = values[0];
  return [sent('rgthree_comparer', new Map([['images', isArray(images) ? images : []]]))];
}

const sent = (name: string, value: Json): FilledWidget => ({
  name,
  value,
  saved: true,
  sent: true,
  given: true,
  default: undefined,
  spec: undefined,
});

/** One input for each LoRA, in order; a second strength is sent only where the node shows both. */
function powerLoras({ properties }: GraphNode, values: readonly Json[]): FilledWidget[] {
  const both = properties.get('Show Strengths') === 'Separate Model & Clip';
  const loras = values.filter((value): value is JsonObject => isObject(value) && value.has('lora'));
  return [
    sent('PowerLoraLoaderHeaderWidget', new Map([['type', 'PowerLoraLoaderHeaderWidget']])),
    ...loras.map((lora, at) => sent(`lora_${at + 1}`, withStrengths(lora, both))),
    sent('➕ Add Lora', ''),
  ];
}

function withStrengths(lora: JsonObject, both: boolean): JsonObject {
  const shown: JsonObject = new Map(lora);
  if (both) shown.set('strengthTwo', lora.get('strengthTwo') ?? 1);
  else shown.delete('strengthTwo');
  return shown;
}

/**
 * Values by name that ComfyUI-VideoHelperSuite adds to its nodes, such as `crf` and `pix_fmt` for a video format. Previews and upload buttons stay in the browser.
 */
export function addedByName(node: GraphNode, known: readonly FilledWidget[]): FilledWidget[] {
  if (!node.type.startsWith('VHS_')) return [];
  const names = new Set(known.map(({ name }) => name));
  const added = [...(node.named ?? [])].filter(([name]) => !names.has(name) && !isBrowsers(name));
  return added.map(([name, value]) => sent(name, value));
}

const isBrowsers = (name: string) => name === 'videopreview' || name === 'upload' || name.startsWith('choose ');
