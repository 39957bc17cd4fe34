import { expect, test } from 'vitest';
import { paged } from '../../src/commands/paged.js';
import { pagerOf, showInPager } from '../../src/git/pager.js';
import { captured } from '../support/context.js';
import { makeRepository } from '../support/git.js';

test("the person's pager gets the text; git's own order decides which it is", async () => {
  const repository = makeRepository();
  repository.git('config', 'core.pager', 'cat > paged.txt');
  expect(await pagerOf(repository.path)).toBe('cat > paged.txt');
  const terminal = { color: true, width: 80, interactive: true };
  const { context } = captured(repository.path, { output: terminal });
  expect(await paged(context, 'what changed', true)).toBe('');
  expect(repository.read('paged.txt')).toBe('what changed\n');
});

test('no pager with --no-pager, without a terminal, or where the person has set none', async () => {
  const repository = makeRepository();
  repository.git('config', 'core.pager', 'cat > paged.txt');
  const terminal = { color: true, width: 80, interactive: true };
  expect(await paged(captured(repository.path, { output: terminal }).context, 'text', false)).toBe('text');
  expect(await paged(captured(repository.path).context, 'text', true)).toBe('text');
  repository.git('config', 'core.pager', 'cat');
  expect(await paged(captured(repository.path, { output: terminal }).context, 'text', true)).toBe('text');
});

test('a pager that is not there does not swallow the text', async () => {
  const { path } = makeRepository();
  expect(await showInPager(path, 'no-such-pager-here', 'text', process.env)).toBe(false);
});

test('a pager that is left early is no error', async () => {
  const { path } = makeRepository();
  expect(await showInPager(path, 'head -c 1 > /dev/null', 'text '.repeat(100_000), process.env)).toBe(true);
});
