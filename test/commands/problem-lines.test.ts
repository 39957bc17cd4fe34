import { expect, test } from 'vitest';
import { groupProblems } from '../../src/commands/problem-lines.js';
import type { Finding } from '../../src/lock/lint/finding.js';

const raw = (path: string): Finding => ({ path, code: 'not-normal-form', text: `${path} is raw`, hint: 'by itself' });
const unlocked = (path: string): Finding => ({ path, code: 'not-locked', text: `${path} is new`, hint: 'lock it' });

test('what one command mends is said together, and the command once', () => {
  expect(groupProblems([unlocked('a.json'), raw('b c.json'), unlocked('d.json')])).toEqual([
    { lines: ['a.json is new', 'd.json is new'], mend: 'lock it' },
    { lines: ['b c.json is raw'], mend: "git add --renormalize -- 'b c.json'" },
  ]);
});

test('of many raw files the folders are named', () => {
  const paths = Array.from({ length: 12 }, (_, at) => `flows/${at}.json`);
  const [group] = groupProblems([...paths, 'top.json'].map(raw));
  expect(group?.lines).toHaveLength(11);
  expect(group?.lines.at(-1)).toBe('and 3 more like it');
  expect(group?.mend).toBe('git add --renormalize -- flows/ .');
});

test('a path cannot speak to the terminal', () => {
  expect(groupProblems([raw('a\u001b[2J.json')])[0]?.lines).toEqual(['a\\u001b[2J.json is raw']);
});
