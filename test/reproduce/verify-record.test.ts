import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findSurroundings } from '../../src/capture/surroundings.js';
import { verify } from '../../src/reproduce/verify.js';
import { quiet, signal } from '../support/comfy-project.js';
import type { TestRepository } from '../support/git.js';
import { runAndRecord } from '../support/recorded-run.js';
import { startComfy, type TestComfy } from '../support/simulator.js';
import { makeWorkflowRepository } from '../support/workflow-repository.js';

const prompt = JSON.stringify({
  '1': { class_type: 'LoadImage', inputs: { image: 'pose.png' } },
  '2': { class_type: 'UpscaleModelLoader', inputs: { model_name: 'up.safetensors' } },
  '3': { class_type: 'EmptyImage', inputs: { width: 8, height: 8, batch_size: 1, color: 7 } },
  '4': { class_type: 'SaveImage', inputs: { images: ['3', 0], filename_prefix: 'x' } },
});

interface Scene {
  readonly repository: TestRepository;
  readonly comfy: TestComfy;
}

async function scene(): Promise<Scene> {
  const comfy = await startComfy({ 'models/upscale_models/up.safetensors': 'weights', 'input/pose.png': 'pose' });
  const repository = makeWorkflowRepository();
  repository.commit({ 'workflows/w.json': prompt });
  const bytes = await runAndRecord(await repository.open(), comfy.url, prompt);
  repository.write('moved and renamed.png', bytes);
  return { repository, comfy };
}

async function verified({ repository, comfy }: Scene, withServer = true, asked = 'moved and renamed.png') {
  const opened = await repository.open();
  repository.git('config', 'comfy.directory', comfy.base);
  const server = withServer ? { url: comfy.url } : undefined;
  const around = await findSurroundings(opened, { cwd: repository.path, env: process.env, server, signal });
  return verify(opened, asked, { around, signal, talk: quiet, cwd: repository.path });
}

test('nothing has changed since the run', async () => {
  const found = await verified(await scene());
  expect(found.differences).toEqual([]);
  expect(found.grade).toBe('full');
});

test('an output is known by the first digits of its hash, wherever its file is', async () => {
  const made = await scene();
  const digest = createHash('sha256').update(readFileSync(join(made.repository.path, 'moved and renamed.png')));
  const digits = digest.digest('hex').slice(0, 12);
  expect(await verified(made, true, digits)).toMatchObject({
    subject: `the record of output ${digits}`,
    grade: 'full',
  });
  await expect(verified(made, true, 'abcdef0123')).rejects.toMatchObject({ code: 'no-such-target' });
});

test('what was replaced since the run is told of, whatever a lock says', async () => {
  const made = await scene();
  made.comfy.write('models/upscale_models/up.safetensors', 'WEIGHTS');
  made.comfy.write('input/pose.png', 'POSE');
  const { differences, grade } = await verified(made);
  expect(differences.map(({ text }) => text)).toEqual([
    "upscaler up.safetensors: other content than the record's",
    "input pose.png: other content than the record's",
  ]);
  expect(grade).toBe('partial');
});

test('without a server environment and ComfyUI are not checked, and that is no difference', async () => {
  const found = await verified(await scene(), false);
  expect(found.differences.map(({ code }) => code)).toEqual(['comfyui-unchecked', 'environment-unchecked']);
  expect(found).toMatchObject({ grade: 'approximate', same: true });
});

test('an input that was moved is found by its content', async () => {
  const made = await scene();
  made.comfy.move('input/pose.png', 'input/refs/photo.png');
  const { differences, grade, same } = await verified(made);
  expect(differences.map(({ text }) => text)).toEqual([
    "input pose.png: no longer there, its content is refs/photo.png in ComfyUI's input folder",
  ]);
  expect({ grade, same }).toEqual({ grade: 'full', same: false });
});
