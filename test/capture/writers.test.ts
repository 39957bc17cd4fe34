import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { foldRecords } from '../../src/capture/fold-records.js';
import { readRecordJournal } from '../../src/capture/lineage-journal.js';
import { readRunDocuments } from '../../src/capture/read-documents.js';
import { readLineage } from '../../src/capture/read-lineage.js';
import { recordRun } from '../../src/capture/record-run.js';
import { runFacts } from '../support/run-facts.js';
import { bundleScript } from '../support/script.js';
import { committedWorkflow, commitWorkflow, makeWorkflowRepository } from '../support/workflow-repository.js';

const runFile = promisify(execFile);

/** A process of its own: `process.argv` has the repository and a number. */
const script = (body: string) =>
  bundleScript(`
    import { journalDraft } from './src/capture/lineage-journal.ts';
    import { draftRecord } from './src/capture/draft-record.ts';
    import { foldRecords } from './src/capture/fold-records.ts';
    import { recordRun } from './src/capture/record-run.ts';
    import { openRepository } from './src/git/repository.ts';
    import { madePicture, runFacts } from './test/support/run-facts.ts';
    const repository = await openRepository(process.argv[2]);
    const writer = Number(process.argv[3]);
    ${body}
  `);

test('eight writers at once lose no record', async () => {
  const { repository, opened } = await committedWorkflow();
  const file = await script(`
    for (let run = 0; run < 3; run++) {
      const outputs = [{ name: 'x.png', node: '9', index: 0, bytes: madePicture(writer * 10 + run) }];
      await recordRun(repository, runFacts({ seed: String(run) }, { outputs, promptId: 'writer-' + writer + '-' + run }));
    }
  `);
  await Promise.all(Array.from({ length: 8 }, (_, writer) => runFile('node', [file, repository.path, String(writer)])));
  const { records, skipped } = await readLineage(opened);
  expect(new Set(records.map(({ record }) => record.prompt)).size).toBe(24);
  expect(skipped).toEqual([]);
  for (const { record } of records) expect((await readRunDocuments(opened, record)).snapshot).toBeDefined();
  expect(await readRecordJournal(opened)).toEqual({ waiting: [], damaged: [] });
});

test('a process that is killed after the journal loses nothing, and two that fold it in make one record', async () => {
  const { repository, opened, head } = await committedWorkflow();
  const crash = await script(`
    await journalDraft(repository, draftRecord(repository, { ...runFacts(), head: '${head}' }, new Date()));
    process.kill(process.pid, 'SIGKILL');
  `);
  await expect(runFile('node', [crash, repository.path, '0'])).rejects.toThrow();
  expect((await readLineage(opened)).records).toHaveLength(1);
  const fold = await script('await foldRecords(repository);');
  await Promise.all([1, 2].map(() => runFile('node', [fold, repository.path, '0'])));
  const { records } = await readLineage(opened);
  expect(records.map(({ record }) => record)).toMatchObject([{ match: 'exact', commit: head }]);
  expect((await readRecordJournal(opened)).waiting).toEqual([]);
});

test('where git cannot write, the record stays in the journal until it can', async () => {
  const { repository, opened } = await committedWorkflow();
  const lock = join(repository.path, '.git/refs/notes/comfy.lock');
  mkdirSync(dirname(lock), { recursive: true });
  writeFileSync(lock, '');
  await expect(recordRun(opened, runFacts())).rejects.toThrow();
  expect((await readLineage(opened)).records).toHaveLength(1);
  rmSync(lock);
  expect(await foldRecords(opened)).toBe(1);
  expect((await readLineage(opened)).records).toHaveLength(1);
});

test('records of before the first commit go to it, matched, once there is one', async () => {
  const repository = makeWorkflowRepository();
  const opened = await repository.open();
  await recordRun(opened, runFacts());
  expect(await foldRecords(opened)).toBe(0);
  repository.git('add', '.gitattributes');
  const commit = commitWorkflow(repository);
  expect(await foldRecords(opened)).toBe(1);
  const { records } = await readLineage(opened);
  expect(records.map(({ record }) => record)).toMatchObject([{ match: 'exact', commit }]);
});

test('a damaged journal file is named, stays, and hinders nothing', async () => {
  const { repository, opened } = await committedWorkflow();
  repository.write('.git/comfy/journal/records/broken.json', '{"journal":1,');
  await recordRun(opened, runFacts());
  expect(await foldRecords(opened)).toBe(0);
  expect((await readRecordJournal(opened)).damaged).toEqual(['broken.json']);
});
