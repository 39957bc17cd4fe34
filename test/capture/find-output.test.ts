import { expect, test } from 'vitest';
import { findOutput } from '../../src/capture/find-output.js';
import { readLineage } from '../../src/capture/read-lineage.js';
import { recordRun } from '../../src/capture/record-run.js';
import { addNoteLines } from '../../src/git/notes.js';
import { recordId, writeRecord } from '../../src/lineage/record-line.js';
import { madePicture, picture, runFacts } from '../support/run-facts.js';
import { committedWorkflow } from '../support/workflow-repository.js';

/** A recorded picture of this shade. */
async function recorded(shade = 77) {
  const committed = await committedWorkflow();
  const bytes = madePicture(shade);
  const facts = runFacts({}, { outputs: [{ name: 'a.png', node: '9', index: 0, bytes }] });
  return { ...committed, bytes, ...(await recordRun(committed.opened, facts)) };
}

test('a renamed and moved output is found by the hash of its file', async () => {
  const { repository, opened, bytes, id } = await recorded();
  repository.write('elsewhere/renamed.png', bytes);
  expect(await findOutput(opened, `${repository.path}/elsewhere/renamed.png`)).toMatchObject({ id, how: 'file' });
});

test('an output stripped of its metadata is found by its pixels', async () => {
  const { opened, id } = await recorded(78);
  expect(await findOutput(opened, picture(78))).toMatchObject({ id, how: 'pixels', output: { name: 'a.png' } });
});

test('an output that was retouched is found by its embedded prompt', async () => {
  const { opened, id } = await recorded(79);
  expect(await findOutput(opened, madePicture(80))).toMatchObject({ id, how: 'prompt' });
});

test('an output that nobody recorded is not found', async () => {
  const { opened } = await recorded(81);
  expect(await findOutput(opened, madePicture(82, { text: 'another' }))).toBeUndefined();
});

test('of a run and its reproduction with the same pixels the run comes first', async () => {
  const { opened, id } = await recorded(83);
  const outputs = [{ name: 'again.png', node: '9', index: 0, bytes: madePicture(83, { seed: '7' }) }];
  await recordRun(opened, runFacts({}, { outputs, reproduces: id, grade: 'full' }));
  const found = await findOutput(opened, picture(83));
  expect(found).toMatchObject({ id, how: 'pixels' });
  expect(found?.otherRuns).toHaveLength(1);
});

test('a record that was taken back is gone', async () => {
  const { opened, head, bytes, id } = await recorded(84);
  const line = writeRecord({ tombstone: 1, of: id, time: '2026-11-21T12:00:00.000Z' });
  await addNoteLines(opened, [{ commit: head, line }]);
  expect(await findOutput(opened, bytes)).toBeUndefined();
  expect((await readLineage(opened)).records).toEqual([]);
});

test('a damaged line is named and hides no other', async () => {
  const { opened, head, bytes, id } = await recorded(85);
  const [record] = (await readLineage(opened)).records;
  await addNoteLines(opened, [{ commit: head, line: (record?.text ?? '').slice(0, -20) }]);
  const found = await findOutput(opened, bytes);
  expect(found).toMatchObject({ id, skipped: [{ commit: head, reason: 'damaged' }] });
});

test('a line that plain git appended, spaces and all, is read and has the same id', async () => {
  const { repository, opened, head, bytes, id } = await recorded(86);
  const [record] = (await readLineage(opened)).records;
  const spaced = (record?.text ?? '').replaceAll('":', '": ');
  repository.git('notes', '--ref', 'comfy', 'remove', head);
  repository.git('notes', '--ref', 'comfy', 'append', '-m', 'not a record', head);
  repository.git('notes', '--ref', 'comfy', 'append', '-m', spaced, head);
  expect(recordId(spaced)).toBe(id);
  expect(await findOutput(opened, bytes)).toMatchObject({ id });
  expect((await readLineage(opened)).skipped).toMatchObject([{ reason: 'unknown' }]);
});
