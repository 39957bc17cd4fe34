import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readLineage } from '../../src/capture/read-lineage.js';
import { addLineage, largestNote, rollNotes } from '../../src/git/lineage-lines.js';
import { addNoteLines, notesRef, readNote } from '../../src/git/notes.js';
import type { Repository } from '../../src/git/repository.js';
import { listStore, putStore, readStore } from '../../src/git/store.js';
import type { RunRecord } from '../../src/lineage/record.js';
import { writeRecord } from '../../src/lineage/record-line.js';
import { sync } from '../../src/sharing/sync.js';
import { captured } from '../support/context.js';
import { makeRepository, repositoryAt, type TestRepository } from '../support/git.js';

const hex = (number: number) => number.toString(16).padStart(64, '0');

const record = (number: number): RunRecord => ({
  record: 1,
  match: 'exact',
  outputs: [
    { name: `ComfyUI_${number}_.png`, sha256: hex(number), pixels: hex(number), bytes: 1, node: '9', index: 0 },
  ],
  seeds: { '3.seed': String(number) },
  prompt: `prompt-${number}`,
  snapshot: hex(number),
  captured: 'run',
  time: '2026-11-21T12:00:00.000Z',
});

/** Lines of about 500 bytes. */
const lines = (commit: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => ({ commit, line: writeRecord(record(from + at)) }));

const sizeOfNote = async (repository: Repository, commit: string) =>
  Buffer.byteLength((await readNote(repository, commit)).join('\n'));

const seedsIn = async (repository: Repository) =>
  (await readLineage(repository)).records.map(({ record: { seeds } }) => Number(seeds['3.seed'])).sort((a, b) => a - b);

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

test('a note stays small, and every line is still found, once', async () => {
  const made = makeRepository();
  const commit = made.commit({ a: 'a' });
  const repository = await made.open();
  await addNoteLines(repository, [{ commit, line: 'somebody else wrote this' }]);
  await addLineage(repository, lines(commit, 0, 1500));
  expect(await listStore(repository, 'lineage')).toEqual([]);
  await addLineage(repository, lines(commit, 1500, 6000));
  expect(await sizeOfNote(repository, commit)).toBeLessThan(largestNote);
  expect(await readNote(repository, commit)).toContain('somebody else wrote this');
  expect(await seedsIn(repository)).toEqual(upTo(6000));
  const documents = await listStore(repository, `lineage/${commit}`);
  expect(documents.length).toBeGreaterThan(1);
  for (const path of documents) expect((await readStore(repository, path))?.length).toBeLessThan(1_100_000);
});

test('a crash after the store was written costs nothing', async () => {
  const made = makeRepository();
  const commit = made.commit({ a: 'a' });
  const repository = await made.open();
  await addNoteLines(repository, lines(commit, 0, 4000));
  const text = `${lines(commit, 0, 3000)
    .map(({ line }) => line)
    .join('\n')}\n`;
  await putStore(repository, [{ path: `lineage/${commit}/${'a'.repeat(64)}.jsonl`, bytes: text }]);
  expect(await seedsIn(repository)).toEqual(upTo(4000));
  await rollNotes(repository, [commit]);
  expect(await sizeOfNote(repository, commit)).toBeLessThan(largestNote);
  expect(await seedsIn(repository)).toEqual(upTo(4000));
});

test('lines that are written while older ones are moved stay', async () => {
  const made = makeRepository();
  const commit = made.commit({ a: 'a' });
  const repository = await made.open();
  await addNoteLines(repository, lines(commit, 0, 4000));
  await Promise.all([
    rollNotes(repository, [commit]),
    addLineage(repository, lines(commit, 4000, 4010)),
    addLineage(repository, lines(commit, 4010, 4020)),
  ]);
  expect(await seedsIn(repository)).toEqual(upTo(4020));
});

test('clones of which one has moved its lines agree after a sync each way', async () => {
  const first = makeRepository();
  const commit = first.commit({ a: 'a' });
  first.git('clone', '-q', '--bare', '.', '../hub.git');
  const clones = ['a', 'b'].map((name): TestRepository => {
    first.git('clone', '-q', '../hub.git', `../${name}`);
    return repositoryAt(join(dirname(first.path), name));
  });
  const [a, b] = clones as [TestRepository, TestRepository];
  await addNoteLines(await a.open(), lines(commit, 0, 2500));
  for (const clone of [a, b]) await sync(captured(clone.path).context, undefined);
  await rollNotes(await a.open(), [commit]);
  await addNoteLines(await b.open(), lines(commit, 2500, 2600));
  for (const clone of [a, b, a, b]) await sync(captured(clone.path).context, undefined);
  for (const clone of clones) {
    expect(await seedsIn(await clone.open())).toEqual(upTo(2600));
    expect(await sizeOfNote(await clone.open(), commit)).toBeLessThan(largestNote);
  }
  expect(a.git('rev-parse', `${notesRef}^{tree}`)).toBe(b.git('rev-parse', `${notesRef}^{tree}`));
});
