import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { lockRepository } from '../../src/capture/lock.js';
import { observe } from '../../src/capture/observe.js';
import { findSurroundings } from '../../src/capture/surroundings.js';
import { needsOf } from '../../src/lock/needs.js';
import { openHashCache } from '../../src/models/hash-cache.js';
import { parseJson } from '../../src/workflow/json.js';
import { readPrompt } from '../../src/workflow/prompt.js';
import { checkpoint, promptOf, quiet, signal } from '../support/comfy-project.js';
import { repositoryAt, type TestRepository } from '../support/git.js';
import { makeBase } from '../support/simulated.js';
import { startComfy, type TestComfy } from '../support/simulator.js';
import { makeWorkflowRepository } from '../support/workflow-repository.js';

const grain = (inputs: Record<string, unknown>) =>
  JSON.stringify({
    Grain: {
      input: { required: { image: ['IMAGE'], ...inputs } },
      input_order: { required: ['image', ...Object.keys(inputs)] },
      output: ['IMAGE'],
      output_name: ['IMAGE'],
      name: 'Grain',
    },
  });
const strength = { strength: ['FLOAT', { default: 0.5 }] };

/** A server whose pack `folder` is a clone of one repository. */
async function comfyWithPack(folder = 'Grain-Pack', inputs: Record<string, unknown> = strength): Promise<TestComfy> {
  const comfy = await startComfy({
    'models/checkpoints/dream.safetensors': 'weights',
    [`custom_nodes/${folder}/simulated.json`]: grain(inputs),
    [`custom_nodes/${folder}/__init__.py`]: 'code',
  });
  const pack = repositoryAt(`${comfy.base}/custom_nodes/${folder}`);
  pack.git('init', '--quiet');
  pack.git('remote', 'add', 'origin', 'https://github.com/ada/grain-pack');
  pack.git('add', '.');
  pack.git('commit', '--quiet', '-m', 'pack', '--date=2026-01-01T00:00:00Z');
  return comfy;
}

function repositoryWithGrain(): TestRepository {
  const repository = makeWorkflowRepository();
  const nodes = [checkpoint('dream.safetensors'), ['Grain', { image: ['1', 0], strength: 0.5 }]] as const;
  repository.write('workflows/w.json', promptOf(...nodes));
  repository.git('add', '.');
  return repository;
}

async function lockWith(repository: TestRepository, comfy: TestComfy | undefined) {
  const opened = await repository.open();
  const server = comfy === undefined ? undefined : { url: comfy.url };
  const around = await findSurroundings(opened, { cwd: repository.path, env: process.env, server, signal });
  return lockRepository(opened, { around, signal, talk: quiet });
}

test('a server says the interface of every class, its widgets and its pack', async () => {
  const repository = repositoryWithGrain();
  const { lock } = await lockWith(repository, await comfyWithPack());
  expect(lock.classes.get('CheckpointLoaderSimple')).toMatchObject({ pack: 'comfyui', widgets: ['ckpt_name'] });
  expect(lock.classes.get('Grain')).toMatchObject({ pack: 'Grain-Pack', widgets: ['strength'] });
  expect(lock.packs.get('Grain-Pack')).toMatchObject({ repository: 'https://github.com/ada/grain-pack' });
});

test('a machine without any ComfyUI changes nothing of it', async () => {
  const repository = repositoryWithGrain();
  await lockWith(repository, await comfyWithPack());
  const text = repository.read('comfy.lock');
  expect((await lockWith(repository, undefined)).written).toBe(false);
  expect(repository.read('comfy.lock')).toBe(text);
});

test('a machine whose folder of the pack has another name does not fight over it', async () => {
  const repository = repositoryWithGrain();
  await lockWith(repository, await comfyWithPack());
  const other = await lockWith(repository, await comfyWithPack('grain_pack_main'));
  expect([...other.lock.packs.keys()]).toEqual(['Grain-Pack']);
  expect(other.lock.classes.get('Grain')?.pack).toBe('Grain-Pack');
  expect(other.changes).toEqual([]);
});

test('a class with another interface is told of and keeps its entry', async () => {
  const repository = repositoryWithGrain();
  await lockWith(repository, await comfyWithPack());
  const newer = await comfyWithPack('Grain-Pack', { ...strength, size: ['INT', { default: 1 }] });
  const { drift, changes } = await lockWith(repository, newer);
  expect(drift.map(({ text }) => text)).toContain("node Grain: other inputs than the lock's");
  expect(changes).toEqual([]);
});

test('a node that the server does not have is told of, whether the lock has seen it or not', async () => {
  const repository = repositoryWithGrain();
  const bare = await startComfy({ 'models/checkpoints/dream.safetensors': 'weights' });
  const told = async () => (await lockWith(repository, bare)).drift.map(({ text }) => text);
  expect(await told()).toEqual(['node Grain: the server does not have it']);
  await lockWith(repository, await comfyWithPack());
  expect(await told()).toContain('node Grain: the server does not have it');
});

test("a list of models does not count as a node's interface", async () => {
  const repository = repositoryWithGrain();
  const comfy = await comfyWithPack();
  await lockWith(repository, comfy);
  comfy.write('models/checkpoints/another.safetensors', 'more');
  expect((await lockWith(repository, comfy)).drift).toEqual([]);
});

test('of a server elsewhere only the names are known, and no hash is made up', async () => {
  const needs = needsOf(
    new Map([['w', readPrompt(parseJson(promptOf(checkpoint('sub/a.safetensors'), checkpoint('b.safetensors'))))]]),
  );
  const known = { folders: new Map([['checkpoints', ['sub\\a.safetensors']]]) };
  const { models, packs, comfyui } = await observe(needs, {
    known,
    version: '0.8.0',
    cache: await openHashCache(undefined),
    signal,
    talk: quiet,
  });
  expect([...models]).toEqual([
    ['checkpoints/sub/a.safetensors', { digest: 'unhashed' }],
    ['checkpoints/b.safetensors', { digest: 'missing' }],
  ]);
  expect(packs.size).toBe(0);
  expect(comfyui).toEqual({ version: '0.8.0' });
});

test('a server whose code is not found still says its version', async () => {
  const repository = repositoryWithGrain();
  const { lock } = await lockWith(repository, await comfyWithPack());
  expect(lock.comfyui).toEqual({ version: '0.8.0' });
});

test('a folder of another version is not taken for what the server runs', async () => {
  const repository = repositoryWithGrain();
  const comfy = await comfyWithPack();
  const other = makeBase({ 'main.py': '', 'folder_paths.py': '', 'comfyui_version.py': '__version__ = "0.3.64"' });
  repository.git('config', 'comfy.directory', other);
  const { lock } = await lockWith(repository, comfy);
  expect(lock.comfyui).toEqual({ version: '0.8.0' });
});

test('when the server is off, the folders that it last named count', async () => {
  const repository = repositoryWithGrain();
  const comfy = await comfyWithPack();
  await lockWith(repository, comfy);
  comfy.write('models/checkpoints/dream.safetensors', 'other weights');
  const { drift } = await lockWith(repository, undefined);
  expect(drift.map(({ code, subject }) => `${code} ${subject}`)).toContain(
    'model-changed checkpoints/dream.safetensors',
  );
});

test('folders of a server that are gone do not count, and a damaged memory is none', async () => {
  const repository = repositoryWithGrain();
  await lockWith(repository, await comfyWithPack());
  const path = join(repository.path, '.git/comfy/cache/folders.json');
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('custom_nodes', 'gone').replaceAll('checkpoints', 'gone'));
  const around = async () =>
    findSurroundings(await repository.open(), { cwd: repository.path, env: process.env, signal });
  expect(await around()).not.toHaveProperty('installation');
  writeFileSync(path, '{"folders": 7');
  expect(await around()).not.toHaveProperty('installation');
});

test('without a server, what it last said of a node tells the folder of a name that several folders hold', async () => {
  const repository = makeWorkflowRepository();
  repository.write('workflows/w.json', promptOf(['Grain', { face: 'b.safetensors' }]));
  repository.git('add', '.');
  const comfy = await comfyWithPack('Grain-Pack', { face: [['a.safetensors', 'b.safetensors']] });
  for (const path of ['gligen/a', 'gligen/b', 'loras/b', 'loras/c']) {
    mkdirSync(dirname(join(comfy.base, 'models', path)), { recursive: true });
    writeFileSync(join(comfy.base, 'models', `${path}.safetensors`), path);
  }
  expect([...(await lockWith(repository, comfy)).lock.models.keys()]).toEqual(['gligen/b.safetensors']);
  repository.write('comfy.lock', 'lockfileVersion: 1\n');
  const again = await lockWith(repository, undefined);
  expect(again.lock.models.get('gligen/b.safetensors')).not.toHaveProperty('guess');
});
