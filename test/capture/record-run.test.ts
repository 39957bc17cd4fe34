import { expect, test } from 'vitest';
import { readLineage } from '../../src/capture/read-lineage.js';
import { recordRun } from '../../src/capture/record-run.js';
import { readNotes } from '../../src/git/notes.js';
import { readStore } from '../../src/git/store.js';
import { readSnapshot } from '../../src/lineage/documents.js';
import { recordId } from '../../src/lineage/record-line.js';
import { documentPath } from '../../src/lineage/stored-document.js';
import { writeJson } from '../../src/workflow/json.js';
import { promptText, runFacts, workflowText } from '../support/run-facts.js';
import { makeWorkflowRepository, normalText } from '../support/workflow-repository.js';

const path = 'workflows/a.json';

/** A repository with one commit that holds the workflow. */
async function committed() {
  const repository = makeWorkflowRepository();
  const head = repository.commit({
    '.gitattributes': repository.read('.gitattributes'),
    [path]: normalText(workflowText()),
  });
  return { repository, head, opened: await repository.open() };
}

test('a run whose workflow is committed is matched exactly, by its normal form', async () => {
  const { head, opened } = await committed();
  const { id, record } = await recordRun(opened, runFacts());
  expect(record).toMatchObject({ match: 'exact', commit: head, workflow: { path }, seeds: { '3.seed': '7' } });
  const [line] = (await readNotes(opened)).get(head) ?? [];
  expect(recordId(line ?? '')).toBe(id);
});

test('the exact prompt is in the store, seeds beyond 2^53 included', async () => {
  const { opened } = await committed();
  const seed = '18446744073709551615';
  const { record } = await recordRun(opened, runFacts({ seed }));
  expect(record.seeds).toEqual({ '3.seed': seed });
  const stored = await readStore(opened, documentPath('snapshot', record.snapshot));
  expect(writeJson(readSnapshot(stored?.toString() ?? '').prompt)).toBe(promptText({ seed }));
});

test('outputs are known by file and by pixels', async () => {
  const { opened } = await committed();
  const { record } = await recordRun(opened, runFacts());
  expect(record.outputs[0]).toMatchObject({ width: 2, height: 1, node: '9', index: 0 });
  expect(record.outputs[0]?.pixels).toMatch(/^[0-9a-f]{64}$/);
});

test('before the first commit a record waits, and is found all the same', async () => {
  const opened = await makeWorkflowRepository().open();
  const { record } = await recordRun(opened, runFacts());
  expect(record.commit).toBeUndefined();
  expect((await readLineage(opened)).records).toHaveLength(1);
});
