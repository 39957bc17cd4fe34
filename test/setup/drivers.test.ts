import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { init } from '../../src/setup/init.js';
import { program } from '../support/build.js';
import { captured } from '../support/context.js';
import { makeRepository } from '../support/git.js';
import { smallWorkflow } from '../support/workflow.js';

async function prepared() {
  const made = makeRepository();
  await init(captured(made.path, { program }).context, { track: ['flows/**/*.json'], nested: false, dryRun: false });
  const commit = (text: string, message: string) => {
    made.write('flows/a b.json', text);
    made.git('add', '.');
    made.git('commit', '-q', '--no-verify', '-m', message);
  };
  commit(smallWorkflow(), 'first');
  return { made, commit };
}

test('plain git diff shows a changed value in words, and a dragged node not at all', async () => {
  const { made } = await prepared();
  made.write('flows/a b.json', smallWorkflow({ x: 900 }));
  expect(made.git('diff')).toBe('');
  made.write('flows/a b.json', smallWorkflow({ steps: 30, x: 900 }));
  const changed = made
    .git('diff', '-U0')
    .split('\n')
    .filter((line) => /^[-+] ?[^-+]/.test(line));
  expect(changed).toEqual(['-KSampler #2  steps: 20', '+KSampler #2  steps: 30']);
});

test('a merge of two edits of one workflow unites them', async () => {
  const { made, commit } = await prepared();
  made.git('switch', '-q', '-c', 'side');
  commit(smallWorkflow({ steps: 30 }), 'steps');
  made.git('switch', '-q', 'main');
  commit(smallWorkflow().replace('dreamshaper_8', 'other'), 'model');
  made.git('merge', '-q', '--no-edit', '--no-verify', 'side');
  const merged = made.git('show', 'HEAD:flows/a b.json');
  expect(merged).toContain('other.safetensors');
  expect(merged).toMatch(/^\s+30$/m);
});

test('an archive has the workflows with their layout', async () => {
  const { made } = await prepared();
  const archive = execFileSync('git', ['archive', 'HEAD'], { cwd: made.path });
  expect(archive.toString('latin1')).toContain('"pos"');
});
