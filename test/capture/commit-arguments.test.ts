import { expect, test } from 'vitest';
import { readCommitArguments } from '../../src/capture/commit-arguments.js';

test.each([
  [[], { kind: 'index' }],
  [['-m', 'a message'], { kind: 'index' }],
  [['-a'], { kind: 'all' }],
  [['-am', 'message'], { kind: 'all' }],
  [['-amessage'], { kind: 'all' }],
  [['-ma', 'file.json'], { kind: 'only', paths: ['file.json'] }],
  [['--all', '--message=x'], { kind: 'all' }],
  [['--message', 'x', 'file.json'], { kind: 'only', paths: ['file.json'] }],
  [['--mess', 'x', 'file.json'], { kind: 'only', paths: ['file.json'] }],
  [['file.json', '-m', 'x'], { kind: 'only', paths: ['file.json'] }],
  [['-m', 'x', '--', '-a'], { kind: 'only', paths: ['-a'] }],
  [['-i', 'file.json', '-m', 'x'], { kind: 'include', paths: ['file.json'] }],
  [['-S', 'file.json', '-m', 'x'], { kind: 'only', paths: ['file.json'] }],
  [['-SKEY', '-m', 'x'], { kind: 'index' }],
  [['-uno', '-m', 'x'], { kind: 'index' }],
  [['-C', 'HEAD'], { kind: 'index' }],
  [['--fixup', 'HEAD'], { kind: 'index' }],
  [['--author', 'A <a@b>', '--date', 'now', '-m', 'x'], { kind: 'index' }],
  [['-p'], { kind: 'unknown' }],
  [['--pathspec-from-file=list'], { kind: 'unknown' }],
  [['--dry-run', '-a'], { kind: 'nothing' }],
  [['-m', '-'], { kind: 'index' }],
])('%j commits %j', (words, scope) => {
  expect(readCommitArguments(words).scope).toEqual(scope);
});

test.each([
  [['-m', 'x'], true],
  [['-am', 'x'], true],
  [['-F', 'file'], true],
  [['--amend'], true],
  [['--no-edit'], true],
  [['-a'], false],
  [['file.json'], false],
  [['-v'], false],
])('%j has a message of its own: %s', (words, given) => {
  expect(readCommitArguments(words).messageGiven).toBe(given);
});

test('--auto is ours and does not go to git, a file of that name does', () => {
  expect(readCommitArguments(['--auto', '-a'])).toMatchObject({ auto: true, args: ['-a'] });
  expect(readCommitArguments(['-m', 'x', '--', '--auto'])).toMatchObject({ auto: false, scope: { paths: ['--auto'] } });
});

test('--auto and a message exclude each other', () => {
  expect(() => readCommitArguments(['--auto', '-m', 'x'])).toThrow(expect.objectContaining({ code: 'usage' }));
});
