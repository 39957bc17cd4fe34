import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordRun } from '../../src/capture/record-run.js';
import { run } from '../../src/cli.js';
import type { Environment } from '../../src/lineage/state.js';
import type { Dependencies } from '../../src/lock/entries.js';
import { captured } from '../support/context.js';
import { temporaryFolder } from '../support/git.js';
import { madePicture, picture, runFacts, workflowText } from '../support/run-facts.js';
import { makeWorkflowRepository, normalText } from '../support/workflow-repository.js';

const path = 'workflows/a.json';

const dependencies: Dependencies = {
  comfyui: { commit: 'c'.repeat(40), version: '0.8.0' },
  models: new Map([['checkpoints/dream.safetensors', { digest: `sha256:${'d'.repeat(64)}`, size: 12 }]]),
  packs: new Map(),
  inputs: new Map(),
  classes: new Map(),
};

const environment: Environment = {
  comfyui: '0.8.0',
  python: '3.11.7',
  torch: '2.9.1',
  os: 'linux',
  devices: ['cpu'],
  arguments: ['--cpu'],
};

async function committed() {
  const repository = makeWorkflowRepository();
  repository.commit(
    { '.gitattributes': repository.read('.gitattributes'), [path]: normalText(workflowText()) },
    'Softer light',
  );
  return { repository, opened: await repository.open() };
}

async function show(cwd: string, ...words: string[]) {
  const { context, out, err } = captured(cwd);
  const code = await run(context, ['show', ...words]);
  return { code, out: out(), err: err() };
}

test('a recorded picture tells every variable, and what is not captured', async () => {
  const { repository, opened } = await committed();
  const facts = runFacts({ seed: '18446744073709551615' }, { dependencies, environment });
  await recordRun(opened, facts);
  repository.write('renamed.png', facts.outputs[0]?.bytes ?? '');
  const { code, out } = await show(repository.path, 'renamed.png');
  expect(code).toBe(0);
  const text = out
    .replace(/[0-9a-f]{12} Softer light \([\d-]+\)/, '<commit>')
    .replace(/ComfyUI_\d+_/, 'ComfyUI_00001_')
    .replace(/ {2}[0-9a-f:sh]+$/m, '');
  await expect(text).toMatchFileSnapshot('../fixtures/sharing/show.txt');
});

test('a picture works in no repository too', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'old.png'), madePicture(9, { text: 'an old cat' }));
  const { code, out } = await show(folder, 'old.png');
  expect(code).toBe(0);
  expect(out).toContain('an old cat');
  expect(out).toContain('there is no record of this output');
});

test('a picture that says nothing ends with 2 and what to do', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'mute.png'), picture(1));
  const { code, err } = await show(folder, 'mute.png');
  expect(code).toBe(2);
  expect(err).toContain('nothing is known of mute.png');
});
