import { expect, test } from 'vitest';
import { readRunDocuments } from '../../src/capture/read-documents.js';
import { readLineage } from '../../src/capture/read-lineage.js';
import { recordRun, recordRuns } from '../../src/capture/record-run.js';
import { readNotes } from '../../src/git/notes.js';
import { recordId } from '../../src/lineage/record-line.js';
import { type JsonObject, parseJson, writeJson } from '../../src/workflow/json.js';
import { makeRepository, repositoryAt } from '../support/git.js';
import { madePicture, promptText, runFacts } from '../support/run-facts.js';
import { committedWorkflow, commitWorkflow, makeWorkflowRepository } from '../support/workflow-repository.js';

test('a record is a line in the note of its commit, known by its hash', async () => {
  const { head, opened } = await committedWorkflow();
  const { id } = await recordRun(opened, runFacts());
  const [line] = (await readNotes(opened)).get(head) ?? [];
  expect(recordId(line ?? '')).toBe(id);
});

test('the prompt comes back from the store as it ran, seeds beyond 2^53 included', async () => {
  const { opened } = await committedWorkflow();
  const seed = '18446744073709551615';
  const { record } = await recordRun(opened, runFacts({ seed }));
  expect(record.seeds).toEqual({ '3.seed': seed });
  const { snapshot } = await readRunDocuments(opened, record);
  expect(writeJson(snapshot?.prompt ?? null)).toBe(promptText({ seed }));
});

test('outputs are known by file and by pixels', async () => {
  const { opened } = await committedWorkflow();
  const { record } = await recordRun(opened, runFacts());
  expect(record.outputs[0]).toMatchObject({ width: 2, height: 1, node: '9', index: 0 });
  expect(record.outputs[0]?.pixels).toMatch(/^[0-9a-f]{64}$/);
});

test('before the first commit a record waits, and is found all the same', async () => {
  const opened = await makeWorkflowRepository().open();
  const { record } = await recordRun(opened, runFacts());
  expect(record.commit).toBeUndefined();
  expect((await readLineage(opened)).records).toHaveLength(1);
  expect((await readRunDocuments(opened, record)).snapshot).toBeDefined();
});

test('many runs at once cost one commit a ref, and come back in their order', async () => {
  const { repository, opened } = await committedWorkflow();
  const facts = [runFacts(), runFacts({ steps: 30 }), runFacts({ text: 'a dog' })];
  const recorded = await recordRuns(opened, facts);
  expect(recorded.map(({ record }) => record.prompt)).toEqual(facts.map(({ promptId }) => promptId));
  expect(repository.git('rev-list', '--count', 'refs/notes/comfy')).toBe('1');
});

test('runs that saw the same share one state', async () => {
  const { repository, opened } = await committedWorkflow();
  const environment = { comfyui: '0.8.0' };
  await recordRuns(opened, [runFacts({}, { environment }), runFacts({ seed: '8' }, { environment })]);
  expect(repository.git('ls-tree', '-r', '--name-only', 'refs/comfy/store', 'states/').split('\n')).toHaveLength(1);
});

test('nothing private is stored: no key, no client id, no folder of this machine', async () => {
  const { repository, opened } = await committedWorkflow();
  const secret = 'swordfish-and-more';
  const node = `"20":{"class_type":"Remote","inputs":{"api_key":"${secret}","folder":"/home/ada/pictures/in.png"}}`;
  const prompt = parseJson(promptText().replace('{', `{${node},`)) as JsonObject;
  const workflow = parseJson(
    `{"nodes":[{"id":20,"type":"Remote","widgets_values":["${secret}"]}],"links":[],"extra":{"client_id":"c-1"}}`,
  );
  const { record } = await recordRun(opened, runFacts({}, { prompt, workflow: workflow as JsonObject }));
  for (const ref of ['refs/notes/comfy', 'refs/comfy/store']) {
    const paths = repository.git('ls-tree', '-r', '--name-only', ref).split('\n');
    const texts = paths.map((path) => repository.git('cat-file', '-p', `${ref}:${path}`));
    expect(texts.join('\n')).not.toMatch(/swordfish|\/home\/ada|c-1"/);
  }
  const { snapshot } = await readRunDocuments(opened, record);
  expect(snapshot?.redacted).toEqual([
    'prompt.20.inputs.api_key',
    'prompt.20.inputs.folder',
    'workflow.nodes.0.widgets_values.0',
    'workflow.extra.client_id',
  ]);
});

test.each([
  ['ada/x_00001_.png', 'ada/x_00001_.png'],
  ['ada\\x_00001_.png', 'ada/x_00001_.png'],
  ['/home/ada/out/x.png', 'x.png'],
  ['C:\\out\\x.png', 'x.png'],
  ['../../x.png', 'x.png'],
])('an output called %s is recorded as %s', async (name, stored) => {
  const { opened } = await committedWorkflow();
  const outputs = [{ name, node: '9', index: 0, bytes: madePicture(1) }];
  expect((await recordRun(opened, runFacts({}, { outputs }))).record.outputs[0]?.name).toBe(stored);
});

test('a repository with SHA-256 ids is no other', async () => {
  const repository = makeRepository('--object-format=sha256');
  repository.write('.gitattributes', 'workflows/** -text filter=comfy\n');
  repository.git('add', '.gitattributes');
  const commit = commitWorkflow(repository);
  const opened = await repository.open();
  expect((await recordRun(opened, runFacts())).record).toMatchObject({ match: 'exact', commit });
  expect((await readLineage(opened)).skipped).toEqual([]);
});

test("a record made in a linked work tree is the repository's", async () => {
  const { repository, opened } = await committedWorkflow();
  repository.git('worktree', 'add', '--quiet', '../linked');
  const linked = await repositoryAt(`${repository.path}/../linked`).open();
  const { record } = await recordRun(linked, runFacts());
  expect((await readLineage(opened)).records.map((found) => found.record.prompt)).toEqual([record.prompt]);
});
