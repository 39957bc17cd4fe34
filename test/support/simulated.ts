// A simulated ComfyUI in a temporary folder, and a hand-made server for what no ComfyUI would do.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SimulatedClass } from '../../src/comfyui/simulator/node-class.js';
import type { Quirks } from '../../src/comfyui/simulator/quirks.js';
import { startSimulator } from '../../src/comfyui/simulator/start.js';
import { fromPlain, type JsonObject } from '../../src/workflow/json.js';

/** A folder of ComfyUI with these files; gone when the test ends. */
export function makeBase(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const base = mkdtempSync(join(tmpdir(), 'git-comfy-base-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(base, name)), { recursive: true });
    writeFileSync(join(base, name), bytes);
  }
  return base;
}

export async function simulated(
  files: Readonly<Record<string, string | Buffer>> = {},
  classes: readonly SimulatedClass[] = [],
  quirks: Quirks = {},
): Promise<{ readonly url: string; readonly base: string }> {
  const base = makeBase(files);
  const { url, close } = await startSimulator({ base, classes, quirks });
  onTestFinished(close);
  return { url, base };
}

/** A server that answers as the test says; gone when the test ends. */
export async function handMade(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An address of this machine where nothing listens (any more). */
export async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((done) => server.close(() => done()));
  return `http://127.0.0.1:${port}`;
}

export const prompt = (nodes: unknown) => fromPlain(nodes) as JsonObject;

/** The graph without models of the reference: a plain picture, seeded noise, saved. */
export const plainPrompt = (seed: unknown = 1, more: object = {}) =>
  prompt({
    '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 48, batch_size: 1, color: 255 } },
    '2': { class_type: 'ImageAddNoise', inputs: { image: ['1', 0], seed, strength: 0.5 } },
    '9': { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 't/img' } },
    ...more,
  });

/** A small txt2img from `checkpoints/dream.safetensors`, with whatever node `2` is between the checkpoint and the sampler. */
export const paintPrompt = (more: object) =>
  prompt({
    '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'dream.safetensors' } },
    '5': { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64, batch_size: 1 } },
    '6': { class_type: 'CLIPTextEncode', inputs: { clip: ['4', 1], text: 'a cat' } },
    '7': { class_type: 'CLIPTextEncode', inputs: { clip: ['4', 1], text: 'blurry' } },
    '3': {
      class_type: 'KSampler',
      inputs: {
        ...{ model: ['2', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] },
        ...{ seed: 7, steps: 3, cfg: 7.5, sampler_name: 'euler', scheduler: 'normal', denoise: 1 },
      },
    },
    '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
    '9': { class_type: 'SaveImage', inputs: { images: ['8', 0], filename_prefix: 't/img' } },
    ...more,
  });
