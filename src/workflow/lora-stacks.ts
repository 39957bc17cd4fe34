import { isObject, type Json, toDouble } from './json.js';
import type { ResolvedNode } from './resolved-nodes.js';

/** A text in a node's value, and whether the row of the stack that it stands in is switched on. */
export interface StackedText {
  readonly text: string;
  /** Name of the member that holds it, where it stands in an object. */
  readonly member: string | undefined;
  readonly on: boolean;
}

/**
 * Every text in a value: a plain one, or those in the rows of a stack. Packs save a row as `{on, lora, strength}` (rgthree) or
 * `{active, name, strength}` (LoRA Manager), one input a row or a list of rows.
 */
export function stackedTexts(value: Json, on = true, member?: string): StackedText[] {
  if (typeof value === 'string') return [{ text: value, member, on }];
  if (Array.isArray(value)) return value.flatMap((item) => stackedTexts(item, on, member));
  if (!isObject(value)) return [];
  const used = on && !isOff(value);
  return [...value].flatMap(([key, item]) => stackedTexts(item, used, key));
}

const isOff = (row: ReadonlyMap<string, Json>) => ['on', 'active', 'enabled'].some((name) => row.get(name) === false);

/**
 * Whether a stack's other inputs switch this one off: `switch_2` (Comfyroll) or `lora_2_enabled` beside the second name, or a
 * `lora_count` (Efficiency) or `num_loras` (Easy Use) that it lies beyond.
 */
export function isSwitchedOff({ values, classType }: ResolvedNode, input: string): boolean {
  const place = /^#(\d{1,4})$/.exec(input)?.[1];
  // Nobody could name the widgets: in a stack the switch stands before the name.
  if (place !== undefined) return /stack/i.test(classType) && isNo(values.get(`#${Number(place) - 1}`));
  const number = /^lora_(?:name_)?0?(\d{1,3})(?:_name)?$/.exec(input)?.[1];
  const [count] = rowCounts.flatMap((name) => toDouble(values.get(name)) ?? []);
  if (number !== undefined && count !== undefined && Number(number) > count) return true;
  const own = /_(\d{1,3})$/.exec(input)?.[1];
  const switches = own === undefined ? ['switch', 'toggle'] : [`switch_${own}`];
  const wanted = number === undefined ? switches : [...switches, `lora_${number}_enabled`, 'toggle'];
  return wanted.some((name) => isNo(values.get(name)));
}

/** Inputs that say how many rows of a stack count. */
export const rowCounts: readonly string[] = ['lora_count', 'num_loras'];

export const isSwitchWord = (text: string): boolean => /^off$/i.test(text);

const isNo = (value: Json | undefined) => value === false || (typeof value === 'string' && isSwitchWord(value));
