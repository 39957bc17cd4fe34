import { describe, expect, test } from 'vitest';
import { foldRecords } from '../../src/capture/fold-records.js';
import { readLineage } from '../../src/capture/read-lineage.js';
import { recordRun, recordRuns } from '../../src/capture/record-run.js';
import { fsck } from '../../src/sharing/fsck.js';
import { madePicture, runFacts } from '../support/run-facts.js';
import { committedWorkflow, commitWorkflow, makeWorkflowRepository } from '../support/workflow-repository.js';

const everything = ['4', '5', '6', '7', '3', '8', '9'];

test('a run served wholly from the cache is the run that made the pixels, and no new record', async () => {
  const { opened } = await committedWorkflow();
  const made = runFacts();
  const { id } = await recordRun(opened, made);
  const again = await recordRun(opened, runFacts({}, { outputs: made.outputs, cached: everything, executed: [] }));
  expect(again).toMatchObject({ id, alreadyRecorded: true });
  expect((await readLineage(opened)).records).toHaveLength(1);
});

test('where the run that made it was not recorded, what is installed now is not claimed', async () => {
  const { opened } = await committedWorkflow();
  const facts = runFacts({}, { cached: everything, executed: [], environment: { comfyui: '0.8.0' } });
  const { record } = await recordRun(opened, facts);
  expect(record.fromCache).toBe(true);
  expect(record.state).toBeUndefined();
});

test('a new file with pixels from the cache points to the run that made them', async () => {
  const { opened } = await committedWorkflow();
  const bytes = madePicture(200);
  const output = (name: string, file: Buffer) => [{ name, node: '9', index: 0, bytes: file }];
  const { id } = await recordRun(opened, runFacts({}, { outputs: output('a.png', bytes) }));
  const resaved = madePicture(200, { text: 'same pixels, other words' });
  const { record } = await recordRun(
    opened,
    runFacts({}, { outputs: output('b.png', resaved), cached: ['4', '3', '8'] }),
  );
  expect(record.cachedFrom).toBe(id);
});

describe('of runs that are recorded together', () => {
  const output = (name: string, file: Buffer) => [{ name, node: '9', index: 0, bytes: file }];
  const made = runFacts({}, { outputs: output('a.png', madePicture(200)) });
  const cached = { cached: everything, executed: [] };
  const again = runFacts({}, { ...cached, outputs: made.outputs });
  const saved = runFacts(
    {},
    { outputs: output('b.png', madePicture(200, { text: 'other' })), cached: ['4', '3', '8'] },
  );

  test('one that took its pixels from another names the record that this one has become', async () => {
    const { opened } = await committedWorkflow();
    const [first, second, third] = await recordRuns(opened, [made, again, saved]);
    expect(second).toEqual({ ...first, alreadyRecorded: true });
    expect(third?.record.cachedFrom).toBe(first?.id);
    expect((await fsck(opened, false)).faults).toEqual([]);
  });

  test('before the first commit too', async () => {
    const repository = makeWorkflowRepository();
    const opened = await repository.open();
    await recordRun(opened, made);
    await recordRun(opened, saved);
    repository.git('add', '.gitattributes');
    commitWorkflow(repository);
    expect(await foldRecords(opened)).toBe(2);
    expect((await fsck(opened, false)).faults).toEqual([]);
  });
});
