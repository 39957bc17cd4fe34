import { modelFiles } from '../disk.js';
import { type Inputs, imageOf, inputOf, type NodeClass, numberOf, textOf } from '../node-class.js';
import { keyOf } from '../paint.js';
import type { Conditioning, Control } from '../values.js';
import { digestOfWeights } from '../weights.js';

/** `embedding:name` at the start of a word; commas and brackets around the name are not part of it. */
const mention = /(?:^|[\s(])embedding:([^\s()]+)/g;

/** The files of the embeddings that a text names. One that does not exist is left out silently, as ComfyUI does. */
async function embeddingDigests(base: string, text: string): Promise<string[]> {
  const named = [...text.matchAll(mention)].map(([, name = '']) =>
    name.replace(/^,+|,+$/g, '').replace(/:[\d.]+$/, ''),
  );
  if (named.length === 0) return [];
  const files = await modelFiles(base, 'embeddings');
  const paths = named.flatMap((name) => files.filter((file) => file.name.replace(/\.\w+$/, '') === name));
  return Promise.all(paths.map(({ path }) => digestOfWeights(path)));
}

function withControl(conditioning: Conditioning, inputs: Inputs, share: number): Conditioning {
  const control: Control = {
    digest: inputOf(inputs, 'control_net', 'network').digest,
    image: imageOf(inputs, 'image'),
    strength: numberOf(inputs, 'strength'),
    share,
  };
  return { ...conditioning, controls: [...conditioning.controls, control] };
}

export const conditioning: Readonly<Record<string, NodeClass>> = {
  CLIPTextEncode: {
    run: async (inputs, work) => {
      const clip = inputOf(inputs, 'clip', 'clip');
      const text = textOf(inputs, 'text');
      const key = keyOf(clip.digest, String(clip.layer), text, ...(await embeddingDigests(work.base, text)));
      return { outputs: [{ kind: 'conditioning', key, patches: clip.patches, controls: [] }] };
    },
  },
  CLIPSetLastLayer: {
    run: async (inputs) => ({
      outputs: [{ ...inputOf(inputs, 'clip', 'clip'), layer: numberOf(inputs, 'stop_at_clip_layer') }],
    }),
  },
  ControlNetApplyAdvanced: {
    run: async (inputs) => {
      const share = Math.max(0, numberOf(inputs, 'end_percent') - numberOf(inputs, 'start_percent'));
      return {
        outputs: [
          withControl(inputOf(inputs, 'positive', 'conditioning'), inputs, share),
          withControl(inputOf(inputs, 'negative', 'conditioning'), inputs, share),
        ],
      };
    },
  },
  ControlNetApply: {
    run: async (inputs) => ({ outputs: [withControl(inputOf(inputs, 'conditioning', 'conditioning'), inputs, 1)] }),
  },
};
