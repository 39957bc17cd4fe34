import type { ObjectInfo } from './interfaces.js';
import type { Json } from './json.js';
import { resolveNodes, type Source } from './resolved-nodes.js';

/** A file that a node reads from the input folder (or, by annotation, from output or temp). */
export interface InputReference {
  /** Relative to the folder, with `/`, without the annotation. */
  readonly name: string;
  readonly folder: 'input' | 'output' | 'temp';
  readonly node: string;
  readonly classType: string;
  readonly input: string;
}

/** As locks and states name an input: what does not lie in the input folder says where it does. */
export const inputKey = ({ name, folder }: Pick<InputReference, 'name' | 'folder'>): string =>
  folder === 'input' ? name : `${name} [${folder}]`;

const coreInputs: ReadonlySet<string> = new Set([
  'LoadImage image',
  'LoadImageMask image',
  'LoadImageOutput image',
  'LoadLatent latent',
  'LoadAudio audio',
  'LoadVideo file',
  'Load3D model_file',
  'RecordAudio audio',
  'VHS_LoadVideo video',
  'VHS_LoadAudioUpload audio',
]);

const uploadFlags = ['image_upload', 'audio_upload', 'video_upload', 'file_upload', 'animated_image_upload'];

/** Input pictures, masks, videos, sounds and latents that the active nodes of a workflow or prompt name. */
export function inputReferences(source: Source, info?: ObjectInfo): InputReference[] {
  return resolveNodes(source, info).flatMap(({ id, classType, values }) =>
    [...values].flatMap(([input, value]) => {
      const spec = info?.get(classType)?.inputs.find(({ name }) => name === input);
      const upload = uploadFlags.some((flag) => spec?.options.get(flag) === true);
      if (!upload && !coreInputs.has(`${classType} ${input}`)) return [];
      const file = annotated(
        value,
        spec?.options.get('image_folder') ?? (classType === 'LoadImageOutput' ? 'output' : 'input'),
      );
      return file === undefined ? [] : [{ ...file, node: id, classType, input }];
    }),
  );
}

/** `sub/name.png [output]`: exactly one space before the bracket, as ComfyUI cuts it. */
function annotated(value: Json, usual: Json): Pick<InputReference, 'name' | 'folder'> | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const [, name = value, folder = usual] = /^(.*) \[(input|output|temp)\]$/s.exec(value) ?? [];
  const known = folder === 'output' || folder === 'temp' ? folder : 'input';
  return { name: name.replaceAll('\\', '/'), folder: known };
}

/** An embedding that a text names; ComfyUI looks for the name as it is, then with each of its extensions. */
export interface EmbeddingReference {
  readonly name: string;
  readonly node: string;
  readonly classType: string;
  readonly input: string;
}

/**
 * `embedding:NAME` in texts of the active nodes. As ComfyUI's tokenizer has it: only at the start of a segment, after white space or a
 * bracket; the name ends at white space, at the weight syntax, and loses commas around it.
 */
export function embeddingReferences(source: Source, info?: ObjectInfo): EmbeddingReference[] {
  return resolveNodes(source, info).flatMap(({ id, classType, values }) =>
    [...values].flatMap(([input, value]) =>
      embeddingNames(value).map((name) => ({ name, node: id, classType, input })),
    ),
  );
}

function embeddingNames(value: Json): string[] {
  if (typeof value !== 'string' || !value.includes('embedding:')) return [];
  const found = [...value.matchAll(/(?<=^|[\s()])embedding:([^\s()]+)/g)].map(([, word = '']) => nameOf(word));
  return [...new Set(found)].filter((name) => name !== '');
}

/** `foo:1.2` is `foo` with a weight; `style/foo,` has a comma behind it. */
function nameOf(word: string): string {
  const name = word.replace(/:-?\d[\d.]*$/, '');
  let [start, end] = [0, name.length];
  while (name[start] === ',') start++;
  while (end > start && name[end - 1] === ',') end--;
  return name.slice(start, end).replaceAll('\\', '/');
}
