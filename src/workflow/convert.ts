import { choiceIndex, customCombo } from './companion-widgets.js';
import { withoutCompetingLinks } from './competing-links.js';
import { firstAlternative, resolveDynamicPrompt } from './dynamic-prompt.js';
import { expandGroups } from './expand-groups.js';
import type { Workflow } from './graph.js';
import type { ObjectInfo } from './interfaces.js';
import { isArray, type Json, type JsonObject } from './json.js';
import { liveInputs } from './live-inputs.js';
import type { Loaded } from './loaded.js';
import { type WidgetNames, widgetsIn } from './node-values.js';
import { type Place, unfold } from './places.js';
import { refuseUnloadable } from './refuse-unloadable.js';
import { type Arrival, arrivalAt } from './resolve-link.js';
import { runs } from './resolved-nodes.js';
import { settled, typedInto } from './settled-value.js';
import { choicesOf } from './text-choices.js';
import { type Lookup, namesFiles, replaceText } from './text-replacements.js';
import { refuseUnknown } from './unknown-nodes.js';
import { widgetType } from './widget-kinds.js';
import { widgetLookup } from './widget-lookup.js';
import type { FilledWidget } from './widgets.js';

/** What a conversion may know besides the workflow and the interfaces of its nodes. */
export interface Settling {
  /** Chooses of `{a|b}`; without it the first alternative is taken. Nodes that had a choice name it in their `_meta`, as `text_seed`. */
  readonly textSeed?: string;
  /** For `%date:...%` in file names; without it they stay. */
  readonly now?: Date;
  /** Names of widgets, for classes that no server describes: enough where every value stands in the file. */
  readonly names?: WidgetNames;
  /** The pack that has a class, where the workflow does not say. */
  readonly packOf?: (classType: string) => string | undefined;
}

/**
 * The prompt that ComfyUI's frontend (1.58.1) would queue for a workflow: muted, bypassed and browser-only nodes resolved, subgraphs and legacy groups
 * unfolded to ids such as `12:5`, widgets by name, control values dropped, defaults for missing widgets. Empty where nothing would run.
 * @throws InputError `unknown-node-type` for a class that the server does not have; `browser-only-node`, `group-node`, `workflow-version`,
 *   `link-cycle`, `link-too-long`, `subgraph-cycle`, `workflow-too-large`
 */
export function toPrompt(workflow: Workflow, info: ObjectInfo, settling: Settling = {}): JsonObject {
  refuseUnloadable(workflow);
  const expanded = expandGroups(withoutCompetingLinks(workflow), info);
  const loaded: Loaded = { places: unfold(expanded), info, names: settling.names };
  refuseUnknown(loaded, settling.packOf);
  const lookup = widgetLookup(loaded, expanded);
  const prompt: JsonObject = new Map();
  for (const place of inPromptOrder([...loaded.places.values()])) {
    if (runs(place)) prompt.set(place.id, promptNode({ loaded, place, lookup, settling }));
  }
  return prompt;
}

/** The frontend's prompt is a JavaScript object: whole numbers ascend in front of all other ids. Packs that count seeds up do it in this order. */
const inPromptOrder = (places: readonly Place[]): Place[] => [
  ...places.filter(({ id }) => isIndex(id)).sort((a, b) => Number(a.id) - Number(b.id)),
  ...places.filter(({ id }) => !isIndex(id)),
];

const isIndex = (id: string) => /^(?:0|[1-9]\d{0,9})$/.test(id) && Number(id) < 2 ** 32 - 1;

/** A node while it becomes one of the prompt. */
interface Converting {
  readonly loaded: Loaded;
  readonly place: Place;
  readonly lookup: Lookup;
  readonly settling: Settling;
  /** Inputs whose text had alternatives. */
  readonly chosen: Set<string>;
}

function promptNode(converting: Omit<Converting, 'chosen'>): JsonObject {
  const { loaded, place } = converting;
  const { type, title } = place.node;
  const shown = title ?? loaded.info?.get(type)?.displayName ?? type;
  const chosen = new Set<string>();
  const inputs = inputsOf({ ...converting, chosen });
  const meta: JsonObject = new Map([['title', shown]]);
  const { textSeed } = converting.settling;
  if (chosen.size > 0 && textSeed !== undefined) meta.set('text_seed', textSeed);
  return new Map<string, Json>([
    ['inputs', inputs],
    ['class_type', type],
    ['_meta', meta],
  ]);
}

/** Widgets in their order, then links; a linked widget keeps its place. */
function inputsOf(converting: Converting): JsonObject {
  const { loaded, place } = converting;
  const inputs: JsonObject = new Map();
  const slots = liveInputs(place, loaded.info);
  const arrivals = new Map(slots.map((slot) => [slot.name, arrivalAt(loaded, place, slot)]));
  for (const widget of widgetsIn(place.node, loaded.info, loaded.names)) {
    if (!widget.sent && !(widget.name === 'upload' && sendsUpload(converting))) continue;
    const value = widgetValue(converting, widget, arrivals.get(widget.name));
    if (value !== undefined) inputs.set(widget.name, sentValue(converting, widget, value));
  }
  for (const [name, arrival] of arrivals) {
    if (arrival?.from === 'node') inputs.set(name, [arrival.id, arrival.slot]);
    if (arrival?.from === 'host') inputs.set(name, wrapped(arrival.value));
  }
  if (place.node.type === customCombo) inputs.set(choiceIndex.name, numberOfChoice(inputs));
  return inputs;
}

/** The button of a picture, not that of a video, in what was a group node. */
const sendsUpload = ({ loaded, place }: Converting): boolean =>
  place.host?.definition?.fromGroup === true &&
  loaded.info?.get(place.node.type)?.inputs.some(({ options }) => options.get('image_upload') === true) === true;

/** Which option is chosen, whatever number the file has; -1 for none. */
function numberOfChoice(inputs: JsonObject): number {
  const options = [...inputs].filter(([name]) => /^option\d+$/.test(name)).map(([, value]) => value);
  return options.indexOf(inputs.get('choice') ?? null);
}

function widgetValue(converting: Converting, widget: FilledWidget, arrival: Arrival | undefined): Json | undefined {
  const type = converting.place.node.type;
  if (arrival?.from === 'primitive') {
    const value = replaced(converting, arrival);
    return settled(widget.spec, type, value === null ? null : typedInto(widget.spec, value));
  }
  return widget.value === undefined ? undefined : settled(widget.spec, type, widget.value);
}

function replaced({ lookup, settling }: Converting, { value, replaces }: Arrival & { from: 'primitive' }): Json {
  return replaces && typeof value === 'string' ? replaceText(value, lookup, settling.now) : value;
}

function sentValue({ place, lookup, settling, chosen }: Converting, { name, spec }: FilledWidget, value: Json): Json {
  if (spec !== undefined && widgetType(spec) === 'CURVE' && value !== null) return typed('CURVE', value);
  if (typeof value !== 'string') return wrapped(value);
  if (spec?.options.get('dynamicPrompts') === true) {
    const { textSeed } = settling;
    const choose = textSeed === undefined ? firstAlternative : choicesOf(textSeed, place.id, name);
    return resolveDynamicPrompt(value, (count) => {
      chosen.add(name);
      return choose(count);
    });
  }
  const names = name === 'filename_prefix' && namesFiles(place.node.type);
  return names ? replaceText(value, lookup, settling.now) : value;
}

const typed = (type: string, value: Json): Json =>
  new Map<string, Json>([
    ['__type__', type],
    ['__value__', value],
  ]);

/** A list as a value would read as a link. */
const wrapped = (value: Json): Json => (isArray(value) ? new Map([['__value__', value]]) : value);
