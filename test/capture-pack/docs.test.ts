import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const code = read('templates/capture-pack/__init__.py');
const docs = read('docs/capture-pack.md');

/** First cells of the table below a heading cell. */
const firstCells = (head: string) => {
  const table = docs.slice(docs.indexOf(`| \`${head}\` |`)).split('\n\n')[0] ?? '';
  return [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name).filter((name) => name !== head);
};

const all = (pattern: RegExp, text: string) =>
  [...new Set([...text.matchAll(pattern)].map(([, found]) => found))].sort();

test('the docs name every route, every kind of line and every state that the pack has', () => {
  expect(all(/`(?:GET|POST) (\/gitcomfy\/\w+)`/g, docs)).toEqual(all(/@routes\.\w+\("([^"]+)"\)/g, code));
  expect(firstCells('kind').sort()).toEqual(all(/"?kind"?[:=] ?"(\w+)"/g, code));
  expect(firstCells('state').sort()).toEqual(all(/"?state"?[:=] ?"(\w+)"/g, code));
});

test('the numbers of the docs are those of the pack', () => {
  const of = (name: string) => new RegExp(`^${name} = (.+)$`, 'm').exec(code)?.[1];
  expect([of('MAX_BODY'), of('MAX_ASKED'), of('MAX_JOURNAL'), of('MAX_JOURNALS')]).toEqual([
    '256 * 1024',
    '512',
    '8 * 1024 * 1024',
    '32',
  ]);
  for (const words of ['at most 512', '256 KiB', 'at 8 MiB', 'last 32']) expect(docs).toContain(words);
  expect(docs).toContain(`"pack": ${of('VERSION')}`);
});

test('the members of a run that the docs list are those that it has', () => {
  const line = code.slice(code.indexOf('line = {'), code.indexOf('self.journal.append([about, prompt, line])'));
  const members = all(/^ {12}"(\w+)":/gm, line).filter((name) => name !== 'journal' && name !== 'kind');
  const row = /^\| `run` \| (.*) \|$/m.exec(docs)?.[1] ?? '';
  expect(all(/`(\w+)`/g, row)).toEqual(members);
});
