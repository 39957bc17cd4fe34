// What git shows and merges once `init` has set a repository up: the real program, called by the real git.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { diffCommand } from '../../src/commands/diff.js';
import { statusCommand } from '../../src/commands/status.js';
import { init } from '../../src/setup/init.js';
import { program } from '../support/build.js';
import { captured } from '../support/context.js';
import { makeRepository, type TestRepository } from '../support/git.js';
import { smallWorkflow } from '../support/workflow.js';

const path = 'flows/my portrait.json';

async function prepared(content: string): Promise<TestRepository> {
  const made = makeRepository();
  await init(captured(made.path, { program }).context, { track: ['flows/**/*.json'], nested: false, dryRun: false });
  made.git('add', '.');
  commit(made, content, 'first');
  return made;
}

/** The lock and the hook that asks for it are tested elsewhere. */
function commit(made: TestRepository, content: string, message = 'commit', file = path): void {
  made.write(file, content);
  made.git('add', '--', file);
  made.git('commit', '--quiet', '--no-verify', '-m', message);
}

const changedLines = (diff: string) => diff.split('\n').filter((line) => /^[+-](?![+-])/.test(line));

test('plain git diff shows one line for one edit, and none for a drag', async () => {
  const made = await prepared(smallWorkflow());
  made.write(path, smallWorkflow({ x: 700 }));
  expect(made.git('diff')).toBe('');
  made.write(path, smallWorkflow({ x: 700, steps: 30 }));
  expect(changedLines(made.git('diff'))).toEqual(['-KSampler #2  steps: 20', '+KSampler #2  steps: 30']);
  made.git('commit', '--quiet', '--no-verify', '-am', 'more steps');
  expect(changedLines(made.git('log', '-p', '-1', '--format=%s'))).toEqual([
    '-KSampler #2  steps: 20',
    '+KSampler #2  steps: 30',
  ]);
  expect(made.git('blame', '--', path).split('\n').at(-1)).toContain(
    'KSampler #2  model: from CheckpointLoaderSimple #1 MODEL',
  );
});

test.each([
  ['status', statusCommand],
  ['diff', diffCommand],
])('%s puts a mere drag right first, so that git status is clean again', async (_, command) => {
  const made = await prepared(smallWorkflow());
  made.write(path, smallWorkflow({ x: 70_000 }));
  expect(made.git('status', '--porcelain')).toContain('M');
  await command.run(captured(made.path, { program }).context, { args: [], options: {} });
  expect(made.git('status', '--porcelain')).toBe('');
});

test('a file under the attribute that is no workflow is shown as it is', async () => {
  const made = await prepared(smallWorkflow());
  commit(made, '{"a": 1}\n', 'other', 'flows/other.json');
  made.write('flows/other.json', '{"a": 2}\n');
  expect(changedLines(made.git('diff'))).toEqual(['-{"a": 1}', '+{"a": 2}']);
});

/** Two branches with another version each; HEAD is on the first one. */
function branches(made: TestRepository, ours: string, theirs: string): void {
  made.git('switch', '--quiet', '-c', 'theirs');
  commit(made, theirs, 'theirs');
  made.git('switch', '--quiet', 'main');
  commit(made, ours, 'ours');
}

function merge(made: TestRepository) {
  const done = spawnSync('git', ['merge', '--no-edit', '--no-verify', 'theirs'], { cwd: made.path, encoding: 'utf8' });
  return { code: done.status, text: done.stdout + done.stderr };
}

test('a merge unites edits of different values that git alone would call a conflict', async () => {
  const made = await prepared(smallWorkflow());
  branches(made, smallWorkflow({ steps: 30 }), smallWorkflow().replace('[7,"fixed"', '[8,"fixed"'));
  expect(merge(made).code).toBe(0);
  expect(made.read(path)).toMatch(/8,\s*"fixed",\s*30/);
  expect(made.git('status', '--porcelain')).toBe('');
});

test('where both sides changed one value the merge stops, and the file still loads as ours', async () => {
  const made = await prepared(smallWorkflow());
  branches(made, smallWorkflow({ steps: 30 }), smallWorkflow({ steps: 40 }));
  const { code, text } = merge(made);
  expect(code).toBe(1);
  expect(text).toContain('  KSampler #2  steps: ours 30, theirs 40 (was 20)\n');
  expect(JSON.parse(made.read(path)).nodes[1].widgets_values).toEqual([7, 'fixed', 30]);
  expect(made.git('ls-files', '-u').split('\n')).toHaveLength(3);
});

test('a prompt in API format is merged too, keeps the way it is written, and never gets conflict markers', async () => {
  const made = await prepared(smallWorkflow());
  const prompt = (seed: number, steps: number) =>
    `{\n  "3": {\n    "class_type": "KSampler",\n    "inputs": {\n      "seed": ${seed},\n      "a": 0,\n      "b": 0,\n      "c": 0,\n      "steps": ${steps}\n    }\n  }\n}\n`;
  commit(made, prompt(1, 20), 'base');
  branches(made, prompt(2, 20), prompt(1, 30));
  expect(merge(made).code).toBe(0);
  expect(made.read(path)).toBe(prompt(2, 30));
  made.git('reset', '--quiet', '--hard', 'HEAD~1');
  commit(made, prompt(5, 55), 'other');
  expect(merge(made).code).toBe(1);
  expect(made.read(path)).toBe(prompt(5, 55));
});
