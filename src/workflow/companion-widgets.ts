import type { InputSpec, NodeInterface } from './interfaces.js';
import { isObject, type Json } from './json.js';
import type { Widget } from './widget.js';
import { kindDefault, widgetType } from './widget-kinds.js';

const companion = (name: string, value: Json, sent = false): Widget => ({
  name,
  saved: true,
  sent,
  default: value,
  spec: undefined,
});

/** The widgets that the frontend puts right behind an input's own one. */
export function companionsAfter(spec: InputSpec): Widget[] {
  const companions: Widget[] = [];
  if (hasControl(spec)) companions.push(companion(controlName(spec), spec.type === 'INT' ? 'randomize' : 'fixed'));
  if (hasControl(spec) && spec.type === 'COMBO') companions.push(companion('control_filter_list', ''));
  if (spec.type === 'COMBO' && spec.options.get('remote') !== undefined) companions.push(...remote(spec));
  if (widgetType(spec) === 'BOUNDING_BOX') companions.push(...sides(spec));
  if (spec.type === 'AUDIO_RECORD') companions.push(companion('record', ''));
  return companions;
}

/** A box is shown as four numbers too. */
function sides(spec: InputSpec): Widget[] {
  const box = kindDefault(spec);
  return ['x', 'y', 'width', 'height'].map((side) => companion(side, (isObject(box) ? box.get(side) : undefined) ?? 0));
}

/** The upload button comes last: the frontend adds it behind the inputs that the server names. */
export function lastCompanions(i: NodeInterface): Widget[] {
  if (previews.has(i.classType)) return [{ ...companion('image', '', true), constant: true }];
  if (i.inputs.some(({ name }) => name === 'upload')) return [];
  const flags = ['image_upload', 'video_upload', 'animated_image_upload'];
  const uploads = i.inputs.some(
    ({ section, options }) => section === 'required' && flags.some((flag) => options.get(flag) === true),
  );
  if (uploads) return [companion('upload', 'image')];
  const sounds = i.inputs.some(({ options }) => options.get('audio_upload') === true);
  return sounds ? [companion('audioUI', ''), companion('upload', '')] : [];
}

/** The frontend shows a 3D preview on these, and its widget's empty text reaches the prompt. */
const previews: ReadonlySet<string> = new Set(['Preview3D', 'Preview3DAnimation', 'SaveGLB']);

/** Names of widgets that steer another value after a run instead of being one. */
export const isControlName = (name: string): boolean =>
  /^(?:.*\.)?control_(?:after_generate|before_generate)$/.test(name);

/** An integer named as a seed has the control unless the class says no; anything else only where the class says so. */
function hasControl(spec: InputSpec): boolean {
  if (spec.type !== 'INT' && spec.type !== 'FLOAT' && spec.type !== 'COMBO') return false;
  const flag = spec.options.get('control_after_generate');
  if (flag !== undefined && flag !== null) return flag !== false;
  return spec.type === 'INT' && (spec.name === 'seed' || spec.name === 'noise_seed');
}

function controlName(spec: InputSpec): string {
  const flag = spec.options.get('control_after_generate');
  return typeof flag === 'string' && !modes.has(flag) ? flag : 'control_after_generate';
}

const modes: ReadonlySet<string> = new Set(['fixed', 'increment', 'decrement', 'randomize', 'increment-wrap']);

/** A combo that the server fills: a toggle, and a button whose value does reach the prompt. */
function remote(spec: InputSpec): Widget[] {
  const options = spec.options.get('remote');
  const button = options instanceof Map && options.get('refresh_button') === true;
  return [
    companion('Auto-refresh after generation', false),
    ...(button ? [companion('refresh', 'refresh', true)] : []),
  ];
}

/** A class whose choices the user writes: behind the choice stand its number and the options, and the frontend sends them all. */
export const customCombo = 'CustomCombo';
export const choiceIndex: Widget = companion('index', 0, true);
export const choiceOption = (nth: number): Widget => companion(`option${nth}`, '', true);
