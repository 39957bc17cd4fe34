import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { recordCommand } from '../../src/commands/record.js';
import { statusCommand } from '../../src/commands/status.js';
import { statusOf } from '../../src/sharing/status.js';
import { type ComfyProject, checkpoint, makeProject, promptOf, quiet, signal } from '../support/comfy-project.js';
import { captured } from '../support/context.js';
import { madePicture, picture } from '../support/run-facts.js';
import { startComfy } from '../support/simulator.js';
import { smallWorkflow } from '../support/workflow.js';
import { makeWorkflowRepository, normalText } from '../support/workflow-repository.js';

const path = 'flows/a.json';
const steps = (count: number) => normalText(smallWorkflow({ steps: count }));

async function status(project: ComfyProject) {
  return statusOf(await project.open(), { around: await project.around(), signal, talk: quiet });
}

test('nothing changed, nothing drifted, nothing to record', async () => {
  const project = makeProject();
  project.commit({ [path]: promptOf() });
  expect(await status(project)).toMatchObject({
    changed: [],
    untracked: [],
    stale: [],
    drift: { differences: [], uncovered: [] },
    outputs: { looked: 0, unrecorded: [] },
  });
});

test('changed files in words, new ones by name', async () => {
  const project = makeProject();
  project.commit({ [path]: steps(20) });
  project.write(path, steps(30));
  project.write('flows/new.json', steps(1));
  const { changed, untracked, stale } = await status(project);
  expect(changed).toMatchObject([{ path, changes: [{ key: 'steps', before: 20, after: 30 }] }]);
  expect(untracked).toEqual(['flows/new.json']);
  expect(stale).toEqual([]);
});

test('what a merge left open is said, with what decides it', async () => {
  const project = makeProject();
  project.commit({ [path]: steps(20), 'comfy.lock': 'lockfileVersion: 1\n', 'notes.txt': 'a' });
  project.git('switch', '-q', '-c', 'theirs');
  project.commit({ [path]: steps(40), 'notes.txt': 'b' });
  project.git('switch', '-q', 'main');
  project.commit({ [path]: steps(30), 'notes.txt': 'c' });
  expect((await status(project)).unmerged).toEqual([]);
  expect(() => project.git('merge', '-q', 'theirs')).toThrow();
  expect((await status(project)).unmerged).toEqual([path]);
  const { context } = captured(project.path);
  const { text } = await statusCommand.run(context, { args: [], options: {} });
  expect(text).toContain(`${path}: a merge left it open (git comfy conflicts)`);
});

test('a file that equals an older commit may come from a stale tab', async () => {
  const project = makeProject();
  const old = project.commit({ [path]: steps(20) });
  project.commit({ [path]: steps(30) });
  project.write(path, smallWorkflow({ steps: 20, x: 999 }));
  expect((await status(project)).stale).toMatchObject([{ path, commit: old }]);
});

test('drift is told by what is known without hashing', async () => {
  const project = makeProject();
  project.put('models/checkpoints/a.safetensors', 'eleven byte');
  project.commit({
    [path]: promptOf(checkpoint('a.safetensors'), checkpoint('b.safetensors')),
    'comfy.lock': `lockfileVersion: 1\nmodels:\n  checkpoints/a.safetensors:\n    digest: sha256:${'0'.repeat(64)}\n    size: 99\n`,
  });
  const { drift } = await status(project);
  expect(drift.differences.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
    'model-changed checkpoints/a.safetensors',
  ]);
  expect(drift.uncovered).toEqual(['checkpoint b.safetensors']);
});

test('a damaged lock does not hide the rest', async () => {
  const project = makeProject();
  project.commit({ [path]: steps(20), 'comfy.lock': 'lockfileVersion: 99\n' });
  project.write(path, steps(30));
  const { drift, changed } = await status(project);
  expect(drift.notLookedAt).toContain('lockfileVersion 99');
  expect(changed).toHaveLength(1);
});

test('outputs that say how they were made and that no record knows', async () => {
  const project = makeProject();
  project.commit({ [path]: steps(20) });
  for (const name of ['known.png', 'sub/new.png']) project.put(`output/${name}`, madePicture(name.length));
  project.put('output/plain.png', picture(3));
  project.put('output/broken.png', 'not a picture');
  const args = [`${project.comfy}/output/known.png`];
  await recordCommand.run(captured(project.path).context, { args, options: {} });
  expect((await status(project)).outputs).toEqual({
    folder: `${project.comfy}/output`,
    looked: 4,
    unrecorded: ['sub/new.png'],
  });
});

test('what people read', async () => {
  const project = makeProject();
  project.commit({ [path]: steps(20) });
  project.write(path, steps(30));
  project.put('output/a.png', madePicture(5));
  const { text } = await statusCommand.run(captured(project.path).context, { args: [], options: {} });
  expect(text.split('\n').map((line) => line.trim())).toEqual([
    'workflows',
    path,
    'KSampler #2: steps 20 -> 30',
    'drift',
    'checkpoint dreamshaper_8.safetensors: not in the lock yet (git comfy lock)',
    'outputs',
    '1 output of the newest 1 not recorded yet:',
    `../../${relative(join(project.path, '../..'), join(project.comfy, 'output/a.png'))}`,
    expect.stringMatching(/^git comfy record .*a\.png$/),
  ]);
});

test('in a project of its own, a server that runs says where ComfyUI is', async () => {
  const { url } = await startComfy({ 'custom_nodes/readme.txt': '', 'models/checkpoints/a.safetensors': 'weights' });
  const repository = makeWorkflowRepository();
  repository.git('config', 'comfy.server', url);
  repository.commit({
    'workflows/a.json': promptOf(checkpoint('a.safetensors')),
    'comfy.lock': `lockfileVersion: 1\nmodels:\n  checkpoints/a.safetensors:\n    digest: sha256:${'0'.repeat(64)}\n    size: 99\n`,
  });
  const { context } = captured(repository.path);
  const { text } = await statusCommand.run(context, { args: [], options: {} });
  expect(text).toContain("checkpoint a.safetensors: other content than the lock's");
});
