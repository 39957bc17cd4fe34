import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fetchOutput, freeMemory } from '../../src/comfyui/requests.js';
import { runPrompt } from '../../src/comfyui/run-prompt.js';
import { compare } from '../../src/image/compare.js';
import { readEmbedded } from '../../src/image/embedded.js';
import type { Picture } from '../../src/image/picture.js';
import { decodePng } from '../../src/image/png.js';
import { writePng } from '../../src/image/write-png.js';
import { prompt, simulated } from '../support/simulated.js';

const pose = writePng(
  64,
  64,
  Uint8Array.from({ length: 64 * 64 * 3 }, (_, at) => at % 251),
  [],
);
const pack = readFileSync(new URL('../../templates/demo/pack/__init__.py', import.meta.url));
const packInterface = readFileSync(new URL('../../templates/demo/pack/simulated.json', import.meta.url));
const files = {
  'models/checkpoints/a.safetensors': 'first checkpoint',
  'models/loras/ink.safetensors': 'ink',
  'models/loras/gold.safetensors': 'gold',
  'models/controlnet/depth.safetensors': 'depth',
  'models/embeddings/mood.pt': 'mood',
  'input/pose.png': pose,
  'custom_nodes/grain/__init__.py': pack,
  'custom_nodes/grain/simulated.json': packInterface,
};

const node = (class_type: string, inputs: object) => ({ class_type, inputs });

interface Choice {
  readonly loras?: readonly [string, string];
  readonly strength?: number;
  readonly text?: string;
  readonly seed?: number;
  readonly steps?: number;
  readonly cfg?: number;
  readonly control?: number;
}

/** A graph with everything that decides a picture. */
function graph(choice: Choice = {}) {
  const {
    loras = ['ink', 'gold'],
    strength = 0.8,
    text = 'a cat, embedding:mood',
    seed = 7,
    steps = 20,
    cfg = 7,
    control = 0.6,
  } = choice;
  const lora = (from: string, name: string) =>
    node('LoraLoader', {
      model: [from, 0],
      clip: [from, 1],
      lora_name: `${name}.safetensors`,
      strength_model: strength,
      strength_clip: strength,
    });
  return prompt({
    '1': node('CheckpointLoaderSimple', { ckpt_name: 'a.safetensors' }),
    '2': lora('1', loras[0]),
    '3': lora('2', loras[1]),
    '4': node('CLIPTextEncode', { clip: ['3', 1], text }),
    '5': node('CLIPTextEncode', { clip: ['3', 1], text: 'bad' }),
    '6': node('LoadImage', { image: 'pose.png' }),
    '7': node('ControlNetLoader', { control_net_name: 'depth.safetensors' }),
    '8': node('ControlNetApplyAdvanced', {
      positive: ['4', 0],
      negative: ['5', 0],
      control_net: ['7', 0],
      image: ['6', 0],
      strength: control,
      start_percent: 0,
      end_percent: 1,
    }),
    '9': node('EmptyLatentImage', { width: 128, height: 128, batch_size: 1 }),
    '10': node('KSampler', {
      model: ['3', 0],
      positive: ['8', 0],
      negative: ['8', 1],
      latent_image: ['9', 0],
      seed,
      steps,
      cfg,
      sampler_name: 'euler',
      scheduler: 'normal',
      denoise: 1,
    }),
    '11': node('VAEDecode', { samples: ['10', 0], vae: ['1', 2] }),
    '12': node('DemoGrain', { image: ['11', 0], strength: 0.2 }),
    '13': node('SaveImage', { images: ['12', 0], filename_prefix: 'p' }),
  });
}

async function paint(url: string, choice?: Choice): Promise<{ readonly bytes: Buffer; readonly picture: Picture }> {
  const run = await runPrompt({ url }, { prompt: graph(choice) }, { signal: new AbortController().signal });
  const [output] = run.outputs;
  if (output === undefined) throw new Error('no output');
  const bytes = await fetchOutput({ url }, output);
  return { bytes, picture: decodePng(bytes) };
}

test('the same prompt and files give the same picture in another server', async () => {
  const [one, other] = [await simulated(files), await simulated(files)];
  expect(compare((await paint(one.url)).picture, (await paint(other.url)).picture).equal).toBe(true);
});

test.each<[string, Choice]>([
  ['the order of the LoRAs', { loras: ['gold', 'ink'] }],
  ['the text', { text: 'a dog' }],
  ['an embedding that is not named any more', { text: 'a cat' }],
  ['the seed', { seed: 8 }],
  ['the ControlNet', { control: 0 }],
])('%s changes the picture', async (_name, choice) => {
  const { url } = await simulated(files);
  const { picture } = await paint(url);
  expect(compare(picture, (await paint(url, choice)).picture).equal).toBe(false);
});

test.each<[string, Choice]>([
  ['a strength', { strength: 0.81 }],
  ['the steps', { steps: 21 }],
  ['the CFG', { cfg: 7.1 }],
])('%s that is a little different gives a picture that is a little different', async (_name, choice) => {
  const { url } = await simulated(files);
  const { picture } = await paint(url);
  const { equal, ssim } = compare(picture, (await paint(url, choice)).picture);
  expect(equal).toBe(false);
  expect(ssim).toBeGreaterThan(0.95);
});

test.each([
  'models/checkpoints/a.safetensors',
  'models/loras/ink.safetensors',
  'models/controlnet/depth.safetensors',
  'models/embeddings/mood.pt',
  'custom_nodes/grain/__init__.py',
])('other bytes in %s change the picture', async (name) => {
  const { url } = await simulated(files);
  const other = await simulated({ ...files, [name]: 'other bytes' });
  expect(compare((await paint(url)).picture, (await paint(other.url)).picture).equal).toBe(false);
});

test('a model that is replaced under its name is noticed only when the cache is dropped', async () => {
  const { url, base } = await simulated(files);
  const { picture } = await paint(url);
  writeFileSync(join(base, 'models/checkpoints/a.safetensors'), 'second checkpoint');
  expect(compare(picture, (await paint(url)).picture).equal).toBe(true);
  await freeMemory({ url });
  expect(compare(picture, (await paint(url)).picture).equal).toBe(false);
});

test('an input picture that is replaced is noticed at once, and its hash is in the saved prompt', async () => {
  const { url, base } = await simulated(files);
  const { picture, bytes } = await paint(url);
  expect(readEmbedded(bytes).prompt).toMatch(/"inputs": \{"image": "pose.png"\}, "is_changed": \["[0-9a-f]{64}"\]/);
  writeFileSync(join(base, 'input/pose.png'), writePng(64, 64, new Uint8Array(64 * 64 * 3), []));
  expect(compare(picture, (await paint(url)).picture).equal).toBe(false);
});
