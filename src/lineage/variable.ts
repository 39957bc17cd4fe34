import type { Origin, Sources, Value, Variable, VariableKey } from './account.js';

/** The table of product.md, "What decides a picture": tier and words of each variable, in its order. */
export const variableTable = {
  positive: { tier: 1, label: 'positive' },
  negative: { tier: 1, label: 'negative' },
  seed: { tier: 1, label: 'seed' },
  cfg: { tier: 1, label: 'CFG' },
  steps: { tier: 1, label: 'steps' },
  sampler: { tier: 1, label: 'sampler' },
  scheduler: { tier: 1, label: 'scheduler' },
  denoise: { tier: 1, label: 'denoise' },
  resolution: { tier: 1, label: 'resolution' },
  checkpoint: { tier: 1, label: 'checkpoint' },
  models: { tier: 2, label: 'model files' },
  vae: { tier: 2, label: 'VAE' },
  loras: { tier: 2, label: 'LoRAs' },
  control: { tier: 2, label: 'ControlNet' },
  embeddings: { tier: 2, label: 'embeddings' },
  inputs: { tier: 2, label: 'input files' },
  packs: { tier: 2, label: 'packs' },
  comfyui: { tier: 2, label: 'ComfyUI' },
  python: { tier: 3, label: 'Python' },
  packages: { tier: 3, label: 'packages' },
  gpu: { tier: 3, label: 'device' },
  vram: { tier: 3, label: 'memory' },
  driver: { tier: 3, label: 'driver' },
  os: { tier: 3, label: 'system' },
  determinism: { tier: 3, label: 'precision' },
  arguments: { tier: 3, label: 'arguments' },
  order: { tier: 3, label: 'node order' },
  cached: { tier: 3, label: 'from cache' },
  tokenizer: { tier: 3, label: 'tokenizer' },
  start: { tier: 0, label: 'started' },
  duration: { tier: 0, label: 'took' },
  batch: { tier: 0, label: 'batch' },
  server: { tier: 0, label: 'server' },
  output: { tier: 0, label: 'output' },
} as const satisfies Readonly<Record<VariableKey, Pick<Variable, 'tier' | 'label'>>>;

/** A variable with its values; without any, `why` completes "not captured, because". */
export function variable(key: VariableKey, values: readonly Value[], origin: Origin, why: string): Variable {
  const { tier, label } = variableTable[key];
  return values.length === 0 ? { key, tier, label, values, notCaptured: why } : { key, tier, label, values, origin };
}

/** A variable that this run did not have: known, and nothing to name. */
export const none = (key: VariableKey, text: string, origin: Origin): Variable => variable(key, [{ text }], origin, '');

/** Why nothing was observed besides the prompt. */
export function whyUnobserved({ record, state }: Sources): string {
  if (record === undefined) return 'there is no record of this output; embedded data does not hold it';
  if (record.fromCache === true) return 'the server took it from its cache, and the run that made it was not recorded';
  if (record.captured === 'embedded') return 'the output was taken in later, and embedded data does not hold it';
  if (state === undefined && record.state !== undefined)
    return 'its document is not in this clone (git comfy sync fetches it)';
  return 'it was not observed at the run';
}

/** Where what stands in the prompt was read. */
export const promptOrigin = ({ record }: Sources): Origin =>
  record === undefined || record.captured === 'embedded' ? 'embedded data' : 'executed prompt';

export const whyNoPrompt = 'the prompt that ran is not known here';
