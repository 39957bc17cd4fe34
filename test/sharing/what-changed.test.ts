import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { recordRun } from '../../src/capture/record-run.js';
import { run } from '../../src/cli.js';
import type { Dependencies } from '../../src/lock/entries.js';
import { type ComfyProject, makeProject } from '../support/comfy-project.js';
import { captured } from '../support/context.js';
import { madePicture, runFacts } from '../support/run-facts.js';

const entry = (content: string) => ({
  digest: `sha256:${createHash('sha256').update(content).digest('hex')}` as const,
  size: content.length,
});

const dependencies: Dependencies = {
  models: new Map([
    ['checkpoints/dream.safetensors', entry('weights')],
    ['loras/ink.safetensors', entry('ink')],
  ]),
  packs: new Map(),
  inputs: new Map(),
  classes: new Map(),
};

/** A recorded picture, `p.png`, and the models as they were. */
async function recordedProject(): Promise<ComfyProject> {
  const project = makeProject();
  project.put('models/checkpoints/dream.safetensors', 'weights');
  project.put('models/loras/ink.safetensors', 'ink');
  project.git('commit', '--quiet', '-m', 'start');
  const bytes = madePicture(3);
  const outputs = [{ name: 'p.png', node: '9', index: 0, bytes }];
  await recordRun(await project.open(), runFacts({}, { outputs, dependencies, environment: {} }));
  project.write('p.png', bytes);
  return project;
}

/** No server answers there. */
const nowhere = { GIT_COMFY_SERVER: 'http://127.0.0.1:1' };

async function today({ path }: ComfyProject): Promise<{ changed: string[]; unchecked: string[] }> {
  const { context, out } = captured(path, { env: { ...process.env, ...nowhere } });
  await run(context, ['show', 'p.png', '--json']);
  const found = JSON.parse(out()).result.today;
  return { changed: found.differences.map(({ text }: { text: string }) => text), unchecked: found.unchecked };
}

test('nothing has changed', async () => {
  expect((await today(await recordedProject())).changed).toEqual([]);
});

test('a replaced checkpoint is named, a renamed LoRA is found by its content', async () => {
  const project = await recordedProject();
  project.put('models/checkpoints/dream.safetensors', 'WEIGHTS');
  project.remove('models/loras/ink.safetensors');
  project.put('models/loras/tidy/ink.safetensors', 'ink');
  expect((await today(project)).changed).toEqual([
    "checkpoint dream.safetensors: other content than the record's",
    'LoRA ink.safetensors: not under this name, its content is loras/tidy/ink.safetensors',
  ]);
});

test('what could not be looked at is said, not claimed', async () => {
  expect((await today(await recordedProject())).unchecked).toEqual([
    'environment: not checked here, no server answers',
  ]);
});

test('without any ComfyUI it is said how to name one', async () => {
  const project = await recordedProject();
  project.git('config', '--unset', 'comfy.directory');
  const { changed, unchecked } = await today(project);
  expect(changed).toEqual([]);
  expect(unchecked[0]).toContain('no ComfyUI was found here');
});

test('a ComfyUI folder that is none hinders nothing', async () => {
  const project = await recordedProject();
  project.git('config', 'comfy.directory', '/no/such/folder');
  expect((await today(project)).unchecked[0]).toContain('comfy.directory');
});
