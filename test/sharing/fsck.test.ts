import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordRun } from '../../src/capture/record-run.js';
import { run } from '../../src/cli.js';
import { addNoteLines } from '../../src/git/notes.js';
import { putStore, storeRef } from '../../src/git/store.js';
import { writeRecord } from '../../src/lineage/record-line.js';
import { nameDocument } from '../../src/lineage/stored-document.js';
import { fsck } from '../../src/sharing/fsck.js';
import { captured } from '../support/context.js';
import type { TestRepository } from '../support/git.js';
import { madePicture, runFacts } from '../support/run-facts.js';
import { committedWorkflow, commitWorkflow } from '../support/workflow-repository.js';

async function comfy(repository: TestRepository, ...words: string[]) {
  const { context, out } = captured(repository.path);
  return { code: await run(context, words), out: out() };
}

const output = (name: string, shade: number) => ({
  outputs: [{ name, node: '9', index: 0, bytes: madePicture(shade) }],
});

const codes = async (repository: TestRepository) =>
  (await fsck(await repository.open(), false)).faults.map(({ code }) => code);

test('says nothing of what is sound', async () => {
  const { repository, opened } = await committedWorkflow();
  await recordRun(opened, runFacts({}, output('one.png', 1)));
  expect(await comfy(repository, 'fsck')).toEqual({ code: 0, out: '1 record, 1 document\n' });
});

test('names lines that cannot be read, and hides no other', async () => {
  const { repository, opened, head } = await committedWorkflow();
  await addNoteLines(opened, [{ commit: head, line: '{"record":1,"torn' }]);
  await recordRun(opened, runFacts({}, output('one.png', 1)));
  const { code, out } = await comfy(repository, 'fsck');
  expect([code, out]).toEqual([1, expect.stringMatching(/cannot be read: it is not a JSON object\n1 record/)]);
});

test('names files of the journal of layouts that cannot be read', async () => {
  const { repository } = await committedWorkflow();
  const folder = join(repository.path, '.git', 'comfy', 'journal', 'layouts');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '1.layouts'), 'nothing of ours');
  expect(await comfy(repository, 'fsck')).toEqual({
    code: 1,
    out: expect.stringContaining('the journal file 1.layouts cannot be read; it is left where it is'),
  });
});

test('names documents that are not there, or not what their name says', async () => {
  const { repository, opened } = await committedWorkflow();
  const { record } = await recordRun(opened, runFacts({}, output('one.png', 1)));
  const path = `snapshots/${record.snapshot.slice(0, 2)}/${record.snapshot.slice(2)}.json`;
  const rewrite = (line: string) => {
    const input = `commit ${storeRef}\ncommitter x <x@y> now\ndata 0\nfrom ${storeRef}^0\n${line}\n`;
    writeFileSync(join(repository.path, '.git', 'input'), input);
    repository.git('-c', 'alias.load=!git fast-import --quiet --date-format=now < .git/input', 'load');
  };
  rewrite(`M 100644 inline ${path}\ndata 2\n{}`);
  expect(await codes(repository)).toEqual(['document-damaged']);
  rewrite(`D ${path}`);
  expect(await codes(repository)).toEqual(['document-missing']);
  expect((await comfy(repository, 'fsck')).out).toContain('git comfy fsck --repair');
  // The history of the store has it, and tells the sound one from the other by its name.
  const repaired = await comfy(repository, 'fsck', '--repair');
  expect(repaired).toEqual({ code: 0, out: '1 document brought back\n1 record, 1 document\n' });
  rewrite(`M 100644 inline ${path}\ndata 2\n{}`);
  expect((await comfy(repository, 'fsck', '--repair')).code).toBe(0);
});

test('names a document that is what its name says, and no snapshot', async () => {
  const { opened, repository } = await committedWorkflow();
  const documents = ['{"snapshot":1}\n', '{"snapshot":2}\n'].map((text) => nameDocument('snapshot', text));
  await putStore(
    opened,
    documents.map(({ path, text }) => ({ path, bytes: text })),
  );
  for (const [index, { id }] of documents.entries()) {
    const { record } = await recordRun(opened, runFacts({}, output(`${index}.png`, index)));
    await addNoteLines(opened, [{ commit: record.commit ?? '', line: writeRecord({ ...record, snapshot: id }) }]);
  }
  expect(await codes(repository)).toEqual(['document-damaged', 'document-newer']);
});

test('names a record that another one or a label names, and that is not there', async () => {
  const { opened, repository, head } = await committedWorkflow();
  const of = 'a'.repeat(64);
  await recordRun(opened, runFacts({}, { ...output('one.png', 1), reproduces: of }));
  await addNoteLines(opened, [
    { commit: head, line: writeRecord({ label: 1, name: 'client-x', of, time: '2026-11-21T12:00:00.000Z' }) },
  ]);
  expect(await codes(repository)).toEqual(['record-missing', 'record-missing']);
});

test('a lock that a killed git has left is named, and removed by --repair; a fresh one is not', async () => {
  const { opened, repository } = await committedWorkflow();
  const old = ['.git/refs/notes/comfy.lock', '.git/refs/comfy/kept.lock'] as const;
  const fresh = '.git/refs/comfy/store.lock';
  for (const path of [...old, fresh]) repository.write(path, '');
  const then = new Date(Date.now() - 3600 * 1000);
  for (const path of old) utimesSync(join(repository.path, path), then, then);
  expect(await codes(repository)).toEqual(['lock-left', 'lock-left']);
  expect((await fsck(opened, true)).faults).toEqual([]);
  expect([...old, fresh].map((path) => existsSync(join(repository.path, path)))).toEqual([false, false, true]);
});

test('after a squash the run is found again at the commit that has its workflow', async () => {
  const { repository, opened, head } = await committedWorkflow();
  repository.git('switch', '--quiet', '-c', 'side');
  commitWorkflow(repository, { steps: 30 }, 'More steps');
  await recordRun(opened, runFacts({ steps: 30 }, output('thirty.png', 1)));
  repository.git('switch', '--quiet', 'main');
  repository.git('merge', '--squash', '--quiet', 'side');
  repository.git('commit', '--quiet', '-m', 'Squashed');
  repository.git('branch', '-D', '--quiet', 'side');
  repository.git('reflog', 'expire', '--expire=now', '--all');
  repository.git('gc', '--quiet', '--prune=now');
  expect(await codes(repository)).toEqual(['commit-gone']);
  const squashed = repository.git('rev-parse', 'main');
  expect(squashed).not.toBe(head);
  const repaired = await comfy(repository, 'fsck', '--repair');
  expect(repaired).toEqual({
    code: 0,
    out: `thirty.png: at ${squashed.slice(0, 10)} now\n2 records, 1 document\n`.replace('2 records', '1 record'),
  });
  expect((await comfy(repository, 'log', '-n', '1')).out).toMatch(/Squashed .*\n {4}thirty\.png/);
  expect(await comfy(repository, 'fsck')).toMatchObject({ code: 0 });
});

test('a run whose workflow no commit has any more is named, and stays known', async () => {
  const { repository, opened } = await committedWorkflow();
  repository.git('switch', '--quiet', '-c', 'side');
  commitWorkflow(repository, { steps: 31 }, 'Gone soon');
  await recordRun(opened, runFacts({ steps: 31 }, output('gone.png', 7)));
  repository.git('switch', '--quiet', 'main');
  repository.git('branch', '-D', '--quiet', 'side');
  const { code, out } = await comfy(repository, 'fsck', '--repair');
  expect([code, out]).toEqual([1, expect.stringContaining('no commit has its workflow')]);
  writeFileSync(join(repository.path, 'somewhere.png'), madePicture(7));
  expect((await comfy(repository, 'show', 'somewhere.png')).out).toContain('the hash of the file');
});
