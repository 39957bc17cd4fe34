import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockRepository } from '../../src/capture/lock.js';
import { observeInputs } from '../../src/capture/observe-inputs.js';
import { readLock } from '../../src/lock/lockfile.js';
import { verifyDependencies } from '../../src/reproduce/verify-dependencies.js';
import { type ComfyProject, checkpoint, makeProject, promptOf, quiet, signal } from '../support/comfy-project.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

async function lock(project: ComfyProject, update?: 'all') {
  const around = await project.around();
  const options = { around, signal, talk: quiet, ...(update === undefined ? {} : { update }) };
  return lockRepository(await project.open(), options);
}

async function verify(project: ComfyProject) {
  const around = await project.around();
  const { differences } = await verifyDependencies(readLock(project.read('comfy.lock')), "the lock's", {
    around,
    signal,
    talk: quiet,
  });
  return differences.map(({ code, worst }) => `${code} ${worst}`);
}

const loader = (id: number, name: string, more: object = {}) => ({
  id,
  type: 'CheckpointLoaderSimple',
  inputs: [],
  outputs: [],
  widgets_values: [name],
  ...more,
});

function projectOf(...nodes: object[]): ComfyProject {
  const project = makeProject();
  save(project, ...nodes);
  return project;
}

function save(project: ComfyProject, ...nodes: object[]): void {
  project.write('w.json', JSON.stringify({ version: 0.4, nodes, links: [] }));
  project.git('add', '.');
}

test('a model that only muted nodes name is locked as not executed, and its absence spoils nothing', async () => {
  const project = projectOf(loader(1, 'a.safetensors'), loader(2, 'b.safetensors', { mode: 2 }));
  project.put('models/checkpoints/a.safetensors', 'a');
  await lock(project);
  expect(project.read('comfy.lock')).toContain(`  checkpoints/b.safetensors:
    digest: missing
    executed: false
`);
  expect(await verify(project)).toEqual([]);
  project.put('models/checkpoints/b.safetensors', 'b');
  await lock(project);
  project.put('models/checkpoints/b.safetensors', 'another');
  expect(await verify(project)).toEqual(['model-not-executed full']);
  project.remove('models/checkpoints/b.safetensors');
  save(project, loader(1, 'a.safetensors'), loader(2, 'b.safetensors'));
  await lock(project);
  expect(project.read('comfy.lock')).not.toContain('executed');
  expect(await verify(project)).toEqual(['model-missing partial']);
});

test('the address and the hash that a workflow names are a source and a check', async () => {
  const models = [
    { name: 'a.safetensors', url: 'https://example.org/a.safetensors?token=1', hash: sha256('published') },
  ];
  const project = projectOf(loader(1, 'a.safetensors', { properties: { models } }));
  project.put('models/checkpoints/a.safetensors', 'another');
  const { drift } = await lock(project);
  expect(drift.map(({ code }) => code)).toEqual(['model-unlike-named']);
  expect(readLock(project.read('comfy.lock')).models.get('checkpoints/a.safetensors')).toEqual({
    digest: `sha256:${sha256('another')}`,
    size: 7,
    sources: ['https://example.org/a.safetensors'],
  });
  project.put('models/checkpoints/a.safetensors', 'published');
  expect((await lock(project, 'all')).drift).toEqual([]);
});

test('of several files of one name the one that ComfyUI loads is locked, and the hidden one told', async () => {
  const project = makeProject();
  project.write('w.json', promptOf(checkpoint('a.safetensors')));
  project.git('add', '.');
  project.put('extra_model_paths.yaml', 'more:\n  base_path: more\n  is_default: true\n  checkpoints: ckpts\n');
  project.put('models/checkpoints/a.safetensors', 'built-in');
  project.put('more/ckpts/a.safetensors', 'default');
  const { drift } = await lock(project);
  expect(readLock(project.read('comfy.lock')).models.get('checkpoints/a.safetensors')?.digest).toBe(
    `sha256:${sha256('default')}`,
  );
  const [first, second] = ['more/ckpts', 'models/checkpoints'].map((root) =>
    join(project.comfy, root, 'a.safetensors'),
  );
  expect(drift.map(({ text }) => text)).toEqual([
    `checkpoint a.safetensors: ComfyUI loads ${first}, which hides ${second}`,
  ]);
  expect(project.read('comfy.lock')).not.toContain(project.comfy);
  expect(await verify(project)).toEqual(['model-shadowed full']);
});

test('two names of one file hide nothing', async () => {
  const project = makeProject();
  project.write('w.json', promptOf(checkpoint('a.safetensors')));
  project.git('add', '.');
  project.put('models/checkpoints/a.safetensors', 'one');
  project.put('output/checkpoints/other', '');
  linkSync(
    join(project.comfy, 'models/checkpoints/a.safetensors'),
    join(project.comfy, 'output/checkpoints/a.safetensors'),
  );
  expect((await lock(project)).drift).toEqual([]);
});

test('a model that is a folder is all its files, links into a cache followed', async () => {
  const project = makeProject();
  project.write('w.json', promptOf(['DiffusersLoader', { model_path: 'sdxl' }]));
  project.git('add', '.');
  project.put('models/diffusers/sdxl/model_index.json', '{}');
  project.put('cache/blob', 'weights');
  mkdirSync(join(project.comfy, 'models/diffusers/sdxl/unet'));
  symlinkSync(join(project.comfy, 'cache/blob'), join(project.comfy, 'models/diffusers/sdxl/unet/model.safetensors'));
  await lock(project);
  const lines = `100644 ${sha256('{}')} model_index.json\n100644 ${sha256('weights')} unet/model.safetensors\n`;
  expect(readLock(project.read('comfy.lock')).models.get('diffusers/sdxl')).toEqual({
    digest: `sha256:${sha256(lines)}`,
    size: 9,
  });
  project.put('cache/blob', 'weightz');
  expect(await verify(project)).toEqual(['model-changed partial']);
});

test('an input may be a folder of frames', async () => {
  const project = makeProject();
  project.write('w.json', promptOf(['VHS_LoadImages', { directory: 'frames' }]));
  project.git('add', '.');
  project.put('input/frames/1.png', 'one');
  await lock(project);
  project.put('input/frames/2.png', 'two');
  expect(await verify(project)).toEqual(['input-changed partial']);
});

test('a LoRA that a text names is locked by the file that packs would load', async () => {
  const project = makeProject();
  project.write('w.json', promptOf(['ImpactWildcardEncode', { wildcard_text: 'x <lora:ink:0.8>' }]));
  project.git('add', '.');
  project.put('models/loras/style/ink.safetensors', 'ink');
  await lock(project);
  expect(readLock(project.read('comfy.lock')).models.get('loras/ink')).toMatchObject({
    digest: `sha256:${sha256('ink')}`,
  });
});

test('an input that is guessed is marked, and a certain one no longer', async () => {
  const project = makeProject();
  const write = (...nodes: Parameters<typeof promptOf>) => {
    project.write('w.json', promptOf(...nodes));
    project.git('add', '.');
  };
  project.put('input/x.psd', 'layers');
  write(['LayerUtility: LoadPSD', { image: 'x.psd' }]);
  await lock(project);
  expect(project.read('comfy.lock')).toContain(`  x.psd:
    digest: sha256:${sha256('layers')}
    guess: true
`);
  write(['LayerUtility: LoadPSD', { image: 'x.psd' }], ['LoadImage', { image: 'x.psd' }]);
  await lock(project);
  expect(project.read('comfy.lock')).not.toContain('guess');
});

test('a small folder of frames is hashed whatever the time, and a state can hold it', async () => {
  const project = makeProject();
  project.put('input/frames/1.png', 'one');
  const { installation, cache } = await project.around();
  if (installation === undefined) throw new Error('no ComfyUI');
  const seen = await observeInputs(['frames', 'gone', 'models/../../main.py'], installation, {
    cache,
    signal,
    talk: quiet,
    budgetMs: 0,
  });
  expect(Object.fromEntries(seen)).toEqual({
    frames: { digest: `sha256:${sha256(`100644 ${sha256('one')} 1.png\n`)}` },
    gone: { digest: 'missing' },
    'models/../../main.py': { digest: 'missing' },
  });
});

test('an embedding in several folders is told, since ComfyUI may take any', async () => {
  const project = makeProject();
  project.write('w.json', promptOf(['CLIPTextEncode', { text: 'embedding:neg' }]));
  project.git('add', '.');
  project.put('models/embeddings/neg.pt', 'one');
  project.put('models/embeddings/style/neg.safetensors', 'two');
  const [found] = (await lock(project)).drift;
  expect(found).toMatchObject({ code: 'model-ambiguous', subject: 'embeddings/neg' });
  expect(found?.text).toMatch(
    /the name may mean \S+embeddings\/neg\.pt, which is locked, or \S+style\/neg\.safetensors$/,
  );
});

test('ComfyUI itself is locked by commit, version, branch and edits, and each of them is seen to move', async () => {
  const project = makeProject();
  project.write('w.json', promptOf(checkpoint('a.safetensors')));
  project.git('add', '.');
  project.put('models/checkpoints/a.safetensors', 'a');
  const clone = project.clone(
    '.',
    { 'nodes.py': 'one\n', '.gitignore': '/models/\n/custom_nodes/\n/input/\n/output/\n' },
    'https://github.com/Comfy-Org/ComfyUI.git',
  );
  clone.git('add', '.');
  clone.git('commit', '--quiet', '-m', 'all');
  await lock(project);
  expect(readLock(project.read('comfy.lock')).comfyui).toEqual({
    repository: 'https://github.com/Comfy-Org/ComfyUI.git',
    branch: 'main',
    commit: clone.git('rev-parse', 'HEAD'),
    version: '0.8.0',
  });
  clone.write('nodes.py', 'edited\n');
  expect(await verify(project)).toEqual(['comfyui-edited approximate']);
  clone.commit({ 'nodes.py': 'two\n' });
  expect(await verify(project)).toEqual(['comfyui-moved approximate']);
});
