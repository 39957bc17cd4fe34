import type { Prompt } from '../workflow/prompt.js';
import type { Origin, Sources, Value, Variable, VariableKey } from './account.js';
import { noneKnown, usedModels } from './prompt-models.js';
import { textsOf } from './prompt-texts.js';
import { type PromptValue, valuesNamed } from './prompt-values.js';
import { promptOrigin, variable, whyNoPrompt } from './variable.js';

/** Inputs that hold a variable, by the names of core nodes and well-known packs. */
const inputNames = {
  seed: ['seed', 'noise_seed'],
  cfg: ['cfg', 'cfg_conds', 'guidance'],
  steps: ['steps', 'start_at_step', 'end_at_step'],
  sampler: ['sampler_name'],
  scheduler: ['scheduler', 'sigmas'],
  denoise: ['denoise'],
} as const satisfies Partial<Record<VariableKey, readonly string[]>>;

/** Tier 1: what stands in the prompt, as it was resolved. */
export function promptVariables(sources: Sources, prompt: Prompt | undefined): Variable[] {
  const origin = promptOrigin(sources);
  if (prompt === undefined) {
    const keys: VariableKey[] = ['positive', 'negative', ...numberKeys, 'resolution', 'checkpoint'];
    return keys.map((key) => variable(key, [], origin, whyNoPrompt));
  }
  const sides = (['positive', 'negative'] as const).map((side) => ({
    side,
    values: textsOf(prompt, side).map(asValue),
  }));
  // One reason for both is told once.
  const neither = sides.every(({ values }) => values.length === 0);
  const texts = sides.map(({ side, values }) =>
    found(side, values, `no ${neither ? '' : `${side} `}text leads to a sampler`),
  );
  const numbers = numberKeys.map((key) => found(key, numbersOf(prompt, key), 'no node of the prompt has one'));
  return [
    ...texts,
    ...numbers,
    found('resolution', resolutionOf(sources, prompt), 'no node says it, and no output was measured'),
    checkpointOf(sources, prompt, origin),
  ];

  function found(key: VariableKey, values: readonly Value[], why: string): Variable {
    return variable(key, values, origin, why);
  }
}

function checkpointOf({ state }: Sources, prompt: Prompt, origin: Origin): Variable {
  const used = usedModels(prompt, state?.models.keys());
  const values = used
    .filter(({ folder }) => folder === 'checkpoints' || folder === 'diffusion_models')
    .map(({ name, node }) => ({ text: name, node }));
  return values.length > 0 ? variable('checkpoint', values, origin, '') : noneKnown('checkpoint', used, origin);
}

const numberKeys = Object.keys(inputNames) as (keyof typeof inputNames)[];

function numbersOf(prompt: Prompt, key: keyof typeof inputNames): Value[] {
  return inputNames[key].flatMap((name) =>
    valuesNamed(prompt, [name])
      // Guidance of a sampler is a link to other nodes, which have values of their own.
      .filter(({ notCaptured }) => key === 'seed' || notCaptured === undefined)
      .map((value) => withName(asValue(value), name, inputNames[key][0])),
  );
}

/** `end_at_step 20`: names stay where they are not the variable's own. */
const withName = (value: Value, name: string, usual: string): Value =>
  name === usual || name === 'noise_seed' ? value : { ...value, text: `${name} ${value.text}` };

const asValue = ({ text, node, notCaptured }: PromptValue): Value =>
  notCaptured === undefined ? { text, node } : { text, node, notCaptured };

/** The size of what came out, and what the latents were asked to be. */
function resolutionOf({ output }: Sources, prompt: Prompt): Value[] {
  const measured =
    output?.width === undefined ? [] : [{ text: `${output.width} x ${output.height}`, node: 'the output' }];
  const asked = [...prompt.nodes.values()].flatMap((node) => {
    const [width, height] = ['width', 'height'].map((name) => only(prompt, node.id, name));
    const batch = only(prompt, node.id, 'batch_size');
    if (width === undefined || height === undefined) return [];
    const text = `${width.text} x ${height.text}${batch === undefined ? '' : `, batch of ${batch.text}`}`;
    return width.notCaptured === undefined && height.notCaptured === undefined ? [{ text, node: width.node }] : [];
  });
  return [...measured, ...asked];
}

function only(prompt: Prompt, id: string, name: string): PromptValue | undefined {
  const node = prompt.nodes.get(id);
  if (node === undefined) return undefined;
  return valuesNamed({ ...prompt, nodes: new Map([[id, node]]) }, [name])[0];
}
