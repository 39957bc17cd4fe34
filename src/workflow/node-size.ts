import { objectsOf } from './graphs.js';
import { isArray, isObject, type Json, type JsonObject } from './json.js';
import { pairOf } from './rectangles.js';

const slotHeight = 20;
const widgetHeight = 24;
const textHeight = 120;
const characterWidth = 7;
const narrowest = 210;
const widest = 400;
/** A longer text, or one of several lines, is shown in a box. */
const longText = 60;

/** `[width, height]` below the title bar: the saved one, else estimated generously from slots, widgets and texts. */
export function sizeOf(node: JsonObject): readonly [number, number] {
  return pairOf(node.get('size')) ?? estimatedSize(node);
}

/** Whole numbers, so that they read the same in every frontend. */
function estimatedSize(node: JsonObject): readonly [number, number] {
  const inputs = objectsOf(node.get('inputs')).filter((slot) => !slot.has('widget'));
  const outputs = objectsOf(node.get('outputs'));
  const widgets = widgetValues(node.get('widgets_values'));
  const texts = widgets.filter(isLong).length;
  const slots = Math.max(inputs.length, outputs.length) * slotHeight;
  const height = slots + (widgets.length - texts) * widgetHeight + texts * textHeight + 16;
  return [texts > 0 ? widest : widthOf(node, inputs, outputs), Math.max(height, 46)];
}

const widgetValues = (values: Json | undefined): readonly Json[] =>
  isArray(values) ? values : isObject(values) ? [...values.values()] : [];

const isLong = (value: Json) => typeof value === 'string' && (value.length > longText || value.includes('\n'));

function widthOf(node: JsonObject, inputs: readonly JsonObject[], outputs: readonly JsonObject[]): number {
  const title = textOf(node.get('title')) || textOf(node.get('type'));
  const longest = (slots: readonly JsonObject[]) =>
    slots.reduce((length, slot) => Math.max(length, textOf(slot.get('label') ?? slot.get('name')).length), 0);
  const characters = Math.max(title.length + 6, longest(inputs) + longest(outputs) + 6);
  return Math.min(Math.max(characters * characterWidth, narrowest), widest);
}

const textOf = (value: Json | undefined) => (typeof value === 'string' ? value : '');
