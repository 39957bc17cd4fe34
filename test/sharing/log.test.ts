import { expect, test } from 'vitest';
import { recordRun } from '../../src/capture/record-run.js';
import { run } from '../../src/cli.js';
import { captured } from '../support/context.js';
import { madePicture, runFacts } from '../support/run-facts.js';
import { committedWorkflow, commitWorkflow, makeWorkflowRepository } from '../support/workflow-repository.js';

async function log(cwd: string, ...words: string[]) {
  const { context, out, err } = captured(cwd);
  const code = await run(context, ['log', ...words]);
  return { code, out: out(), err: err() };
}

const output = (name: string, shade: number) => ({
  outputs: [{ name, node: '9', index: 0, bytes: madePicture(shade) }],
});

test('commits, newest first, each with its outputs below it', async () => {
  const { repository, opened } = await committedWorkflow();
  await recordRun(opened, runFacts({}, output('one.png', 1)));
  commitWorkflow(repository, { steps: 30 }, 'More steps');
  await recordRun(opened, runFacts({ steps: 30 }, output('two.png', 2)));
  await recordRun(opened, runFacts({ steps: 40 }, output('three.png', 3)));
  const { code, out } = await log(repository.path);
  expect(code).toBe(0);
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^[0-9a-f]{10} (.*) \d{4}-\d\d-\d\d {2}/, '$1, '));
  expect(lines).toEqual([
    'More steps, 2 outputs',
    '    two.png  seed 7, took 1 s',
    '    three.png  with other values, seed 7, took 1 s',
    'Softer light, 1 output',
    '    one.png  seed 7, took 1 s',
  ]);
});

test('of a big batch the first outputs stand for the rest; the commit lists them all', async () => {
  const { repository, opened } = await committedWorkflow();
  const outputs = [...Array(12).keys()].map((index) => ({
    ...{ name: `b_${index}.png`, node: '9', index, bytes: madePicture(index) },
  }));
  await recordRun(opened, runFacts({}, { outputs }));
  const lines = (await log(repository.path)).out.trimEnd().split('\n').slice(1);
  expect(lines).toEqual(['    b_0.png  seed 7, took 1 s', '    b_1.png', '    b_2.png', '    and 9 more of this run']);
  const { context, out } = captured(repository.path);
  await run(context, ['show', 'HEAD']);
  expect(out()).toContain('b_11.png');
});

test('after an amend the record stands at the commit that its note was copied to', async () => {
  const { repository, opened } = await committedWorkflow();
  await recordRun(opened, runFacts({}, output('one.png', 1)));
  repository.git('config', 'notes.rewriteRef', 'refs/notes/comfy');
  repository.git('commit', '--amend', '--quiet', '-m', 'Softest light');
  expect((await log(repository.path)).out).toMatch(/Softest light .*\n {4}one\.png/);
});

test('runs at commits of another branch are counted', async () => {
  const { repository, opened } = await committedWorkflow();
  repository.git('switch', '--quiet', '-c', 'other');
  commitWorkflow(repository, { steps: 30 });
  await recordRun(opened, runFacts({ steps: 30 }));
  expect((await log(repository.path, 'main')).out).toContain('1 run at commits that are not listed here');
});

test('before the first commit what waits is listed', async () => {
  const repository = makeWorkflowRepository();
  await recordRun(await repository.open(), runFacts({}, output('one.png', 1)));
  expect((await log(repository.path)).out).toMatch(/^waiting for the first commit\n {4}one\.png/);
});

test('--json, and at most as many commits as asked', async () => {
  const { repository, opened } = await committedWorkflow();
  await recordRun(opened, runFacts());
  commitWorkflow(repository, { steps: 30 });
  const { result } = JSON.parse((await log(repository.path, '--json', '-n', '1')).out);
  expect(result.commits).toHaveLength(1);
  expect(result.elsewhere).toBe(1);
});

test.each([
  [['--max-count', 'many'], '--max-count needs a number'],
  [['no-such-branch'], 'no-such-branch'],
])('%j ends with 2', async (words, message) => {
  const { repository } = await committedWorkflow();
  const { code, err } = await log(repository.path, ...words);
  expect(code).toBe(2);
  expect(err).toContain(message);
});
