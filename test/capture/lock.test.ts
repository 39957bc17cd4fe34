import { createHash } from 'node:crypto';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Locking, lockRepository } from '../../src/capture/lock.js';
import type { Progress } from '../../src/context.js';
import { ownerName } from '../../src/files/alive.js';
import { runProgram } from '../support/build.js';
import {
  type ComfyProject,
  checkpoint,
  image,
  lora,
  makeProject,
  promptOf,
  quiet,
  signal,
} from '../support/comfy-project.js';
import { temporaryFolder } from '../support/git.js';

const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

async function lock(project: ComfyProject, options: Partial<Locking> = {}) {
  return lockRepository(await project.open(), { around: await project.around(), signal, talk: quiet, ...options });
}

/** The bytes that hashing read. */
async function bytesRead(project: ComfyProject): Promise<number> {
  let done = 0;
  const progress = (step: Progress | undefined) => {
    done = Math.max(done, step?.done ?? 0);
  };
  await lock(project, { talk: { ...quiet, progress } });
  return done;
}

function projectWith(...nodes: (readonly [string, Record<string, unknown>])[]): ComfyProject {
  const project = makeProject();
  project.write('workflows/portrait.json', promptOf(...nodes));
  project.git('add', '.');
  return project;
}

test('a lock names every model, input and ComfyUI, by content', async () => {
  const project = projectWith(checkpoint('dream.safetensors'), lora('style\\ink.safetensors'), image('pose.png'));
  project.put('models/checkpoints/dream.safetensors', 'weights');
  project.put('models/loras/style/ink.safetensors', 'ink');
  project.put('input/pose.png', 'pose');
  // Of one that was killed.
  project.write(`comfy.lock.${ownerName.replace(/-\d+$/, '-999999999')}.0123abcd.tmp`, 'half');
  const { written } = await lock(project);
  expect(written).toBe(true);
  expect(project.git('status', '--porcelain', '--', 'comfy.lock*')).toBe('?? comfy.lock');
  expect(project.read('comfy.lock')).toBe(`lockfileVersion: 1
comfyui:
  version: 0.8.0
models:
  checkpoints/dream.safetensors:
    digest: ${sha256('weights')}
    size: 7
  loras/style/ink.safetensors:
    digest: ${sha256('ink')}
    size: 3
inputs:
  pose.png:
    digest: ${sha256('pose')}
workflows:
  workflows/portrait.json:
    models:
      - checkpoints/dream.safetensors
      - loras/style/ink.safetensors
    inputs:
      - pose.png
    classes:
      - CheckpointLoaderSimple
      - LoadImage
      - LoraLoaderModelOnly
`);
});

test('locking again writes nothing and reads no byte of a model', async () => {
  const project = projectWith(checkpoint('dream.safetensors'));
  project.put('models/checkpoints/dream.safetensors', 'weights');
  expect(await bytesRead(project)).toBe(7);
  expect(await bytesRead(project)).toBe(0);
  expect((await lock(project)).written).toBe(false);
});

test('the program as it is built hashes a large model, and takes its sample', async () => {
  const project = projectWith(checkpoint('large.safetensors'));
  const weights = Buffer.alloc(5 * 1024 * 1024, 7);
  project.put('models/checkpoints/large.safetensors', weights);
  const cache = temporaryFolder();
  const { stderr } = await runProgram(project.path, ['lock'], {
    XDG_CACHE_HOME: cache,
    GIT_COMFY_SERVER: 'http://127.0.0.1:9',
  });
  expect(stderr).toBe('');
  expect(project.read('comfy.lock')).toContain(`sha256:${createHash('sha256').update(weights).digest('hex')}`);
  expect(readFileSync(join(cache, 'git-comfy/model-hashes.jsonl'), 'utf8')).toContain('"sample":"');
});

test('a replaced model keeps its entry, is told of, and moves when asked to', async () => {
  const project = projectWith(checkpoint('dream.safetensors'), lora('ink.safetensors'));
  project.put('models/checkpoints/dream.safetensors', 'weights');
  project.put('models/loras/ink.safetensors', 'ink');
  await lock(project);
  project.put('models/checkpoints/dream.safetensors', 'WEIGHTS');
  project.put('models/loras/ink.safetensors', 'INK');
  const kept = await lock(project);
  expect(kept.written).toBe(false);
  expect(kept.drift.map(({ text }) => text)).toEqual([
    "checkpoint dream.safetensors: other content than the lock's",
    "LoRA ink.safetensors: other content than the lock's",
  ]);
  const moved = await lock(project, { update: ['dream'] });
  expect(moved.changes).toEqual([{ section: 'models', key: 'checkpoints/dream.safetensors', change: 'changed' }]);
  expect(moved.drift.map(({ subject }) => subject)).toEqual(['loras/ink.safetensors']);
});

test('a name to update that means nothing is refused', async () => {
  const project = projectWith(checkpoint('dream.safetensors'));
  await lock(project);
  await expect(lock(project, { update: ['typo'] })).rejects.toMatchObject({ code: 'usage' });
});

test('a missing model is written as missing, completed when it comes, and dropped with its workflow', async () => {
  const project = projectWith(checkpoint('dream.safetensors'));
  await lock(project);
  expect(project.read('comfy.lock')).toContain('digest: missing');
  project.put('models/checkpoints/dream.safetensors', 'weights');
  await lock(project);
  expect(project.read('comfy.lock')).toContain(sha256('weights'));
  project.git('rm', '--cached', '--quiet', 'workflows/portrait.json');
  await lock(project);
  expect(project.read('comfy.lock')).not.toContain('dream');
});

test('of two roots the one that ComfyUI would load is hashed, links are followed', async () => {
  const project = projectWith(checkpoint('both.safetensors'), checkpoint('linked.safetensors'));
  project.put('extra/ck/both.safetensors', 'extra');
  project.put('models/checkpoints/both.safetensors', 'own');
  project.put(
    'extra_model_paths.yaml',
    `a:\n  base_path: ${project.comfy}/extra\n  is_default: true\n  checkpoints: ck\n`,
  );
  const target = join(temporaryFolder(), 'target');
  writeFileSync(target, 'elsewhere');
  symlinkSync(target, join(project.comfy, 'models/checkpoints/linked.safetensors'));
  const { lock: locked } = await lock(project);
  expect(locked.models.get('checkpoints/both.safetensors')?.digest).toBe(sha256('extra'));
  expect(locked.models.get('checkpoints/linked.safetensors')?.digest).toBe(sha256('elsewhere'));
});

test('embeddings in prompt texts and tiny autoencoders are locked', async () => {
  const project = projectWith(
    ['CLIPTextEncode', { text: 'a cat, (embedding:easyneg:1.2)', clip: ['1', 1] }],
    ['VAELoader', { vae_name: 'taesd' }],
  );
  project.put('models/embeddings/sub/easyneg.pt', 'neg');
  project.put('models/vae_approx/taesd_encoder.pth', 'enc');
  project.put('models/vae_approx/taesd_decoder.safetensors', 'dec');
  const { models } = (await lock(project)).lock;
  expect([...models].map(([key, { digest }]) => [key, digest])).toEqual([
    ['vae_approx/taesd_encoder', sha256('enc')],
    ['vae_approx/taesd_decoder', sha256('dec')],
    ['embeddings/easyneg', sha256('neg')],
  ]);
});

test('names that leave their folder are not looked at and not locked', async () => {
  const project = projectWith(checkpoint('../../../etc/passwd'), image('/etc/hostname'), image('../secret.png'));
  const { lock: locked } = await lock(project);
  expect(locked.models.size).toBe(0);
  expect(locked.inputs.size).toBe(0);
});

test('a model of an unknown class is found by the folders on disk, and marked as a guess where none has it', async () => {
  const project = projectWith(['FaceDetector', { model: 'face.pt', other: 'nowhere.safetensors' }]);
  project.put('models/ultralytics/face.pt', 'face');
  project.put('models/upscale_models/face.pt', 'face');
  const { models } = (await lock(project)).lock;
  expect(models.get('upscale_models/face.pt')).toMatchObject({ digest: sha256('face') });
  expect(models.get('unknown/nowhere.safetensors')).toEqual({ digest: 'missing', guess: true });
});

test('a pack is locked by commit, address and edits', async () => {
  const project = makeProject();
  const workflow = {
    nodes: [{ id: 1, type: 'ImpactNode', properties: { cnr_id: 'impact' }, inputs: [], outputs: [] }],
    links: [],
    version: 0.4,
    last_node_id: 1,
  };
  project.write('w.json', JSON.stringify(workflow));
  project.git('add', '.');
  const pack = project.clone(
    'custom_nodes/Impact',
    { '__init__.py': 'code' },
    'https://ada:token@github.com/l/Impact.git',
  );
  const { packs } = (await lock(project)).lock;
  expect(packs.get('Impact')).toEqual({
    repository: 'https://github.com/l/Impact.git',
    branch: 'main',
    commit: pack.git('rev-parse', 'HEAD'),
  });
  expect(project.read('comfy.lock')).not.toContain('token');
  pack.write('__init__.py', 'edited');
  expect((await lock(project)).drift.map(({ text }) => text)).toEqual([
    "pack Impact: edited locally, other than the lock's",
  ]);
  pack.commit({ '__init__.py': 'next' });
  expect((await lock(project)).drift.map(({ code }) => code)).toEqual(['pack-moved']);
  expect((await lock(project, { update: ['Impact'] })).drift).toEqual([]);
});

test('what is staged and what stands in the work tree are both covered', async () => {
  const project = projectWith(checkpoint('staged.safetensors'));
  project.write('workflows/portrait.json', promptOf(checkpoint('edited.safetensors')));
  const { models } = (await lock(project)).lock;
  expect([...models.keys()].sort()).toEqual(['checkpoints/edited.safetensors', 'checkpoints/staged.safetensors']);
});

test('.comfyignore keeps a workflow out, upper and lower case differ', async () => {
  const project = projectWith(checkpoint('dream.safetensors'));
  project.write('.comfyignore', 'workflows/Portrait.json\n');
  expect((await lock(project)).lock.workflows.size).toBe(1);
  project.write('.comfyignore', 'workflows/portrait.json\n');
  expect((await lock(project)).lock.workflows.size).toBe(0);
});

test('a damaged workflow is told of and stops nothing', async () => {
  const project = projectWith(checkpoint('dream.safetensors'));
  project.write('broken.json', '{"nodes": [');
  project.git('add', '.');
  const said: string[] = [];
  const { lock: locked } = await lock(project, { talk: { ...quiet, say: (line) => said.push(line) } });
  expect(locked.workflows.size).toBe(1);
  expect(said.filter((line) => line.includes('broken.json'))).toHaveLength(1);
});

test('a lock of a newer version is left alone', async () => {
  const project = projectWith(checkpoint('dream.safetensors'));
  project.write('comfy.lock', 'lockfileVersion: 2\n');
  await expect(lock(project)).rejects.toMatchObject({ code: 'lock-newer' });
  expect(readFileSync(join(project.path, 'comfy.lock'), 'utf8')).toBe('lockfileVersion: 2\n');
});

test('a repository without workflows gets no lock', async () => {
  const project = makeProject();
  expect((await lock(project)).written).toBe(false);
});
