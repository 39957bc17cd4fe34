import { expect, test } from 'vitest';
import { notStored } from '../../src/git/came-between.js';
import { changeStore, listStore, putStore, readStore, storeRef } from '../../src/git/store.js';
import { nameDocument } from '../../src/lineage/stored-document.js';
import { restoreDocuments } from '../../src/sharing/restore-documents.js';
import { makeRepository } from '../support/git.js';

const layout = (time: string) => `{"layout":1,"time":"${time}"}\n`;

test('documents are kept by path, in commits that have a parent', async () => {
  const made = makeRepository();
  const repository = await made.open();
  await putStore(repository, [{ path: 'snapshots/ab/c.json', bytes: 'one' }]);
  await putStore(repository, [{ path: 'states/cd/e.json', bytes: Buffer.from([0, 255]) }]);
  expect(await readStore(repository, 'snapshots/ab/c.json')).toEqual(Buffer.from('one'));
  expect(await readStore(repository, 'states/cd/e.json')).toEqual(Buffer.from([0, 255]));
  expect(await readStore(repository, 'states/cd/missing.json')).toBeUndefined();
  expect(await listStore(repository, 'states')).toEqual(['states/cd/e.json']);
  expect(made.git('rev-list', '--count', storeRef)).toBe('2');
});

test.each([3, 3000])('of %i paths those are named that the store does not have', async (count) => {
  const repository = await makeRepository().open();
  const paths = Array.from({ length: count }, (_, at) => `states/ab/${at}.json`);
  expect(await notStored(repository, paths)).toEqual(paths);
  await putStore(repository, [{ path: 'states/ab/1.json', bytes: 'one' }]);
  expect(await notStored(repository, paths)).toEqual(paths.filter((path) => path !== 'states/ab/1.json'));
});

test.each([3, 700])('%i documents come back out of the history of the store', async (count) => {
  const repository = await makeRepository().open();
  const files = Array.from({ length: count }, (_, at) => nameDocument('snapshot', `${at}`));
  const paths = files.map(({ path }) => path).sort();
  await putStore(
    repository,
    files.map(({ path, text }) => ({ path, bytes: text })),
  );
  await putStore(repository, [{ path: 'layouts/ab/c.json', bytes: layout('1') }]);
  await changeStore(repository, { message: 'out', plan: async () => paths.map((path) => ({ path })) });
  expect(await listStore(repository, 'snapshots')).toEqual([]);
  expect((await restoreDocuments(repository, paths)).sort()).toEqual(paths);
  expect(await listStore(repository, 'snapshots')).toEqual(paths);
});

test('what is there stays as it is, and makes no commit', async () => {
  const made = makeRepository();
  const repository = await made.open();
  await putStore(repository, [{ path: 'snapshots/ab/c.json', bytes: 'one' }]);
  await putStore(repository, [{ path: 'snapshots/ab/c.json', bytes: 'other' }]);
  expect(String(await readStore(repository, 'snapshots/ab/c.json'))).toBe('one');
  expect(made.git('rev-list', '--count', storeRef)).toBe('1');
});

test('of two layouts for one blob and path the newest wins, in whatever order they come', async () => {
  const made = makeRepository();
  const repository = await made.open();
  const path = 'layouts/ab/c/d.json';
  await putStore(repository, [{ path, bytes: layout('2026-02-01T00:00:00Z') }]);
  await putStore(repository, [{ path, bytes: layout('2026-01-01T00:00:00Z') }]);
  expect(String(await readStore(repository, path))).toBe(layout('2026-02-01T00:00:00Z'));
  await putStore(repository, [
    { path, bytes: layout('2026-04-01T00:00:00Z') },
    { path, bytes: layout('2026-03-01T00:00:00Z') },
  ]);
  expect(String(await readStore(repository, path))).toBe(layout('2026-04-01T00:00:00Z'));
});
