import { readFileSync } from 'node:fs';
import { readWorkflow, type Workflow } from '../../src/workflow/graph.js';
import { fromPlain, isObject, type JsonObject, parseJson } from '../../src/workflow/json.js';
import { readObjectInfo } from '../../src/workflow/read-interfaces.js';

/** JSON as a workflow document. */
export function document(value: unknown): JsonObject {
  const json = typeof value === 'string' ? parseJson(value) : fromPlain(value);
  if (!isObject(json)) throw new Error('a test gave no object');
  return json;
}

export const workflow = (value: unknown): Workflow => readWorkflow(document(value));

export const objectInfo = readObjectInfo(
  parseJson(readFileSync(new URL('../fixtures/graph/object_info.json', import.meta.url), 'utf8')),
);

interface NodeSketch {
  readonly id: number | string;
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Nodes and `[id, origin, origin slot, target, target slot, type]`; the inputs' `link` members are made from the links. */
export function sketch(nodes: readonly NodeSketch[], links: readonly (readonly unknown[])[] = [], more: object = {}) {
  const withLinks = nodes.map((node) => ({
    ...node,
    inputs: ((node['inputs'] as readonly object[] | undefined) ?? []).map((slot, at) => {
      const link = links.find((found) => found[3] === node.id && found[4] === at);
      return { link: link?.[0] ?? null, ...slot };
    }),
  }));
  return { version: 0.4, last_node_id: 99, last_link_id: 99, nodes: withLinks, links, ...more };
}

const socket = (name: string, type: string) => ({ name, type });

/** Checkpoint -> two texts -> sampler -> decode -> save: the graph that every ComfyUI starts with. */
export function textToImage(change: (nodes: Record<string, Record<string, unknown>>) => void = () => {}) {
  const nodes: Record<string, Record<string, unknown>> = {
    checkpoint: { id: 4, type: 'CheckpointLoaderSimple', widgets_values: ['dummy-a.safetensors'] },
    latent: { id: 5, type: 'EmptyLatentImage', widgets_values: [512, 512, 1] },
    positive: { id: 6, type: 'CLIPTextEncode', inputs: [socket('clip', 'CLIP')], widgets_values: ['a red house'] },
    negative: { id: 7, type: 'CLIPTextEncode', inputs: [socket('clip', 'CLIP')], widgets_values: ['blurry'] },
    sampler: {
      id: 3,
      type: 'KSampler',
      title: 'base',
      inputs: [
        socket('model', 'MODEL'),
        socket('positive', 'CONDITIONING'),
        socket('negative', 'CONDITIONING'),
        socket('latent_image', 'LATENT'),
      ],
      widgets_values: [42, 'randomize', 20, 8, 'euler', 'normal', 1],
    },
    decode: { id: 8, type: 'VAEDecode', inputs: [socket('samples', 'LATENT'), socket('vae', 'VAE')] },
    save: { id: 9, type: 'SaveImage', inputs: [socket('images', 'IMAGE')], widgets_values: ['ComfyUI'] },
  };
  change(nodes);
  const links = [
    [1, 4, 0, 3, 0, 'MODEL'],
    [2, 4, 1, 6, 0, 'CLIP'],
    [3, 4, 1, 7, 0, 'CLIP'],
    [4, 6, 0, 3, 1, 'CONDITIONING'],
    [5, 7, 0, 3, 2, 'CONDITIONING'],
    [6, 5, 0, 3, 3, 'LATENT'],
    [7, 3, 0, 8, 0, 'LATENT'],
    [8, 4, 2, 8, 1, 'VAE'],
    [9, 8, 0, 9, 0, 'IMAGE'],
  ];
  return sketch(Object.values(nodes) as unknown as NodeSketch[], links);
}
