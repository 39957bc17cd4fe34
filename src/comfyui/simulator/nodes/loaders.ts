import { modelPath } from '../disk.js';
import { type Inputs, inputOf, type NodeClass, numberOf, textOf, type Work } from '../node-class.js';
import type { Patch } from '../values.js';
import { digestOfWeights } from '../weights.js';

/** Every loader reads the file as it is on disk, when it runs: a cached node does not notice that a file was replaced. */
async function digest(work: Work, folder: string, name: string): Promise<string> {
  return digestOfWeights(await modelPath(work.base, folder, name));
}

async function patch(inputs: Inputs, work: Work, strength: string): Promise<Patch> {
  return { digest: await digest(work, 'loras', textOf(inputs, 'lora_name')), strength: numberOf(inputs, strength) };
}

export const loaders: Readonly<Record<string, NodeClass>> = {
  CheckpointLoaderSimple: {
    run: async (inputs, work) => {
      const read = await digest(work, 'checkpoints', textOf(inputs, 'ckpt_name'));
      const clip = { kind: 'clip', digest: read, layer: -1, patches: [] } as const;
      return { outputs: [{ kind: 'model', digest: read, patches: [] }, clip, { kind: 'vae', digest: read }] };
    },
  },
  LoraLoader: {
    run: async (inputs, work) => {
      const model = inputOf(inputs, 'model', 'model');
      const clip = inputOf(inputs, 'clip', 'clip');
      const onModel = await patch(inputs, work, 'strength_model');
      const onClip = { ...onModel, strength: numberOf(inputs, 'strength_clip') };
      return {
        outputs: [
          { ...model, patches: [...model.patches, onModel] },
          { ...clip, patches: [...clip.patches, onClip] },
        ],
      };
    },
  },
  LoraLoaderModelOnly: {
    run: async (inputs, work) => {
      const model = inputOf(inputs, 'model', 'model');
      return { outputs: [{ ...model, patches: [...model.patches, await patch(inputs, work, 'strength_model')] }] };
    },
  },
  VAELoader: {
    run: async (inputs, work) => {
      const name = textOf(inputs, 'vae_name');
      const read = name === 'pixel_space' ? undefined : await digest(work, 'vae', name);
      return { outputs: [{ kind: 'vae', digest: read }] };
    },
  },
  ControlNetLoader: {
    run: async (inputs, work) => {
      const read = await digest(work, 'controlnet', textOf(inputs, 'control_net_name'));
      return { outputs: [{ kind: 'network', digest: read }] };
    },
  },
  UpscaleModelLoader: {
    run: async (inputs, work) => {
      const read = await digest(work, 'upscale_models', textOf(inputs, 'model_name'));
      return { outputs: [{ kind: 'network', digest: read }] };
    },
  },
};
