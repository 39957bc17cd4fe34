import { isControlName } from './companion-widgets.js';
import { coreWidgetNames } from './core-widgets.js';
import type { GraphNode } from './graph.js';
import type { NodeInterface, ObjectInfo } from './interfaces.js';
import { isObject, type Json } from './json.js';
import { addedByName, packWidgets } from './pack-widgets.js';
import { countedInputs, type FilledWidget, fillWidgets } from './widgets.js';

/** Names of widgets in the order of `widgets_values`, by class. */
export type WidgetNames = ReadonlyMap<string, readonly string[]>;

export interface NamedValue {
  readonly name: string;
  readonly value: Json;
  /** Goes into the prompt, as far as can be told without the class' interface. */
  readonly sent: boolean;
  /** `false` where nobody knows the widget's name and `name` is its position. */
  readonly known: boolean;
}

/**
 * A node's values by widget name, with what is at hand: the file's own named values, names by class (of the lock), the core
 * classes that we know. Where none fits, the name is the position: `#0`, `#1`.
 */
export function namedValues(node: GraphNode, names?: WidgetNames): NamedValue[] {
  const list = node.values;
  if (list === undefined) return [...(node.named ?? [])].map(([name, value]) => named(name, value));
  const known = namesFor(node, list.length, names);
  return list.map((value, at) => {
    const name = known[at];
    return name === undefined ? { name: `#${at}`, value, sent: true, known: false } : named(name, value);
  });
}

const named = (name: string, value: Json): NamedValue => ({ name, value, sent: isSentName(name), known: true });

const isSentName = (name: string) => !isControlName(name) && !unsent.has(name);
const unsent: ReadonlySet<string> = new Set([
  'upload',
  'control_filter_list',
  'Auto-refresh after generation',
  'videopreview',
]);

/** The positional list is what the frontend loads; the named one lends its names where it has as many. */
function namesFor(node: GraphNode, count: number, names: WidgetNames | undefined): readonly string[] {
  if (node.named !== undefined && node.named.size === count) return [...node.named.keys()];
  const byClass = names?.get(node.type) ?? coreWidgetNames().get(node.type);
  if (byClass !== undefined) return byClass;
  return primitiveNames(node.type);
}

/** Widgets of nodes that live in the browser, which no server describes. */
function primitiveNames(type: string): readonly string[] {
  if (type === 'PrimitiveNode') return ['value', 'control_after_generate', 'control_filter_list'];
  return type === 'Note' || type === 'MarkdownNote' ? ['text'] : [];
}

/** As the frontend fills the widgets when the class' interface is known; by name alone otherwise. */
export function widgetsIn(node: GraphNode, info: ObjectInfo | undefined, names?: WidgetNames): FilledWidget[] {
  const known = info?.get(node.type);
  const added = known === undefined ? undefined : packWidgets(node);
  if (added !== undefined) return added;
  if (known !== undefined && node.values !== undefined) return fillWidgets(known, node.values);
  if (known !== undefined && isCore(known)) return fillWidgets(known, positioned(known, node));
  if (known !== undefined && node.named !== undefined) return byName(fillWidgets(known), node);
  if (known !== undefined) return fillWidgets(known);
  return namedValues(node, names).map(({ name, value, sent }) => ({
    name,
    value,
    sent,
    saved: true,
    given: true,
    default: undefined,
    spec: undefined,
  }));
}

const isCore = ({ pythonModule = '' }: NodeInterface) =>
  pythonModule === 'nodes' || /^comfy_(?:extras|api_nodes)\./.test(pythonModule);

/** ComfyUI's own nodes know no values by name: the frontend takes these in order where there are as many as inputs, and none otherwise. */
function positioned(known: NodeInterface, { source }: GraphNode): readonly Json[] {
  const values = source.get('widgets_values');
  const list = isObject(values) ? [...values.values()] : [];
  return list.length === countedInputs(known) ? list : [];
}

/** Packs that save their values as an object restore them by name. */
function byName(widgets: FilledWidget[], node: GraphNode): FilledWidget[] {
  const filled = widgets.map((widget) => {
    const value = node.named?.get(widget.name);
    return value === undefined ? widget : { ...widget, value, given: true };
  });
  return [...filled, ...addedByName(node, widgets)];
}
