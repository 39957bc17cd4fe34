import { InputError } from '../errors.js';
import type { DefinitionSlot, InputSlot, Link, OutputSlot } from './graph-shapes.js';
import { isArray, isExact, isObject, type Json, type JsonObject, toDouble } from './json.js';

/** An id as text, whether the file wrote a number or a string; `undefined` for anything else. */
export function idText(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return isExact(value) ? value.lexeme : undefined;
}

export const textOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

const objects = (value: Json | undefined): JsonObject[] => (isArray(value) ? value.filter(isObject) : []);

/** A slot's type as text: old files write 0 or -1 for "any", and the list of choices for a combo. */
export function typeText(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return isArray(value) ? 'COMBO' : '*';
}

function readInputSlot(slot: JsonObject): InputSlot {
  const widget = slot.get('widget');
  return {
    name: idText(slot.get('name')) ?? '',
    label: textOf(slot.get('label')),
    type: typeText(slot.get('type')),
    link: idText(slot.get('link')),
    widget: isObject(widget) ? textOf(widget.get('name')) : undefined,
  };
}

export const readInputSlots = (value: Json | undefined): InputSlot[] => objects(value).map(readInputSlot);

export const readOutputSlots = (value: Json | undefined): OutputSlot[] =>
  objects(value).map((slot) => ({
    name: idText(slot.get('name')) ?? '',
    label: textOf(slot.get('label')),
    type: typeText(slot.get('type')),
  }));

export const readDefinitionSlots = (value: Json | undefined): DefinitionSlot[] =>
  objects(value).map((slot) => {
    const ids = slot.get('linkIds');
    return {
      name: idText(slot.get('name')) ?? '',
      label: textOf(slot.get('label')),
      type: typeText(slot.get('type')),
      links: (isArray(ids) ? ids : []).map(idText).filter((id) => id !== undefined),
    };
  });

/**
 * A link as tuple `[id, origin, origin slot, target, target slot, type]` or as object of schema version 1.
 * @throws InputError `workflow-damaged`
 */
export function readLink(value: Json, where: string): Link {
  const at = isArray(value) ? value : isObject(value) ? linkKeys.map((key) => value.get(key)) : [];
  const [id, origin, target] = [idText(at[0]), idText(at[1]), idText(at[3])];
  const [originSlot, targetSlot] = [toDouble(at[2]), toDouble(at[4])];
  if (id === undefined || origin === undefined || target === undefined || originSlot === undefined) {
    throw new InputError('workflow-damaged', `a link of ${where} has no readable shape`);
  }
  return { id, origin, originSlot, target, targetSlot: targetSlot ?? 0, type: typeText(at[5]) };
}

const linkKeys = ['id', 'origin_id', 'origin_slot', 'target_id', 'target_slot', 'type'];
