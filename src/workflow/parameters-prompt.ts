import { type Json, type JsonObject, parseJson } from './json.js';
import type { Parameters } from './parameters.js';

/**
 * The parameters of another program in the words of a prompt, so that they are shown, searched and compared like any other. Nothing ever ran it:
 * names of samplers and models stay as that program wrote them, and what it did not write is not there.
 */
export function parametersPrompt(parameters: Parameters): JsonObject {
  const { positive, negative, loras } = parameters;
  const nodes: JsonObject = new Map();
  const add = (id: string, type: string, inputs: Record<string, Json | undefined>) => {
    const given = Object.entries(inputs).filter((entry): entry is [string, Json] => entry[1] !== undefined);
    nodes.set(
      id,
      new Map<string, Json>([
        ['class_type', type],
        ['inputs', new Map(given)],
      ]),
    );
  };
  const value = (...names: string[]) => names.map((name) => parameters.values.get(name)).find((text) => text);
  const model = value('model');
  let source = '4';
  if (model !== undefined) add('4', 'CheckpointLoaderSimple', { ckpt_name: model });
  for (const [at, { name, strength }] of loras.entries()) {
    const id = `${100 + at}`;
    const strengths = { strength_model: number(strength), strength_clip: number(strength) };
    add(id, 'LoraLoader', { model: [source, 0], clip: [source, 1], lora_name: name, ...strengths });
    source = id;
  }
  add('6', 'CLIPTextEncode', { clip: [source, 1], text: positive });
  add('7', 'CLIPTextEncode', { clip: [source, 1], text: negative });
  const [width, height] = (value('size') ?? '').split('x');
  if (width !== undefined && height !== undefined) {
    add('5', 'EmptyLatentImage', { width: number(width), height: number(height) });
  }
  add('3', 'KSampler', {
    ...{ model: [source, 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] },
    ...{ seed: number(value('seed')), steps: number(value('steps')), cfg: number(value('cfg scale')) },
    ...{ sampler_name: value('sampler'), scheduler: value('schedule type', 'scheduler') },
    denoise: number(value('denoising strength')),
  });
  const vae = value('vae');
  if (vae !== undefined) {
    add('10', 'VAELoader', { vae_name: vae });
    add('8', 'VAEDecode', { samples: ['3', 0], vae: ['10', 0] });
  }
  return nodes;
}

/** Exactly as it stands, also a seed above 2^53; `undefined` for what is no number. */
function number(text: string | undefined): Json | undefined {
  if (text === undefined || !/^-?\d{1,30}(?:\.\d{1,30})?$/.test(text.trim())) return undefined;
  return parseJson(text.trim().replace(/^(-?)0+(?=\d)/, '$1'));
}
