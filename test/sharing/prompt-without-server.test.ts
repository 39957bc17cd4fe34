import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { promptCommand } from '../../src/commands/prompt.js';
import { captured } from '../support/context.js';
import { makeRepository, type TestRepository } from '../support/git.js';
import { closedPort, handMade, simulated } from '../support/simulated.js';
import { smallWorkflow } from '../support/workflow.js';

async function prompt({ path }: TestRepository, options: Record<string, string>) {
  const { context, err } = captured(path);
  const { text } = await promptCommand.run(context, { args: ['a.json'], options });
  return { prompt: JSON.parse(text), err: err() };
}

test('what a server said is kept for all work trees, and used when none answers', async () => {
  const repository = makeRepository();
  repository.commit({ 'a.json': smallWorkflow({ steps: 33 }) });
  const { url } = await simulated({ 'models/checkpoints/dreamshaper_8.safetensors': 'x' });
  const asked = await prompt(repository, { server: url });
  const kept = JSON.parse(readFileSync(join(repository.path, '.git/comfy/cache/object_info.json'), 'utf8'));
  expect(Object.keys(kept.classes)).toEqual(['CheckpointLoaderSimple', 'KSampler']);
  const linked = `${repository.path}-linked`;
  repository.git('worktree', 'add', '--quiet', linked);
  const again = await prompt({ ...repository, path: linked }, { server: await closedPort() });
  expect(again.prompt).toEqual(asked.prompt);
  expect(again.err).toContain('no server answers: nodes are taken as');
});

test('what is kept does not know every class: the missing server is the news', async () => {
  const repository = makeRepository();
  repository.commit({ 'a.json': smallWorkflow() });
  repository.write('.git/comfy/cache/object_info.json', '{"server":"x","classes":{"KSampler":{"input":{}}}}');
  await expect(prompt(repository, { server: await closedPort() })).rejects.toMatchObject({ code: 'no-server' });
  repository.write('.git/comfy/cache/object_info.json', '{"server":');
  await expect(prompt(repository, { server: await closedPort() })).rejects.toMatchObject({ code: 'no-server' });
});

const lock = (widgets: string) => `lockfileVersion: 1
classes:
  CheckpointLoaderSimple:
    interface: "0000000000000000"
    widgets:
      - ckpt_name
  KSampler:
    interface: "0000000000000000"
    widgets:
${widgets
  .split(' ')
  .map((name) => `      - ${name}\n`)
  .join('')}`;

test('the names of the lock are enough where every value stands in the file', async () => {
  const repository = makeRepository();
  repository.commit({
    'a.json': smallWorkflow({ steps: 33 }),
    'comfy.lock': lock('seed control_after_generate steps'),
  });
  const { prompt: made, err } = await prompt(repository, { server: await closedPort() });
  expect(made['2'].inputs).toEqual({ seed: 7, steps: 33, model: ['1', 0] });
  expect(made['1'].inputs).toEqual({ ckpt_name: 'dreamshaper_8.safetensors' });
  expect(err).toContain('comfy.lock');
});

test('a value that the file lacks, or a text that the class may resolve, needs more than names', async () => {
  const server = await closedPort();
  const repository = makeRepository();
  repository.commit({ 'a.json': smallWorkflow(), 'comfy.lock': lock('seed control_after_generate steps cfg') });
  await expect(prompt(repository, { server })).rejects.toMatchObject({ code: 'interface-needed' });
  repository.write('a.json', smallWorkflow().replace('dreamshaper_8', '{a|b}'));
  repository.write('comfy.lock', lock('seed control_after_generate steps'));
  await expect(prompt(repository, { server })).rejects.toMatchObject({ code: 'interface-needed' });
});

test('where the workflow does not name the pack of a class, ComfyUI-Manager on the server is asked', async () => {
  const repository = makeRepository();
  repository.commit({ 'a.json': '{"version":0.4,"nodes":[{"id":1,"type":"DetailFace"}],"links":[]}' });
  const server = await handMade((request, response) => {
    const answers: Record<string, unknown> = {
      '/system_stats': { system: { comfyui_version: '0.8.0' }, devices: [] },
      '/object_info/DetailFace': {},
      '/customnode/getmappings?mode=local': { 'https://example.org/impact': [['DetailFace'], { title: 'Impact' }] },
    };
    const answer = answers[(request.url ?? '').replace(/^\/api/, '')];
    response
      .writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer ?? {}));
  });
  await expect(prompt(repository, { server })).rejects.toMatchObject({
    code: 'unknown-node-type',
    message: 'the server has no node type for DetailFace #1 (pack https://example.org/impact)',
    hint: 'install the pack: git clone https://example.org/impact into custom_nodes',
  });
});
