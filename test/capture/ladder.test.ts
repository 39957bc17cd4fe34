import { expect, test } from 'vitest';
import { linkWaitingRuns } from '../../src/capture/link-waiting-runs.js';
import { readLineage } from '../../src/capture/read-lineage.js';
import { recordRun } from '../../src/capture/record-run.js';
import type { RunFacts } from '../../src/capture/run-facts.js';
import { joinRuns } from '../../src/lineage/query.js';
import { type JsonObject, parseJson } from '../../src/workflow/json.js';
import { promptText, runFacts, type Settings, workflowText } from '../support/run-facts.js';
import {
  committedWorkflow,
  commitWorkflow,
  makeWorkflowRepository,
  normalText,
  workflowPath,
} from '../support/workflow-repository.js';

const withoutWorkflow = ({ workflow: _, ...facts }: RunFacts): RunFacts => facts;

test('exact: the normal form is a blob of the commit', async () => {
  const { repository, head, opened } = await committedWorkflow();
  const { record } = await recordRun(opened, runFacts());
  const blob = repository.git('rev-parse', `HEAD:${workflowPath}`);
  expect(record).toMatchObject({ match: 'exact', commit: head, workflow: { path: workflowPath, blob } });
});

test('exact: dragging nodes changes nothing', async () => {
  const { opened } = await committedWorkflow();
  const facts = runFacts();
  const nodes = facts.workflow?.get('nodes') as Map<string, unknown>[];
  nodes[0]?.set('pos', [9, 9]);
  expect((await recordRun(opened, facts)).record.match).toBe('exact');
});

test('exact: of commits that hold the workflow the nearest ancestor of HEAD is written down', async () => {
  const { repository, opened } = await committedWorkflow();
  commitWorkflow(repository, { steps: 30 });
  const again = commitWorkflow(repository, {});
  commitWorkflow(repository, { steps: 40 });
  expect((await recordRun(opened, runFacts())).record).toMatchObject({ match: 'exact', commit: again });
});

test('the lock of that commit is named', async () => {
  const { repository, opened } = await committedWorkflow();
  repository.commit({ 'comfy.lock': 'lockfileVersion: 1\n' });
  const { record } = await recordRun(opened, runFacts());
  expect(record.lock).toBe(repository.git('rev-parse', 'HEAD:comfy.lock'));
});

test('seeds: only a seed that the frontend draws anew differs', async () => {
  const { head, opened } = await committedWorkflow();
  const { record } = await recordRun(opened, runFacts({ seed: '8' }));
  expect(record).toMatchObject({ match: 'seeds', commit: head, seeds: { '3.seed': '8' } });
});

test('seeds: an older version of the workflow is found in the history', async () => {
  const { repository, head, opened } = await committedWorkflow();
  commitWorkflow(repository, { steps: 30 });
  expect((await recordRun(opened, runFacts({ seed: '8' }))).record).toMatchObject({ match: 'seeds', commit: head });
});

test.each([
  ['seeds', 31],
  ['derived', 33],
] as const)('%s: of copies of one workflow the one that has the id of what ran', async (match, steps) => {
  const { repository, opened } = await committedWorkflow();
  const text = (copy: number, settings: Settings) =>
    workflowText(settings).replace('{', `{"id":"7a1c0e1e-0000-4000-8000-00000000000${copy}",`);
  const [first, second] = [text(1, { steps: 31 }), text(2, { steps: 31 })].map(normalText);
  repository.commit({ 'workflows/a.json': first ?? '', 'workflows/b.json': second ?? '' }, 'two copies');
  const settings = { steps, seed: '8' };
  const workflow = parseJson(text(2, settings)) as JsonObject;
  const { record } = await recordRun(opened, { ...runFacts(settings), workflow });
  expect(record).toMatchObject({ match, workflow: { path: 'workflows/b.json' } });
});

test('derived: the values that differ are listed', async () => {
  const { head, opened } = await committedWorkflow();
  const { record } = await recordRun(opened, runFacts({ steps: 30, text: 'a dog' }));
  expect(record).toMatchObject({ match: 'derived', commit: head });
  expect([...(record.differs ?? [])].sort()).toEqual(['3.steps', '6.text']);
});

test('derived: a fixed seed that was changed is a value like any other', async () => {
  const { opened } = await committedWorkflow({ control: 'fixed' });
  const { record } = await recordRun(opened, runFacts({ seed: '8', control: 'fixed' }));
  expect(record).toMatchObject({ match: 'derived', differs: ['3.seed'] });
});

test('uncommitted: another graph is noted on the commit that HEAD is at', async () => {
  const repository = makeWorkflowRepository();
  const head = repository.commit({ 'readme.txt': 'x' });
  const { record } = await recordRun(await repository.open(), runFacts());
  expect(record).toMatchObject({ match: 'uncommitted', commit: head });
  expect(record.workflow).toBeUndefined();
});

test('a prompt without a workflow is matched with a committed prompt', async () => {
  const repository = makeWorkflowRepository();
  repository.git('add', '.gitattributes');
  const head = repository.commit({ 'workflows/api.json': promptText() });
  const opened = await repository.open();
  const match = async (facts: RunFacts) => (await recordRun(opened, withoutWorkflow(facts))).record;
  expect(await match(runFacts())).toMatchObject({
    match: 'exact',
    commit: head,
    workflow: { path: 'workflows/api.json' },
  });
  expect(await match(runFacts({ seed: '8' }))).toMatchObject({ match: 'seeds' });
  expect(await match(runFacts({ steps: 30 }))).toMatchObject({ match: 'derived', differs: ['3.steps'] });
});

test('an output taken in later belongs to the commit that brought its workflow in, inferred', async () => {
  const { repository, head, opened } = await committedWorkflow();
  commitWorkflow(repository, { steps: 30 });
  commitWorkflow(repository, {});
  const { promptId: _, start: __, ...facts } = runFacts();
  const { record } = await recordRun(opened, { ...facts, captured: 'embedded' });
  expect(record).toMatchObject({ match: 'exact', commit: head, inferred: true });
});

test.each([
  ['the tree of HEAD still has the workflow', []],
  ['the tree of HEAD has it again', [{ steps: 30 }, {}]],
  ['only the history has it, twice', [{ steps: 30 }, {}, { steps: 40 }]],
])('an output taken in later whose seed was drawn belongs to that commit too: %s', async (_, since) => {
  const { repository, head, opened } = await committedWorkflow();
  for (const settings of since) commitWorkflow(repository, settings);
  repository.commit({ 'readme.txt': 'x' });
  const { promptId: __, start: ___, ...facts } = runFacts({ seed: '8' });
  const { record } = await recordRun(opened, { ...facts, captured: 'embedded' });
  expect(record).toMatchObject({ match: 'seeds', commit: head, workflow: { path: workflowPath }, inferred: true });
});

test('an output taken in later that derives from a workflow belongs to the commit that brought that in', async () => {
  const { repository, head, opened } = await committedWorkflow();
  repository.commit({ 'readme.txt': 'x' });
  const { promptId: _, start: __, ...facts } = runFacts({ steps: 99 });
  const { record } = await recordRun(opened, { ...facts, captured: 'embedded' });
  expect(record).toMatchObject({ match: 'derived', commit: head, differs: ['3.steps'] });
});

test.each([
  ['as it is', {}, 'exact'],
  ['but for its seed', { seed: '9' }, 'seeds'],
] as const)('a later commit that holds the workflow %s gets a line too', async (_, settings, match) => {
  const repository = makeWorkflowRepository();
  const first = repository.commit({ '.gitattributes': repository.read('.gitattributes') });
  const opened = await repository.open();
  const { record } = await recordRun(opened, runFacts());
  const second = commitWorkflow(repository, settings);
  expect(await linkWaitingRuns(opened, second)).toBe(1);
  const [run] = joinRuns((await readLineage(opened)).records);
  expect(run?.best.record).toMatchObject({ match, commit: second, prompt: record.prompt, outputs: record.outputs });
  expect(run?.others.map((line) => line.record.commit)).toEqual([first]);
});

test('a run is linked once, and only to a commit that holds its workflow', async () => {
  const { repository, opened } = await committedWorkflow();
  await recordRun(opened, runFacts({ text: 'a dog' }));
  expect(await linkWaitingRuns(opened, commitWorkflow(repository, { text: 'a bird' }))).toBe(0);
  const commit = commitWorkflow(repository, { text: 'a dog' });
  expect(await linkWaitingRuns(opened, commit)).toBe(1);
  expect(await linkWaitingRuns(opened, commit)).toBe(0);
});

test('of runs that wait only those with the texts of a new commit are compared with it, whatever was asked before', async () => {
  const { repository, opened } = await committedWorkflow();
  const [fox, owl] = ['a red fox in the morning light', 'an old owl in a hollow tree'];
  const { record } = await recordRun(opened, runFacts({ text: fox, seed: '8' }));
  await recordRun(opened, runFacts({ text: owl, seed: '9' }));
  const link = async (commit: string) => linkWaitingRuns(await repository.open(), commit);
  expect(await link(commitWorkflow(repository, { text: 'a wide river below the hills' }))).toBe(0);
  expect(await link(commitWorkflow(repository, { text: fox, steps: 30 }))).toBe(0);
  const commit = commitWorkflow(repository, { text: fox });
  expect(await link(commit)).toBe(1);
  const runs = joinRuns((await readLineage(opened)).records);
  expect(runs.map(({ best }) => best.record.match).sort()).toEqual(['derived', 'seeds']);
  const linked = runs.find(({ best }) => best.record.match === 'seeds');
  expect(linked?.best.record).toMatchObject({ commit, prompt: record.prompt });
});
