// Ctrl-C while a model comes in, and while a pack is checked out.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockRepository } from '../../src/capture/lock.js';
import { runProgram } from '../support/build.js';
import { makeProject, projectWithoutModel, quiet, signal } from '../support/comfy-project.js';
import { modelServer } from '../support/model-server.js';
import { gitThatHangsAt, interrupt, leftovers, senders, start, until } from '../support/processes.js';

const weights = Buffer.alloc(200_000, 'weights ');
const env = { GIT_COMFY_SERVER: 'http://127.0.0.1:9' };

test.each(senders)('Ctrl-C (%s) while a model is fetched: the part stays, and the next run goes on', async (sender) => {
  const { url, asked } = await modelServer({ '/ink.safetensors': weights }, (_, response, turn) => {
    if (turn > 1) return false;
    response.writeHead(200, { 'content-length': weights.length });
    response.write(weights.subarray(0, 100_000));
    return true;
  });
  const project = await projectWithoutModel(url, weights);
  const folder = join(project.comfy, 'models/loras');
  const running = start(project.path, ['provide'], env);
  const sizes = () => readdirSync(folder).map((name) => readFileSync(join(folder, name)).length);
  await until(() => sizes()[0] === 100_000);
  await interrupt(running, sender);
  const part = `git-comfy-${createHash('sha256').update(weights).digest('hex').slice(0, 24)}.part`;
  expect(readdirSync(folder)).toEqual([part]);
  expect(await runProgram(project.path, ['provide'], env)).toMatchObject({ code: 0 });
  expect(asked.map(({ range }) => range)).toEqual([undefined, 'bytes=100000-']);
  expect(readdirSync(folder)).toEqual(['ink.safetensors']);
});

test('Ctrl-C while a pack is checked out leaves nothing of it', async () => {
  const project = makeProject();
  const node = { id: 1, type: 'ImpactNode', properties: { aux_id: 'l/Impact' }, inputs: [], outputs: [] };
  project.write('w.json', JSON.stringify({ nodes: [node], links: [], version: 0.4, last_node_id: 1 }));
  project.git('add', '.');
  const pack = project.clone('custom_nodes/Impact', { '__init__.py': 'then' }, 'https://github.com/l/Impact');
  await lockRepository(await project.open(), { around: await project.around(), signal, talk: quiet });
  pack.commit({ '__init__.py': 'now' });
  const hanging = gitThatHangsAt('repack');
  const running = start(project.path, ['provide', '--yes'], { ...env, ...hanging.env });
  await hanging.reached();
  await interrupt(running);
  expect(readdirSync(join(project.path, '.git/comfy/packs'))).toEqual([]);
  expect(leftovers(project)).toEqual([]);
  expect(await runProgram(project.path, ['provide'], env)).toMatchObject({ code: 0 });
});
