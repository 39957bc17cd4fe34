// What one run of an everyday workflow leaves: its prompt, the workflow that was embedded, and what was observed on the machine.

const link = (node, slot = 0) => [String(node), slot];

/** Seed (as text: it may not fit a double), text and steps vary; sizes are those of ordinary text-to-image graphs. */
const promptNodes = ({ text, steps }) => ({
  4: {
    inputs: { ckpt_name: `dreamshaper_${steps % 8}.safetensors` },
    class_type: 'CheckpointLoaderSimple',
    _meta: { title: 'Load Checkpoint' },
  },
  10: {
    inputs: {
      lora_name: 'detail_tweaker.safetensors',
      strength_model: 0.8,
      strength_clip: 0.8,
      model: link(4),
      clip: link(4, 1),
    },
    class_type: 'LoraLoader',
    _meta: { title: 'Detail' },
  },
  11: {
    inputs: {
      lora_name: 'ink/ink_wash.safetensors',
      strength_model: 0.35,
      strength_clip: 1,
      model: link(10),
      clip: link(10, 1),
    },
    class_type: 'LoraLoader',
    _meta: { title: 'Ink' },
  },
  5: {
    inputs: { width: 832, height: 1216, batch_size: 1 },
    class_type: 'EmptyLatentImage',
    _meta: { title: 'Empty Latent Image' },
  },
  6: { inputs: { text, clip: link(11, 1) }, class_type: 'CLIPTextEncode', _meta: { title: 'Positive' } },
  7: {
    inputs: {
      text: 'blurry, low quality, watermark, signature, extra fingers, deformed hands, jpeg artifacts',
      clip: link(11, 1),
    },
    class_type: 'CLIPTextEncode',
    _meta: { title: 'Negative' },
  },
  3: {
    inputs: {
      seed: 'SEED',
      steps,
      cfg: 6.5,
      sampler_name: 'dpmpp_2m',
      scheduler: 'karras',
      denoise: 1,
      model: link(11),
      positive: link(6),
      negative: link(7),
      latent_image: link(5),
    },
    class_type: 'KSampler',
    _meta: { title: 'KSampler' },
  },
  12: {
    inputs: { upscale_method: 'nearest-exact', scale_by: 1.5, samples: link(3) },
    class_type: 'LatentUpscaleBy',
    _meta: { title: 'Upscale' },
  },
  13: {
    inputs: {
      seed: 'SEED',
      steps: 12,
      cfg: 5,
      sampler_name: 'euler',
      scheduler: 'normal',
      denoise: 0.45,
      model: link(11),
      positive: link(6),
      negative: link(7),
      latent_image: link(12),
    },
    class_type: 'KSampler',
    _meta: { title: 'Second pass' },
  },
  8: { inputs: { samples: link(13), vae: link(4, 2) }, class_type: 'VAEDecode', _meta: { title: 'VAE Decode' } },
  9: {
    inputs: { filename_prefix: 'client/ComfyUI', images: link(8) },
    class_type: 'SaveImage',
    _meta: { title: 'Save Image' },
  },
});

const withSeed = (json, seed) => JSON.stringify(json).replaceAll('"SEED"', seed);

export const promptOf = (settings) => withSeed(promptNodes(settings), settings.seed);

/** The same graph as the frontend saves it. */
export function workflowOf(settings) {
  const nodes = Object.entries(promptNodes(settings)).map(([id, node], order) => uiNode(Number(id), node, order));
  const links = nodes.flatMap(({ id, inputs }) =>
    inputs.flatMap((input) => (input.link === null ? [] : [[input.link, input.from, 0, id, 0, input.type]])),
  );
  const workflow = {
    id: '3f2a8c1e-0000-4000-8000-000000000000',
    revision: 0,
    last_node_id: 13,
    last_link_id: 200,
    nodes: nodes.map((node) => ({ ...node, inputs: node.inputs.map(({ from: _, ...input }) => input) })),
    links,
    groups: [{ id: 1, title: 'Base', bounding: [10, 10, 1800, 1200], color: '#3f789e', font_size: 24, flags: {} }],
    config: {},
    extra: { ds: { scale: 0.83, offset: [12.5, -40] }, frontendVersion: '1.35.9', workspace_info: { id: 'a' } },
    version: 0.4,
  };
  return withSeed(workflow, settings.seed);
}

function uiNode(id, { inputs, class_type: type, _meta: { title } }, order) {
  const entries = Object.entries(inputs);
  return {
    id,
    type,
    pos: [120.5 + order * 330, 186.25 + (order % 3) * 310],
    size: [315, 262.5],
    flags: {},
    order,
    mode: 0,
    inputs: entries.map(([name, value], at) => ({
      localized_name: name,
      name,
      type: Array.isArray(value) ? 'CONDITIONING' : 'FLOAT',
      ...(Array.isArray(value) ? {} : { widget: { name } }),
      link: Array.isArray(value) ? id * 10 + at : null,
      from: Array.isArray(value) ? Number(value[0]) : null,
    })),
    outputs: [{ localized_name: 'output', name: 'output', type: '*', slot_index: 0, links: [id * 10] }],
    title,
    properties: { cnr_id: 'comfy-core', ver: '0.3.64', 'Node name for S&R': type },
    // What draws the seed anew at every queueing stands behind it.
    widgets_values: entries.flatMap(([name, value]) =>
      Array.isArray(value) ? [] : name === 'seed' ? [value, 'randomize'] : [value],
    ),
    color: '#232',
    bgcolor: '#353',
  };
}

const digest = (at, of) => `sha256:${String(at * 1000 + of).padStart(64, 'a')}`;

const environment = { comfyui: '0.8.0', os: 'linux', python: '3.11.7', torch: '2.5.1+cu124' };

/** What was observed at runs: a machine that changes now and then. */
export function statesOf(count) {
  return Array.from({ length: count }, (_, at) => {
    const names = Array.from({ length: 8 }, (__, of) => [`checkpoints/dreamshaper_${of}.safetensors`, of]);
    names.push(['loras/detail_tweaker.safetensors', 20], ['loras/ink/ink_wash.safetensors', 21]);
    const models = Object.fromEntries(
      names.map(([name, of]) => [name, { digest: digest(at, of), size: 2_000_000_000 + of }]),
    );
    return `${JSON.stringify({ classes: {}, environment, inputs: {}, models, packs: {}, state: 1 })}\n`;
  });
}
