// A ComfyUI folder with small model files, and a repository beside it whose workflows use them.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lockRepository } from '../../src/capture/lock.js';
import { findSurroundings, type Surroundings } from '../../src/capture/surroundings.js';
import type { HashCache } from '../../src/models/hash-cache.js';
import { makeRepository, repositoryAt, type TestRepository, temporaryFolder } from './git.js';

export interface ComfyProject extends TestRepository {
  /** ComfyUI's folder. */
  readonly comfy: string;
  /** Writes a file into ComfyUI's folder. */
  put(path: string, content: string | Uint8Array): void;
  remove(path: string): void;
  /** A git repository in ComfyUI's folder, with one commit. */
  clone(path: string, files: Record<string, string>, remote?: string): TestRepository;
  around(): Promise<Surroundings>;
}

/** A cache by whose clock files of this test are an hour old: it would not trust what has just been written. */
const trusting = (cache: HashCache): HashCache => ({
  ...cache,
  remember: (path, hashed, now) => cache.remember(path, hashed, now + 3_600_000),
  trusting: (policy) => trusting(cache.trusting(policy)),
});

export const quiet = { say: () => {}, progress: () => {}, confirm: async () => false };
export const signal = new AbortController().signal;

export function makeProject(): ComfyProject {
  const comfy = join(temporaryFolder(), 'ComfyUI');
  const put = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(comfy, path)), { recursive: true });
    writeFileSync(join(comfy, path), content);
  };
  for (const path of ['main.py', 'folder_paths.py']) put(path, '');
  put('comfyui_version.py', '__version__ = "0.8.0"\n');
  const repository = makeRepository();
  repository.git('config', 'comfy.directory', comfy);
  repository.write('.gitattributes', '*.json -text filter=comfy diff=comfy merge=comfy\n');
  repository.git('add', '.gitattributes');
  const cache = temporaryFolder();
  return {
    ...repository,
    comfy,
    put,
    remove: (path) => rmSync(join(comfy, path), { recursive: true }),
    clone(path, files, remote) {
      mkdirSync(join(comfy, path), { recursive: true });
      const clone = repositoryAt(join(comfy, path));
      clone.git('init', '--quiet', '--initial-branch=main');
      if (remote !== undefined) clone.git('remote', 'add', 'origin', remote);
      clone.commit(files);
      return clone;
    },
    async around() {
      const env = { XDG_CACHE_HOME: cache };
      const found = await findSurroundings(await repository.open(), { cwd: repository.path, env, signal });
      return { ...found, cache: trusting(found.cache) };
    },
  };
}

/** An API-format prompt: one loader a node. `nodes` are class, input and value. */
export const promptOf = (...nodes: (readonly [string, Record<string, unknown>])[]): string =>
  JSON.stringify(
    Object.fromEntries(nodes.map(([classType, inputs], at) => [String(at + 1), { class_type: classType, inputs }])),
    undefined,
    2,
  );

export const checkpoint = (name: string) => ['CheckpointLoaderSimple', { ckpt_name: name }] as const;
export const lora = (name: string) => ['LoraLoaderModelOnly', { lora_name: name, strength_model: 1 }] as const;
export const image = (name: string) => ['LoadImage', { image: name }] as const;

/** A project whose lock says where its one model can be had, and whose ComfyUI lacks it. @param url of the folder that has `ink.safetensors` */
export async function projectWithoutModel(url: string, weights: Buffer): Promise<ComfyProject> {
  const project = makeProject();
  project.put('models/loras/ink.safetensors', weights);
  project.write('portrait.json', promptOf(lora('ink.safetensors')));
  project.git('add', '.');
  await lockRepository(await project.open(), { around: await project.around(), signal, talk: quiet });
  const text = project.read('comfy.lock');
  project.write('comfy.lock', text.replace('    digest:', `    sources:\n      - ${url}/ink.safetensors\n    digest:`));
  project.remove('models/loras/ink.safetensors');
  project.git('config', 'comfy.source', url);
  return project;
}
