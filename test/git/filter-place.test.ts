import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filterPlace, storeTips, usualPlace } from '../../src/git/filter-place.js';
import { putStore } from '../../src/git/store.js';
import { makeRepository, temporaryFolder } from '../support/git.js';

test('a usual repository is found without git, as git finds it', async () => {
  const { path } = makeRepository();
  expect(usualPlace(path)).toEqual(await filterPlace(path));
});

test.each([
  ['of SHA-256', () => makeRepository('--object-format=sha256').path],
  ['bare', () => makeRepository('--bare').path],
  [
    'a linked work tree',
    () => {
      const repository = makeRepository();
      repository.commit({ 'a.txt': 'a' });
      const path = join(temporaryFolder(), 'linked');
      repository.git('worktree', 'add', '--quiet', '--detach', path);
      return path;
    },
  ],
  [
    'a folder whose .git is none',
    () => {
      const path = temporaryFolder();
      mkdirSync(join(path, '.git'));
      return path;
    },
  ],
])('of what is not usual, git is asked: %s', (_, make) => {
  expect(usualPlace(make())).toBeUndefined();
});

test('the store is found whether its ref is loose or packed', async () => {
  const repository = makeRepository();
  const [opened, place] = [await repository.open(), await filterPlace(repository.path)];
  expect(await storeTips(place)).toEqual([]);
  repository.commit({ 'a.txt': 'a' });
  repository.git('pack-refs', '--all');
  expect(await storeTips(place)).toEqual([]);
  await putStore(opened, [{ path: 'a', bytes: 'a' }]);
  const tip = [repository.git('rev-parse', 'refs/comfy/store').trim()];
  expect(await storeTips(place)).toEqual(tip);
  repository.git('pack-refs', '--all', '--prune');
  expect(await storeTips(place)).toEqual(tip);
});
