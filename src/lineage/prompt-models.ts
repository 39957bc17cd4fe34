import { foldersOfKeys } from '../lock/folders-of-keys.js';
import { unknownFolder } from '../lock/model-needs.js';
import { type Prompt, promptLink } from '../workflow/prompt.js';
import type { ModelReference } from '../workflow/references.js';
import { modelReferences } from '../workflow/references.js';
import type { Origin, Variable, VariableKey } from './account.js';
import { dependencyOrder, nodeName } from './prompt-order.js';
import { plainText } from './prompt-values.js';
import { none, variable } from './variable.js';

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

/**
 * @param observed keys of what was seen at the run: they tell the folder of what a pack's own node loads
 */
export function usedModels(prompt: Prompt, observed: Iterable<string> = []): UsedModel[] {
  const references = new Map<string, ModelReference[]>();
  const found = modelReferences(prompt, undefined, foldersOfKeys(observed));
  for (const reference of found.filter(({ executed }) => executed)) {
    references.set(reference.node, [...(references.get(reference.node) ?? []), reference]);
  }
  return dependencyOrder(prompt).flatMap((node) =>
    (references.get(node.id) ?? []).map(({ folder, name }) => ({
      ...placed(folder, name),
      node: nodeName(node),
      settings: [...node.inputs]
        .filter(([input, value]) => settingNames.test(input) && promptLink(value) === undefined)
        .map(([input, value]) => `${input} ${plainText(value)}`),
    })),
  );
}

const placed = (folder: string | undefined, name: string) => ({
  key: `${folder ?? unknownFolder}/${name}`,
  folder,
  name,
});

/** That there is no model of a kind is known only where the folder of every model is. */
export function noneKnown(key: VariableKey, used: readonly UsedModel[], origin: Origin): Variable {
  if (used.every(({ folder }) => folder !== undefined)) return none(key, 'none', origin);
  return variable(key, [], origin, 'nothing tells which of the model files is one');
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
