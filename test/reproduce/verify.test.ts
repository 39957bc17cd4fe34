import { expect, test } from 'vitest';
import { lockRepository } from '../../src/capture/lock.js';
import { verify } from '../../src/reproduce/verify.js';
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

async function lockedProject(): Promise<ComfyProject> {
  const project = makeProject();
  project.put('models/checkpoints/dream.safetensors', 'weights');
  project.put('models/loras/ink.safetensors', 'ink');
  project.put('input/pose.png', 'pose');
  project.write('portrait.json', promptOf(checkpoint('dream.safetensors'), lora('ink.safetensors'), image('pose.png')));
  project.git('add', '.');
  await lockRepository(await project.open(), { around: await project.around(), signal, talk: quiet });
  project.git('add', '.');
  project.git('commit', '--quiet', '-m', 'locked');
  return project;
}

const verified = async (project: ComfyProject, asked?: string) =>
  verify(await project.open(), asked, { around: await project.around(), signal, talk: quiet, cwd: project.path });

const rows: [string, (project: ComfyProject) => void, string[], string][] = [
  ['nothing', () => {}, [], 'full'],
  [
    'a replaced checkpoint',
    (project) => project.put('models/checkpoints/dream.safetensors', 'WEIGHTS'),
    ["checkpoint dream.safetensors: other content than the lock's"],
    'partial',
  ],
  [
    'a renamed LoRA',
    (project) => {
      project.remove('models/loras/ink.safetensors');
      project.put('models/loras/tidy/ink v2.safetensors', 'ink');
    },
    ['LoRA ink.safetensors: not under this name, its content is loras/tidy/ink v2.safetensors'],
    'full',
  ],
  [
    'a replaced checkpoint that is still there under another name',
    (project) => {
      project.put('models/checkpoints/dream.safetensors', 'WEIGHTS');
      project.put('models/checkpoints/old/dream.safetensors', 'weights');
    },
    ['checkpoint dream.safetensors: another file has this name now, its content is checkpoints/old/dream.safetensors'],
    'full',
  ],
  [
    'a model moved to the wrong folder',
    (project) => {
      project.remove('models/loras/ink.safetensors');
      project.put('models/checkpoints/ink.safetensors', 'ink');
    },
    ['LoRA ink.safetensors: no such file in any model folder; the same content is checkpoints/ink.safetensors'],
    'partial',
  ],
  [
    'an edited input',
    (project) => project.put('input/pose.png', 'POSE'),
    ["input pose.png: other content than the lock's"],
    'partial',
  ],
  ['a missing input', (project) => project.remove('input/pose.png'), ['input pose.png: no such file'], 'partial'],
  [
    'an updated ComfyUI',
    (project) => project.put('comfyui_version.py', '__version__ = "0.9.0"\n'),
    ["ComfyUI: the lock's is 0.8.0, here it is 0.9.0"],
    'approximate',
  ],
];

test.each(rows)('%s', async (_, change, texts, grade) => {
  const project = await lockedProject();
  change(project);
  const found = await verified(project);
  expect(found.differences.map(({ text }) => text)).toEqual(texts);
  expect(found.grade).toBe(grade);
  expect(found.same).toBe(texts.length === 0);
});

test('packs are compared too, without a server that says whose classes they are', async () => {
  const project = makeProject();
  const node = { id: 1, type: 'ImpactNode', properties: { aux_id: 'l/Impact' }, inputs: [], outputs: [] };
  project.write('w.json', JSON.stringify({ nodes: [node], links: [], version: 0.4, last_node_id: 1 }));
  project.git('add', '.');
  const pack = project.clone('custom_nodes/Impact', { '__init__.py': 'code' }, 'git@github.com:l/Impact.git');
  await lockRepository(await project.open(), { around: await project.around(), signal, talk: quiet });
  expect((await verified(project)).differences).toEqual([]);
  pack.write('__init__.py', 'edited');
  expect((await verified(project)).differences.map(({ code }) => code)).toEqual(['pack-edited']);
  project.remove('custom_nodes/Impact');
  expect((await verified(project)).differences.map(({ code }) => code)).toEqual(['pack-missing']);
});

test('a run can use renamed models under the name that they have now', async () => {
  const project = await lockedProject();
  project.remove('models/loras/ink.safetensors');
  project.put('models/loras/new.safetensors', 'ink');
  expect([...(await verified(project)).renamed]).toEqual([['loras/ink.safetensors', 'new.safetensors']]);
});

test('a commit is verified by its own lock', async () => {
  const project = await lockedProject();
  project.put('models/checkpoints/dream.safetensors', 'WEIGHTS');
  const locking = { around: await project.around(), signal, talk: quiet, update: 'all' as const };
  await lockRepository(await project.open(), locking);
  expect((await verified(project)).same).toBe(true);
  expect((await verified(project, 'HEAD')).same).toBe(false);
});

test.each([
  ['no lock', (project: ComfyProject) => project.git('rm', '--quiet', 'comfy.lock'), undefined, 'no-lock'],
  ['no such target', () => {}, 'nonsense', 'no-such-target'],
  ['an output without a record', () => {}, 'portrait.json', 'no-record'],
])('%s cannot be verified', async (_, change, asked, code) => {
  const project = await lockedProject();
  change(project);
  await expect(verified(project, asked)).rejects.toMatchObject({ code });
});

test('without any ComfyUI there is nothing to compare with', async () => {
  const project = await lockedProject();
  const { cache } = await project.around();
  const work = verify(await project.open(), undefined, { around: { cache }, signal, talk: quiet, cwd: project.path });
  await expect(work).rejects.toMatchObject({ code: 'no-comfyui' });
});
