import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockRepository } from '../../src/capture/lock.js';
import { run } from '../../src/cli.js';
import { type ComfyProject, checkpoint, makeProject, promptOf, quiet, signal } from '../support/comfy-project.js';
import { captured } from '../support/context.js';

async function drifted(): Promise<ComfyProject> {
  const project = makeProject();
  project.put('models/checkpoints/dream.safetensors', 'weights');
  project.write('portrait.json', promptOf(checkpoint('dream.safetensors')));
  project.git('add', '.');
  await lockRepository(await project.open(), { around: await project.around(), signal, talk: quiet });
  project.git('add', '.');
  project.put('models/checkpoints/dream.safetensors', 'WEIGHTS');
  return project;
}

async function said(project: ComfyProject, ...words: string[]) {
  const { context, out, err } = captured(project.path);
  const code = await run(context, words);
  return { code, out: out(), err: err() };
}

test('verify annotates the line of the lock', async () => {
  const { code, out } = await said(await drifted(), 'verify', '--format', 'github');
  expect(out).toMatch(/^::error file=comfy\.lock,line=\d+,title=git comfy verify%3A model-changed::checkpoint dream/);
  expect(code).toBe(1);
});

test('check annotates what must not be merged', async () => {
  const project = await drifted();
  project.write('comfy.lock', project.read('comfy.lock').replace(/digest: sha256:.*/, 'digest: unhashed'));
  project.write('other.json', promptOf(checkpoint('new.safetensors')));
  project.git('add', '.');
  const { code, out } = await said(project, 'check', '--format', 'github');
  const at = project.read('comfy.lock').split('\n').indexOf('  checkpoints/dream.safetensors:') + 1;
  expect(out).toContain(
    '::error file=other.json,title=git comfy check%3A not-locked::other.json is not in comfy.lock%0A',
  );
  expect(out).toContain(`::error file=comfy.lock,line=${at},title=git comfy check%3A unhashed::`);
  expect(code).toBe(1);
});

test.each(['verify', 'check'])('%s knows no other format', async (command) => {
  const { code, err } = await said(await drifted(), command, '--format', 'junit');
  expect(err).toContain('there is no format "junit" here');
  expect(code).toBe(2);
});

test('a lockfile can be verified wherever it is', async () => {
  const project = await drifted();
  writeFileSync(join(project.comfy, 'theirs.lock'), `# from a colleague\n${project.read('comfy.lock')}`);
  const { code, out } = await said(project, 'verify', join(project.comfy, 'theirs.lock'));
  expect(out).toContain("checkpoint dream.safetensors: other content than the lock's");
  expect(code).toBe(1);
});
