import { expect, test } from 'vitest';
import { code, diffMarkdown } from '../../src/terminal/diff-markdown.js';
import { diffText } from '../../src/terminal/diff-text.js';
import { painter } from '../../src/terminal/paint.js';
import { diffWorkflows } from '../../src/workflow/diff.js';
import type { FileDiff } from '../../src/workflow/file-diff.js';
import { sketch, workflow } from '../workflow/build.js';

const prompt = (text: string, title?: string) =>
  sketch([{ id: 6, type: 'CLIPTextEncode', widgets_values: [text], ...(title === undefined ? {} : { title }) }]);

const fileDiff = (before: unknown, after: unknown): FileDiff => ({
  path: 'workflows/a.json',
  status: 'changed',
  changes: diffWorkflows(workflow(before), workflow(after)),
});

const plain = { paint: painter(false), color: false };

test('a changed prompt shows its words, marked by signs where there is no colour', () => {
  const file = fileDiff(prompt('a red house at night'), prompt('a blue house at night'));
  expect(diffText([file], plain)).toBe('workflows/a.json\n  CLIPTextEncode #6: text a [-red-]{+blue+} house at night');
  expect(diffText([file], { paint: painter(true), color: true })).toBe(
    '\u001b[1mworkflows/a.json\u001b[0m\n  \u001b[36mCLIPTextEncode #6\u001b[0m: text a ' +
      '\u001b[31mred\u001b[0m\u001b[32mblue\u001b[0m house at night',
  );
});

test('lines break at blanks to fit the terminal', () => {
  const file = fileDiff(prompt('a red house'), prompt(`a red house ${'with many windows '.repeat(6)}`));
  const lines = diffText([file], { ...plain, width: 60 }).split('\n');
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
  expect(lines.slice(2).every((line) => line.startsWith('      '))).toBe(true);
});

test('escape sequences in titles and values do not reach the terminal', () => {
  const file = fileDiff(prompt('a b', '\u001b[2Jgone'), prompt('a \u001b]0;owned\u0007', '\u001b[2Jgone'));
  expect(diffText([file], plain)).not.toContain('\u001b');
});

test('positions that stand for unknown names are explained', () => {
  const pack = (value: number) => sketch([{ id: 1, type: 'Pack', widgets_values: [value] }]);
  expect(diffText([fileDiff(pack(1), pack(2))], plain)).toContain('\n  #0: positions of values; git comfy lock learns');
});

test('Markdown: everything from the file stands in code spans', () => {
  const hostile = '](http://x) <img src=x onerror=alert(1)> `` @everyone #1';
  const text = diffMarkdown([fileDiff(prompt('a', hostile), prompt('b', hostile))]);
  const outside = text.replace(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
  expect(outside).toBe('#### \n\n-  ');
});

test.each([
  ['plain', '`plain`'],
  ['a ` b', '``a ` b``'],
  ['`', '`` ` ``'],
  ['', '` `'],
  ['two\nlines', '`two lines`'],
])('a code span of %j', (text, span) => {
  expect(code(text)).toBe(span);
});

test('Markdown stays below what a comment may have, and says what is left out', () => {
  const file = fileDiff(prompt('a'), prompt('b'));
  const many = {
    ...file,
    changes: Array.from({ length: 5000 }, () => file.changes[0]).filter((each) => each !== undefined),
  };
  const text = diffMarkdown([many, file]);
  expect(text.length).toBeLessThan(65_536);
  expect(text).toMatch(/_\d+ more lines and 1 more file: git comfy diff shows all\._$/);
});

test('nothing changed is said in a pull request', () => {
  expect(diffMarkdown([])).toBe('No workflow changed.');
});
