import { everyNode } from './every-node.js';
import type { InputSpec, ObjectInfo } from './interfaces.js';
import type { Json } from './json.js';
import { annotation, hasMediaExtension } from './media-names.js';
import type { Source } from './resolved-nodes.js';

/** A file, or a folder of files, that a node reads from the input folder (or, by annotation, from output or temp). */
export interface InputReference {
  /** Relative to the folder, with `/`, without the annotation. */
  readonly name: string;
  readonly folder: 'input' | 'output' | 'temp';
  readonly node: string;
  readonly classType: string;
  readonly input: string;
  /** Told by an annotation or extension only: nobody says that this input names a file. */
  readonly guess: boolean;
  /** `false` where the node is muted or bypassed. */
  readonly executed: boolean;
}

/** As locks and states name an input: what does not lie in the input folder says where it does. */
export const inputKey = ({ name, folder }: Pick<InputReference, 'name' | 'folder'>): string =>
  folder === 'input' ? name : `${name} [${folder}]`;

/** Inputs of ComfyUI's own classes and of VideoHelperSuite; those that end with `folder` or `directory` name a whole folder. */
export const knownInputs: ReadonlySet<string> = new Set([
  'LoadImage image',
  'LoadImageMask image',
  'LoadImageOutput image',
  'LoadLatent latent',
  'LoadAudio audio',
  'LoadVideo file',
  'Load3D model_file',
  'Load3DAnimation model_file',
  'RecordAudio audio',
  'LoadImageDataSetFromFolder folder',
  'LoadImageTextDataSetFromFolder folder',
  'LoadImageSetFromFolderNode folder',
  'LoadImageTextSetFromFolderNode folder',
  'VHS_LoadVideo video',
  'VHS_LoadVideoFFmpeg video',
  'VHS_LoadImages directory',
  'VHS_LoadAudioUpload audio',
]);

const uploadFlags = ['image_upload', 'audio_upload', 'video_upload', 'file_upload', 'animated_image_upload'];

/** Input pictures, masks, videos, sounds and latents that the nodes of a workflow or prompt name; of muted ones last. */
export function inputReferences(source: Source, info?: ObjectInfo): InputReference[] {
  return everyNode(source, info).flatMap(({ id, classType, values, executed }) =>
    [...values].flatMap(([input, value]) => {
      const spec = info?.get(classType)?.inputs.find(({ name }) => name === input);
      const certain = knownInputs.has(`${classType} ${input}`) || isUpload(spec);
      if (!certain && !looksLikeInput(classType, input, value, spec)) return [];
      const usual = spec?.options.get('image_folder') ?? (classType === 'LoadImageOutput' ? 'output' : 'input');
      const file = annotated(value, usual);
      return file === undefined ? [] : [{ ...file, node: id, classType, input, guess: !certain, executed }];
    }),
  );
}

const isUpload = (spec: InputSpec | undefined) => uploadFlags.some((flag) => spec?.options.get(flag) === true);

/**
 * Upload widgets of packs are made in the browser: an annotated name, or a file name in a combo or in a widget that nobody described, of a
 * class that loads. A text that people type is no upload, nor is an address or a path of the machine.
 */
function looksLikeInput(classType: string, input: string, value: Json, spec: InputSpec | undefined): boolean {
  if (typeof value !== 'string' || value.length > 1024 || /[\n\r]|:\/\//.test(value) || !hasMediaExtension(value)) {
    return false;
  }
  if (/^(?:[\\/~]|[A-Za-z]:)/.test(value) || (spec !== undefined && spec.type !== 'COMBO')) return false;
  return annotation.test(value) || (/load|upload/i.test(classType) && !/(?:^|_)(?:prefix|path|url)/i.test(input));
}

/** `sub/name.png [output]`: exactly one space before the bracket, as ComfyUI cuts it. */
function annotated(value: Json, usual: Json): Pick<InputReference, 'name' | 'folder'> | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const folder = annotation.exec(value)?.[1] ?? usual;
  const known = folder === 'output' || folder === 'temp' ? folder : 'input';
  return { name: value.replace(annotation, '').replaceAll('\\', '/'), folder: known };
}

export { type EmbeddingReference, embeddingReferences } from './embedding-references.js';
