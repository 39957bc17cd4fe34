import { expect, test } from 'vitest';
import { commitsHoldingBlob, nearestHolder } from '../../src/git/history.js';
import { makeRepository } from '../support/git.js';

test('the commits that brought a blob in are named with path and time, the first one first', async () => {
  const made = makeRepository();
  const first = made.commit({ 'workflows/a b.json': 'one' });
  made.commit({ 'workflows/a b.json': 'two' });
  const again = made.commit({ 'workflows/copy.json': 'one' });
  const held = await commitsHoldingBlob(await made.open(), made.git('rev-parse', 'HEAD:workflows/copy.json'));
  expect(held.map(({ commit, path }) => [commit, path])).toEqual([
    [first, 'workflows/a b.json'],
    [again, 'workflows/copy.json'],
  ]);
  expect(held[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
});

test('a blob of no commit is held by none, also before the first commit', async () => {
  const repository = await makeRepository().open();
  expect(await commitsHoldingBlob(repository, '1'.repeat(40))).toEqual([]);
});

test('the nearest ancestor is HEAD, or the newest commit before the blob was replaced', async () => {
  const made = makeRepository();
  made.commit({ a: 'one' });
  const blob = made.git('rev-parse', 'HEAD:a');
  const last = made.commit({ b: 'else' });
  const repository = await made.open();
  expect(await nearestHolder(repository, blob, last)).toMatchObject({ commit: last, path: 'a' });
  made.commit({ a: 'two' });
  const head = made.commit({ b: 'more' });
  expect(await nearestHolder(repository, blob, head)).toMatchObject({ commit: last, path: 'a' });
  expect(await nearestHolder(repository, '1'.repeat(40), head)).toBeUndefined();
});

test('a blob that a merge made is found at the merge', async () => {
  const made = makeRepository();
  made.commit({ a: 'base' });
  made.git('switch', '--quiet', '-c', 'side');
  made.commit({ a: 'side' });
  made.git('switch', '--quiet', 'main');
  made.commit({ a: 'main' });
  made.git('merge', '--quiet', '--no-commit', '-s', 'ours', 'side');
  const merge = made.commit({ a: 'both' }, 'merge');
  const blob = made.git('rev-parse', 'HEAD:a');
  const repository = await made.open();
  expect(await commitsHoldingBlob(repository, blob)).toMatchObject([{ commit: merge, path: 'a' }]);
});
