import { type GroupData, slotKey } from './group-data.js';
import type { InputSpec, NodeInterface, ObjectInfo } from './interfaces.js';
import { primitiveType } from './virtual-types.js';

/** Inputs and outputs of a node inside of a legacy group. */
export type Inner = Pick<NodeInterface, 'inputs' | 'outputs'>;

/** Describes an inner node; `undefined` for one that shows nothing outside: notes, reroutes between inner nodes, primitives that feed nothing. */
export function groupInner(data: GroupData, at: number, info: ObjectInfo): Inner | undefined {
  const type = data.nodes[at]?.type ?? '';
  const known = info.get(type);
  if (known !== undefined) return { inputs: withButtons(known), outputs: known.outputs };
  if (type === primitiveType) return primitive(data, at, info);
  return type === 'Reroute' ? reroute(data, at) : undefined;
}

const input = (name: string, type: string, forced: boolean): InputSpec => ({
  name,
  type,
  section: 'required',
  options: new Map(forced ? [['forceInput', true]] : []),
});

/** The frontend adds its upload buttons and players to the required inputs, where groups find them. */
function withButtons({ inputs, classType }: NodeInterface): readonly InputSpec[] {
  const required = inputs.filter(({ section }) => section === 'required');
  const flags = ['image_upload', 'video_upload', 'animated_image_upload'];
  const uploads = required.some(({ options }) => flags.some((flag) => options.get(flag) === true));
  const sounds = required.some(({ name, options }) => name === 'audio' && options.get('audio_upload') === true);
  const added = [
    ...(players.has(classType) ? [input('audioUI', 'AUDIO_UI', false)] : []),
    ...(uploads ? [input('upload', 'IMAGEUPLOAD', false)] : []),
    ...(sounds ? [input('upload', 'AUDIOUPLOAD', false)] : []),
  ];
  return [...required, ...added, ...inputs.filter(({ section }) => section !== 'required')];
}

const players: ReadonlySet<string> = new Set(
  'LoadAudio SaveAudio PreviewAudio SaveAudioMP3 SaveAudioOpus SaveAudioAdvanced'.split(' '),
);

function primitive(data: GroupData, at: number, info: ObjectInfo): Inner | undefined {
  const links = data.links.filter(({ from }) => from === at);
  if (links.length === 0) return undefined;
  const first = links.find(({ fromSlot }) => fromSlot === 0);
  const type = first?.type === 'COMBO' ? comboType(data, at, first.to, info) : (first?.type ?? '');
  return { inputs: [input('value', type, false)], outputs: [{ name: type, type }] };
}

/** A combo whose description is a bare list has no type to name, and so no widget on the group. */
function comboType({ nodes }: GroupData, at: number, to: number, info: ObjectInfo): string {
  const source = nodes[at]?.source.get('outputs');
  const target = info.get(nodes[to]?.type ?? '');
  const name = outputWidget(source);
  const spec = target?.inputs.find((known) => known.name === name);
  return spec?.options.has('options') ? 'COMBO' : '';
}

function outputWidget(outputs: unknown): string | undefined {
  const first: unknown = Array.isArray(outputs) ? outputs[0] : undefined;
  const widget: unknown = first instanceof Map ? first.get('widget') : undefined;
  const name: unknown = widget instanceof Map ? widget.get('name') : undefined;
  return typeof name === 'string' ? name : undefined;
}

function reroute(data: GroupData, at: number): Inner | undefined {
  const [out, into] = [data.links.filter(({ from }) => from === at), data.links.filter(({ to }) => to === at)];
  const outside = data.external.get(slotKey(at, 0));
  if (out.length > 0 && into.length > 0 && outside === undefined) return undefined;
  const type = rerouteType(data, out, into) ?? outside ?? '*';
  return { inputs: [input(type, type, true)], outputs: [{ name: type, type }] };
}

function rerouteType({ nodes }: GroupData, out: GroupData['links'], into: GroupData['links']): string | undefined {
  const fed = out
    .map(({ to, toSlot }) => nodes[to]?.inputs[toSlot]?.type)
    .find((type) => type !== undefined && type !== '*');
  if (out.length > 0) return fed ?? '*';
  const last = into.at(-1);
  return last === undefined ? undefined : nodes[last.from]?.outputs[last.fromSlot]?.type;
}
