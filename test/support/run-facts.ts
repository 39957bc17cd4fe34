// A workflow, the prompt that it runs, and the facts of a run of it, as ComfyUI would give them.
import type { RunFacts } from '../../src/capture/run-facts.js';
import { type JsonObject, parseJson } from '../../src/workflow/json.js';
import { chunk, encodePng } from './encode-png.js';

export interface Settings {
  readonly seed?: string;
  readonly steps?: number;
  readonly text?: string;
  readonly control?: string;
}

const object = (text: string) => parseJson(text) as JsonObject;

/** The saved workflow: a checkpoint, two texts, a sampler, a decoder, an output. */
export function workflowText({ seed = '7', steps = 20, text = 'a cat', control = 'randomize' }: Settings = {}): string {
  const node = (id: number, type: string, inputs: string, outputs: string, values: string) =>
    `{"id":${id},"type":"${type}","pos":[${id * 10},0],"size":[200,100],"flags":{},"order":${id},"mode":0,"inputs":[${inputs}],"outputs":[${outputs}],"properties":{},"widgets_values":[${values}]}`;
  const input = (name: string, type: string, link: number) => `{"name":"${name}","type":"${type}","link":${link}}`;
  const output = (name: string, type: string, links: string) =>
    `{"name":"${name}","type":"${type}","links":[${links}]}`;
  const nodes = [
    node(
      4,
      'CheckpointLoaderSimple',
      '',
      [output('MODEL', 'MODEL', '1'), output('CLIP', 'CLIP', '3,5'), output('VAE', 'VAE', '8')].join(),
      '"dream.safetensors"',
    ),
    node(5, 'EmptyLatentImage', '', output('LATENT', 'LATENT', '2'), '64,48,1'),
    node(
      6,
      'CLIPTextEncode',
      input('clip', 'CLIP', 3),
      output('CONDITIONING', 'CONDITIONING', '4'),
      JSON.stringify(text),
    ),
    node(7, 'CLIPTextEncode', input('clip', 'CLIP', 5), output('CONDITIONING', 'CONDITIONING', '6'), '"blurry"'),
    node(
      3,
      'KSampler',
      [
        input('model', 'MODEL', 1),
        input('positive', 'CONDITIONING', 4),
        input('negative', 'CONDITIONING', 6),
        input('latent_image', 'LATENT', 2),
      ].join(),
      output('LATENT', 'LATENT', '7'),
      `${seed},"${control}",${steps},8,"euler","normal",1`,
    ),
    node(
      8,
      'VAEDecode',
      [input('samples', 'LATENT', 7), input('vae', 'VAE', 8)].join(),
      output('IMAGE', 'IMAGE', '9'),
      '',
    ),
    node(9, 'SaveImage', input('images', 'IMAGE', 9), '', '"ComfyUI"'),
  ];
  const links =
    '[1,4,0,3,0,"MODEL"],[2,5,0,3,3,"LATENT"],[3,4,1,6,0,"CLIP"],[4,6,0,3,1,"CONDITIONING"],[5,4,1,7,0,"CLIP"],[6,7,0,3,2,"CONDITIONING"],[7,3,0,8,0,"LATENT"],[8,4,2,8,1,"VAE"],[9,8,0,9,0,"IMAGE"]';
  return `{"last_node_id":9,"last_link_id":9,"nodes":[${nodes.join()}],"links":[${links}],"groups":[],"config":{},"extra":{},"version":0.4}`;
}

/** What ComfyUI executes for it. */
export function promptText({ seed = '7', steps = 20, text = 'a cat' }: Settings = {}): string {
  return `{"4":{"inputs":{"ckpt_name":"dream.safetensors"},"class_type":"CheckpointLoaderSimple","_meta":{"title":"Load Checkpoint"}},"5":{"inputs":{"width":64,"height":48,"batch_size":1},"class_type":"EmptyLatentImage"},"6":{"inputs":{"text":${JSON.stringify(text)},"clip":["4",1]},"class_type":"CLIPTextEncode"},"7":{"inputs":{"text":"blurry","clip":["4",1]},"class_type":"CLIPTextEncode"},"3":{"inputs":{"seed":${seed},"steps":${steps},"cfg":8.0,"sampler_name":"euler","scheduler":"normal","denoise":1,"model":["4",0],"positive":["6",0],"negative":["7",0],"latent_image":["5",0]},"class_type":"KSampler"},"8":{"inputs":{"samples":["3",0],"vae":["4",2]},"class_type":"VAEDecode"},"9":{"inputs":{"filename_prefix":"ComfyUI","images":["8",0]},"class_type":"SaveImage"}}`;
}

/** A small picture; `texts` become tEXt chunks, as ComfyUI embeds them. */
export function picture(shade: number, texts: Readonly<Record<string, string>> = {}): Buffer {
  const before = Object.entries(texts).map(([key, text]) => chunk('tEXt', Buffer.from(`${key}\0${text}`, 'latin1')));
  return encodePng({ width: 2, height: 1, colorType: 2, bits: 8, samples: [shade, 0, 0, 0, shade, 0], before });
}

/** A picture as a run of these settings leaves it in the output folder. */
export const madePicture = (shade: number, settings: Settings = {}): Buffer =>
  picture(shade, { prompt: promptText(settings), workflow: workflowText(settings) });

let runs = 0;

/** The facts of one run; every call is another run, with another picture. */
export function runFacts(settings: Settings = {}, overrides: Partial<RunFacts> = {}): RunFacts {
  runs++;
  return {
    prompt: object(promptText(settings)),
    workflow: object(workflowText(settings)),
    outputs: [{ name: `ComfyUI_0000${runs}_.png`, node: '9', index: 0, bytes: madePicture(runs % 256, settings) }],
    promptId: `00000000-0000-4000-8000-${String(runs).padStart(12, '0')}`,
    start: new Date('2026-11-21T11:50:00Z'),
    duration: 1200,
    server: '127.0.0.1:8188',
    executed: ['4', '5', '6', '7', '3', '8', '9'],
    cached: [],
    captured: 'run',
    ...overrides,
  };
}
