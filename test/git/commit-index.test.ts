import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withCommitIndex } from '../../src/git/commit-index.js';
import { gitText } from '../../src/git/exec.js';
import { makeRepository, type TestRepository } from '../support/git.js';

const contentIn = async (made: TestRepository, adding: Parameters<typeof withCommitIndex>[2], path: string) => {
  const repository = await made.open();
  return withCommitIndex(repository, made.path, adding, (env) => gitText(made.path, ['show', `:${path}`], { env }));
};

test('a change of the same size in the same moment as the last add is seen', async () => {
  const made = makeRepository();
  made.git('config', 'core.trustctime', 'false');
  const at = (path: string) => utimesSync(join(made.path, path), 1_700_000_000, 1_700_000_000);
  made.write('a', 'one');
  at('a');
  made.git('add', 'a');
  at('.git/index');
  made.write('a', 'two');
  at('a');
  expect(await contentIn(made, { all: true }, 'a')).toBe('two');
});

test('files that are named come from the work tree, the rest from HEAD or the index, and the index stays', async () => {
  const made = makeRepository();
  made.commit({ a: 'head', b: 'head' });
  made.write('a', 'staged');
  made.git('add', 'a');
  made.write('b', 'changed');
  const before = made.git('ls-files', '-s');
  expect(await contentIn(made, { paths: ['b'], fromHead: true }, 'a')).toBe('head');
  expect(await contentIn(made, { paths: ['b'], fromHead: false }, 'a')).toBe('staged');
  expect(await contentIn(made, { paths: ['b'], fromHead: true }, 'b')).toBe('changed');
  expect(made.git('ls-files', '-s')).toBe(before);
});

test('before the first commit, and with nothing staged', async () => {
  const made = makeRepository();
  const repository = await made.open();
  const listed = (env: Readonly<Record<string, string>>) => gitText(made.path, ['ls-files'], { env });
  expect(await withCommitIndex(repository, made.path, { all: true }, listed)).toBe('');
  made.write('a', 'first');
  made.git('add', 'a');
  expect(await withCommitIndex(repository, made.path, { paths: ['a'], fromHead: true }, listed)).toBe('a');
});
