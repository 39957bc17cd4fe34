import { expect, test } from 'vitest';
import { attributeLine, examplePath, patternOf, patternsFor } from '../../src/setup/patterns.js';
import { makeRepository } from '../support/git.js';

test('folders of workflows are tracked, files at the top one by one', () => {
  expect(patternsFor(['a/x.json', 'a/b/y.json', 'c d/z.json', 'top.json'])).toEqual([
    'a/**/*.json',
    'c d/**/*.json',
    '/top.json',
  ]);
});

const strange = [
  'wf/x.json',
  'with space/a/b.json',
  '[draft]/x.json',
  'say "hi"/x.json',
  '#x/y.json',
  '!x/y.json',
  'ü/x.json',
  't\tb/x.json',
  'back\\slash/x.json',
];

test.each(strange)('git matches %j by the pattern made from it, and nothing beside it', (path) => {
  const made = makeRepository();
  const [pattern = ''] = patternsFor([path]);
  expect(patternOf(attributeLine(pattern))).toBe(pattern);
  made.write('.gitattributes', `${attributeLine(pattern)}\n`);
  const filterOf = (asked: string) => made.git('check-attr', '-z', 'filter', '--', asked).split('\0')[2];
  expect(filterOf(path)).toBe('comfy');
  expect(filterOf(examplePath(pattern))).toBe('comfy');
  expect(filterOf('d/other.json')).toBe('unspecified');
});
