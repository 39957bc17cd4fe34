import { unknownFolder } from '../lock/needs.js';
import { type Prompt, promptLink } from '../workflow/prompt.js';
import type { ModelReference } from '../workflow/references.js';
import { modelReferences } from '../workflow/references.js';
import { dependencyOrder, nodeName } from './prompt-order.js';
import { plainText } from './prompt-values.js';

/** A model file that the prompt named, in the order in which models are applied. */
export interface UsedModel {
  /** Key of a state: `loras/ink.safetensors`. */
  readonly key: string;
  readonly folder: string | undefined;
  readonly name: string;
  readonly node: string;
  /** Strengths and the like that stand beside it, `strength_model 0.8`. */
  readonly settings: readonly string[];
}

const settingNames =
  /^(?:strength.*|weight.*|.*_strength|start_percent|end_percent|start_at|end_at|lora_wt|model_weight|clip_weight)$/;

export function usedModels(prompt: Prompt): UsedModel[] {
  const references = new Map<string, ModelReference[]>();
  for (const reference of modelReferences(prompt)) {
    references.set(reference.node, [...(references.get(reference.node) ?? []), reference]);
  }
  return dependencyOrder(prompt).flatMap((node) =>
    (references.get(node.id) ?? []).map(({ folder, name }) => ({
      key: `${folder ?? unknownFolder}/${name}`,
      folder,
      name,
      node: nodeName(node),
      settings: [...node.inputs]
        .filter(([input, value]) => settingNames.test(input) && promptLink(value) === undefined)
        .map(([input, value]) => `${input} ${plainText(value)}`),
    })),
  );
}

/** `the checkpoint's own`, or that an own loader gave it; `undefined` where nothing decodes or encodes. */
export function vaeOrigin(prompt: Prompt): string | undefined {
  const origins = [...prompt.nodes.values()].flatMap((node) => {
    const link = promptLink(node.inputs.get('vae'));
    const origin = prompt.nodes.get(link?.node ?? '');
    if (origin === undefined) return [];
    return [
      /vae/i.test(origin.classType)
        ? `external, from ${nodeName(origin)}`
        : `the checkpoint's own, from ${nodeName(origin)}`,
    ];
  });
  return origins.length === 0 ? undefined : [...new Set(origins)].join('; ');
}
