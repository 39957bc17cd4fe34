import { InputError } from '../errors.js';
import { firstAlternative } from './dynamic-prompt.js';
import type { Workflow } from './graph.js';
import type { ObjectInfo } from './interfaces.js';
import { isArray, type Json, type JsonObject } from './json.js';
import { liveInputs } from './live-inputs.js';
import { widgetsIn } from './node-values.js';
import { type Place, unfold } from './places.js';
import { proxiedValue } from './promoted-values.js';
import { type Loaded, resolveInput } from './resolve-link.js';
import { runs } from './resolved-nodes.js';
import { refuseUnknown } from './unknown-nodes.js';
import type { FilledWidget } from './widgets.js';

/**
 * The prompt that ComfyUI's frontend would queue for a workflow: muted, bypassed and browser-only nodes resolved, subgraphs
 * unfolded to ids such as `12:5`, widgets by name, control values dropped, defaults for missing widgets. A text with `{a|b}` takes its first
 * alternative, where the frontend would draw one; `%date%` and `%Node.widget%` in file names stay as they are.
 * @throws InputError `unknown-node-type` for a class that the server does not have; `browser-only-node`, `group-node`,
 *   `link-cycle`, `subgraph-cycle`, `workflow-too-large`, `nothing-to-run`
 */
export function toPrompt(workflow: Workflow, info: ObjectInfo): JsonObject {
  const loaded: Loaded = { places: unfold(workflow), info, names: undefined };
  refuseUnknown(loaded);
  const prompt: JsonObject = new Map();
  for (const place of loaded.places.values()) {
    if (runs(place)) prompt.set(place.id, promptNode(loaded, place));
  }
  if (prompt.size === 0) throw nothingToRun();
  return prompt;
}

const nothingToRun = () =>
  new InputError('nothing-to-run', 'no node of the workflow would run', {
    hint: 'all are muted, bypassed or notes: look at it in ComfyUI',
  });

function promptNode(loaded: Loaded, place: Place): JsonObject {
  const { type, title } = place.node;
  const shown = title ?? loaded.info?.get(type)?.displayName ?? type;
  return new Map<string, Json>([
    ['inputs', inputsOf(loaded, place)],
    ['class_type', type],
    ['_meta', new Map([['title', shown]])],
  ]);
}

/** Widgets in their order, then links; a linked widget keeps its place. */
function inputsOf(loaded: Loaded, place: Place): JsonObject {
  const inputs: JsonObject = new Map();
  const slots = liveInputs(place, loaded.info);
  const arrivals = new Map(slots.map((slot) => [slot.name, resolveInput(loaded, place, slot)]));
  for (const widget of widgetsIn(place.node, loaded.info)) {
    if (!widget.sent) continue;
    const arrival = arrivals.get(widget.name);
    const own = proxiedValue(place.host, place.node.id, widget.name) ?? widget.value;
    const value = arrival?.from === 'primitive' ? arrival.value : own;
    if (value !== undefined) inputs.set(widget.name, sentValue(widget, value));
  }
  for (const [name, arrival] of arrivals) {
    if (arrival?.from === 'node') inputs.set(name, [arrival.id, arrival.slot]);
    if (arrival?.from === 'host') inputs.set(name, wrapped(arrival.value));
  }
  return inputs;
}

function sentValue({ spec }: FilledWidget, value: Json): Json {
  const dynamic = spec?.type === 'STRING' && spec.options.get('dynamicPrompts') === true;
  return dynamic && typeof value === 'string' ? firstAlternative(value) : wrapped(value);
}

/** A list as a value would read as a link. */
const wrapped = (value: Json): Json => (isArray(value) ? new Map([['__value__', value]]) : value);
