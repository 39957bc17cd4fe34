import type { InputSpec } from './interfaces.js';
import { fromPlain, isObject, type Json } from './json.js';

/** How the frontend treats an input of a type that it has a widget for. */
export interface WidgetKind {
  /** What a new node has where the class does not say. */
  readonly default?: (spec: InputSpec) => Json | undefined;
  /** Where not in the option `default`: what a class may call it. */
  readonly named?: string;
  /** Takes no place in `widgets_values`. */
  readonly unsaved?: true;
  /** Does not go into the prompt. */
  readonly unsent?: true;
  /** Sends the default, whatever the file holds. */
  readonly constant?: true;
}

const nothing: WidgetKind = {};
const plain = (value: unknown) => () => fromPlain(value);
const list: WidgetKind = { default: plain([]) };

/** Every type that frontend 1.58.1 has a widget for, but those of a 3D view. */
const kinds: ReadonlyMap<string, WidgetKind> = new Map<string, WidgetKind>([
  ['INT', { default: () => 0 }],
  ['FLOAT', { default: () => 0 }],
  ['BOOLEAN', { default: () => false }],
  ['STRING', { default: () => '' }],
  ['COMBO', nothing],
  ['COMFY_DYNAMICCOMBO_V3', nothing],
  ['COMFY_DYNAMICGROUP_V3', { unsent: true }],
  ['MARKDOWN', { default: () => '' }],
  ['TEXTAREA', { default: () => '' }],
  ['COLOR', { default: () => '#000000' }],
  ['COLORS', list],
  ['CHART', { default: plain({}), named: 'data' }],
  ['GALLERIA', { ...list, named: 'images' }],
  ['IMAGECOMPARE', { default: plain(['', '']), unsaved: true, constant: true }],
  ['BOUNDING_BOX', { default: plain({ x: 0, y: 0, width: 512, height: 512 }) }],
  ['BOUNDING_BOXES', list],
  [
    'CURVE',
    {
      default: plain({
        points: [
          [0, 0],
          [1, 1],
        ],
        interpolation: 'monotone_cubic',
      }),
    },
  ],
  ['RANGE', { default: plain({ min: 0, max: 1 }) }],
  ['PAINTER', nothing],
  ['COMPOSITOR', { default: plain({}) }],
  ['VIDEO_EDIT', { default: videoEdit }],
  ['LIGHT_INFO_PREVIEW', list],
  ['RESOLUTION_PREVIEW', { unsaved: true, unsent: true }],
  ['IMAGEUPLOAD', { default: () => 'image' }],
  ['AUDIOUPLOAD', { default: () => '' }],
  ['AUDIO_UI', { default: () => '', unsent: true }],
  ['AUDIO_RECORD', { default: () => '', constant: true }],
  ...['WEBCAM', 'LOAD_3D', 'LOAD_3D_ANIMATION', 'PREVIEW_3D'].map((type) => [type, nothing] as const),
]);

/** The widget that the frontend makes for an input; `undefined` for a socket, which is filled by links only. */
export const kindOf = (spec: InputSpec): WidgetKind | undefined => kinds.get(widgetType(spec));

/** A class may ask for the widget of another type. */
export function widgetType({ type, options }: InputSpec): string {
  const wanted = options.get('widgetType');
  return typeof wanted === 'string' ? wanted : type;
}

/** What the class says, else what all of its kind begin with. */
export function kindDefault(spec: InputSpec): Json | undefined {
  const kind = kindOf(spec);
  const name = kind?.named ?? 'default';
  const nested = spec.options.get('options');
  return spec.options.get(name) ?? (isObject(nested) ? nested.get(name) : undefined) ?? kind?.default?.(spec);
}

function videoEdit({ options }: InputSpec): Json {
  const features = options.get('features') ?? ['trim', 'crop'];
  const has = (name: string) => Array.isArray(features) && features.includes(name);
  return fromPlain({
    ...(has('trim') ? { trim: { start_time: 0, duration: 0 } } : {}),
    ...(has('crop') ? { crop: { x: 0, y: 0, width: 0, height: 0 } } : {}),
  });
}
