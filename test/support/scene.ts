// A small ComfyUI with everything a picture depends on, a repository that locks it, and a picture that was made and recorded. Built once; every
// test works on a copy.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { dirname, join } from 'node:path';
import { lockRepository } from '../../src/capture/lock.js';
import { findSurroundings, type Surroundings } from '../../src/capture/surroundings.js';
import type { Quirks } from '../../src/comfyui/simulator/quirks.js';
import { startSimulator } from '../../src/comfyui/simulator/start.js';
import { openRepository } from '../../src/git/repository.js';
import { encodePng } from './encode-png.js';
import { runAndRecord } from './recorded-run.js';

export const quiet = { say: () => {}, progress: () => {}, confirm: async () => false };
export const signal = new AbortController().signal;

/** A safetensors file: the same tensors under any metadata. */
export function safetensors(weights: string, title = 'first'): Buffer {
  const data = Buffer.from(weights.padEnd(64, '.'));
  const tensor = { dtype: 'U8', shape: [data.length], data_offsets: [0, data.length] };
  const header = Buffer.from(JSON.stringify({ __metadata__: { title }, weight: tensor }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, data]);
}

export interface Scene {
  /** Holds all of it: `ComfyUI`, `repository`, `shelf` (a second folder of models), `cache`. */
  readonly folder: string;
  readonly comfy: string;
  readonly repository: string;
  put(path: string, content: string | Uint8Array): void;
  remove(path: string): void;
  move(from: string, to: string): void;
  link(target: string, path: string): void;
  /** git in ComfyUI's folder or one below it. */
  git(path: string, ...args: string[]): string;
  /** Writes a file of the repository. */
  write(path: string, content: string): void;
  read(path: string): string;
}

export function sceneAt(folder: string): Scene {
  const comfy = join(folder, 'ComfyUI');
  const repository = join(folder, 'repository');
  const make = (path: string) => {
    mkdirSync(dirname(path), { recursive: true });
    return path;
  };
  return {
    ...{ folder, comfy, repository },
    put: (path, content) => writeFileSync(make(join(comfy, path)), content),
    remove: (path) => rmSync(join(comfy, path), { recursive: true }),
    move: (from, to) => renameSync(join(comfy, from), make(join(comfy, to))),
    link: (target, path) => symlinkSync(target, make(join(comfy, path))),
    git: (path, ...args) => runGit(join(comfy, path), args),
    write: (path, content) => writeFileSync(make(join(repository, path)), content),
    read: (path) => readFileSync(join(repository, path), 'utf8'),
  };
}

const runGit = (cwd: string, args: string[]) =>
  execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

/** A copy that is free to be changed. */
export function copyScene(template: string, folder: string): Scene {
  cpSync(template, folder, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  const scene = sceneAt(folder);
  runGit(scene.repository, ['config', 'comfy.directory', scene.comfy]);
  // What the server said of the folders of the template.
  rmSync(join(scene.repository, '.git/comfy/cache'), { recursive: true, force: true });
  return scene;
}

/** What a server says can be changed on its way: by path of the request. */
export type Alter = (path: string, text: string, scene: Scene) => string;

export interface ServedScene {
  readonly around: Surroundings;
  /** Of the simulator itself. */
  readonly url: string;
  /** As it is seen. */
  readonly server: { readonly url: string };
  readonly close: () => Promise<void>;
}

/** The simulated ComfyUI on a scene's files, and what can be seen of it; what it answers is altered on its way where somebody asks. */
export async function serveScene(scene: Scene, alter?: Alter, quirks: Quirks = {}): Promise<ServedScene> {
  const simulator = await startSimulator({ base: scene.comfy, quirks });
  const proxy = alter === undefined ? undefined : await altering(scene, simulator.url, alter);
  const server = { url: proxy?.url ?? simulator.url };
  const close = async () => {
    await proxy?.close();
    await simulator.close();
  };
  const opened = await openRepository(scene.repository);
  const env = { XDG_CACHE_HOME: join(scene.folder, 'cache') };
  const around = await findSurroundings(opened, { cwd: scene.repository, env, server, signal });
  return { around, url: simulator.url, server, close };
}

/** Hands everything on, websockets too; answers to GET go through `alter`, but for files. */
async function altering(scene: Scene, url: string, alter: Alter) {
  const { port } = new URL(url);
  const proxy = createServer(async (asked, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk as Buffer);
    const type = asked.headers['content-type'];
    const answer = await fetch(`${url}${asked.url}`, {
      method: asked.method ?? 'GET',
      ...(type === undefined ? {} : { headers: { 'content-type': type } }),
      ...(asked.method === 'POST' ? { body: Buffer.concat(chunks) } : {}),
    });
    const path = (asked.url ?? '').split('?')[0] ?? '';
    const bytes = Buffer.from(await answer.arrayBuffer());
    const body = path === '/view' ? bytes : alter(path, bytes.toString('utf8'), scene);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(body);
  });
  proxy.on('upgrade', (asked, socket) => {
    const lines = Object.entries(asked.headers).map(([name, value]) => `${name}: ${String(value)}`);
    const onward = connect(Number(port), '127.0.0.1', () => {
      onward.write(`GET ${asked.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      onward.pipe(socket).pipe(onward);
    });
    for (const one of [onward, socket]) one.on('error', () => {});
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const close = async () => {
    proxy.closeAllConnections();
    proxy.close();
  };
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, close };
}

/** `simulated.json` of a pack with one class that lays a grain over a picture. */
export const grain = (name: string, strength: number) =>
  JSON.stringify({
    [name]: {
      input: { required: { image: ['IMAGE'], strength: ['FLOAT', { default: strength, min: 0, max: 1 }] } },
      input_order: { required: ['image', 'strength'] },
      output: ['IMAGE'],
      output_is_list: [false],
      output_name: ['IMAGE'],
      name,
      display_name: name,
      description: '',
      category: 'test',
      output_node: false,
    },
  });

/** The prompt of the scene; `strength` of the first LoRA, and the order of the two. */
export function scenePrompt(strength = 0.8, order: readonly [string, string] = ['ink', 'paper']): string {
  const [first, second] = order.map((name) => `${name}.safetensors`);
  const loraOf = (lora_name: string | undefined, model: unknown[], clip: unknown[], weight: number) => ({
    class_type: 'LoraLoader',
    inputs: { lora_name, strength_model: weight, strength_clip: 1, model, clip },
  });
  const sampling = { seed: 7, steps: 2, cfg: 7.5, sampler_name: 'euler', scheduler: 'normal', denoise: 1 };
  const node = (class_type: string, inputs: object) => ({ class_type, inputs });
  return JSON.stringify(
    {
      '1': node('CheckpointLoaderSimple', { ckpt_name: 'dream.safetensors' }),
      '2': loraOf(first, ['1', 0], ['1', 1], strength),
      '3': loraOf(second, ['2', 0], ['2', 1], 1),
      '4': node('VAELoader', { vae_name: 'soft.safetensors' }),
      '5': node('LoadImage', { image: 'refs/pose.png' }),
      '6': node('VAEEncode', { pixels: ['5', 0], vae: ['4', 0] }),
      '7': node('CLIPTextEncode', { clip: ['3', 1], text: 'a cat, embedding:easy' }),
      '8': node('CLIPTextEncode', { clip: ['3', 1], text: 'blurry' }),
      '9': node('KSampler', {
        ...{ model: ['3', 0], positive: ['7', 0], negative: ['8', 0], latent_image: ['6', 0], ...sampling },
      }),
      '10': node('VAEDecode', { samples: ['9', 0], vae: ['4', 0] }),
      '11': node('CloneGrain', { image: ['10', 0], strength: 0.1 }),
      '12': node('RegistryGrain', { image: ['11', 0], strength: 0.1 }),
      '13': node('PlainGrain', { image: ['12', 0], strength: 0.1 }),
      '14': node('SaveImage', { images: ['13', 0], filename_prefix: 'made' }),
    },
    undefined,
    2,
  );
}

/** Builds the scene in a folder, locks it, runs it and keeps the picture as `picture.png`. */
export async function buildScene(folder: string): Promise<void> {
  const scene = sceneAt(folder);
  layOutComfy(scene);
  layOutRepository(scene);
  const served = await serveScene(scene);
  try {
    const opened = await openRepository(scene.repository);
    await lockRepository(opened, { around: served.around, signal, talk: quiet });
    runGit(scene.repository, ['add', '.']);
    runGit(scene.repository, ['commit', '--quiet', '-m', 'locked']);
    writeFileSync(join(scene.repository, 'picture.png'), await runAndRecord(opened, served.url, scenePrompt()));
  } finally {
    await served.close();
  }
}

function layOutComfy(scene: Scene): void {
  for (const path of ['main.py', 'folder_paths.py']) scene.put(path, '');
  scene.put('comfyui_version.py', '__version__ = "0.8.0"\n');
  scene.put('.gitignore', '/models/\n/input/\n/output/\n/temp/\n/custom_nodes/\n/venv/\n/extra_model_paths.yaml\n');
  for (const [path, weights] of [
    ['checkpoints/dream', 'dream'],
    ['loras/ink', 'ink'],
    ['loras/paper', 'paper'],
    ['vae/soft', 'soft'],
    ['embeddings/easy', 'easy'],
  ]) {
    scene.put(`models/${path}.safetensors`, safetensors(weights ?? ''));
  }
  scene.put('input/refs/pose.png', picture(7));
  clonePack(scene);
  for (const name of ['Registry', 'Plain']) {
    scene.put(`custom_nodes/${name}/__init__.py`, `# ${name}\n`);
    scene.put(`custom_nodes/${name}/simulated.json`, grain(`${name}Grain`, name === 'Plain' ? 0.25 : 0.5));
  }
  scene.put('custom_nodes/Registry/.tracking', '__init__.py\nsimulated.json\npyproject.toml\n');
  scene.put('custom_nodes/Registry/pyproject.toml', '[project]\nname = "registry-grain"\nversion = "1.0.0"\n');
  for (const name of ['torch-2.9.1', 'numpy-2.1.0']) {
    scene.put(`venv/lib/python3.11/site-packages/${name}.dist-info/METADATA`, '');
  }
  commitAll(scene, '.', 'ComfyUI');
}

function clonePack(scene: Scene): void {
  scene.put('custom_nodes/Clone/__init__.py', '# Clone\n');
  scene.put('custom_nodes/Clone/simulated.json', grain('CloneGrain', 0.5));
  commitAll(scene, 'custom_nodes/Clone', 'pack');
  scene.git('custom_nodes/Clone', 'remote', 'add', 'origin', 'https://github.com/l/Clone');
}

function commitAll(scene: Scene, path: string, message: string): void {
  scene.git(path, 'init', '--quiet', '--template=', '--initial-branch=main');
  scene.git(path, 'add', '.');
  scene.git(path, 'commit', '--quiet', '-m', message);
}

function layOutRepository(scene: Scene): void {
  mkdirSync(scene.repository, { recursive: true });
  runGit(scene.repository, ['init', '--quiet', '--template=', '--initial-branch=main']);
  runGit(scene.repository, ['config', 'comfy.directory', scene.comfy]);
  scene.write('.gitattributes', 'workflows/** -text filter=comfy\n');
  scene.write('workflows/portrait.json', scenePrompt());
  runGit(scene.repository, ['add', '.']);
}

/** A small picture of one shade. */
export const picture = (shade: number): Buffer =>
  encodePng({
    width: 16,
    height: 16,
    colorType: 2,
    bits: 8,
    samples: new Uint8Array(16 * 16 * 3).fill(shade),
    before: [],
  });
