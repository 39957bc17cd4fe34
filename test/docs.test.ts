import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commands } from '../src/commands/table.js';
import { filterKeys } from '../src/lineage/find-query.js';
import { manPage } from '../src/terminal/man.js';
import { commandReference } from '../src/terminal/reference.js';

const root = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const docPages = () =>
  readdirSync(new URL('docs', root))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`);
const all = await Promise.all(Object.values(commands).map((load) => load()));

test('docs/commands.md is what the program says of itself (npm run docs)', () => {
  expect(read('docs/commands.md')).toBe(commandReference(all));
});

test('the manual page has every command that people call', () => {
  const page = manPage(all, '0.0.0', '2026-01-31');
  for (const { name, group } of all)
    if (group !== 'plumbing') expect(page).toContain(`.SS git comfy ${name.replaceAll('-', '\\-')}`);
});

test('a command is in the table by its own name', () => {
  expect(all.map(({ name }) => name)).toEqual(Object.keys(commands));
});

test('every `git comfy ...` that the README and the docs show as code is a command that exists', () => {
  const pages = ['README.md', ...docPages()];
  const code = (text: string) => [...text.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([found]) => found).join('\n');
  const unknown = pages.flatMap((page) =>
    [...code(read(page)).matchAll(/git[ -]comfy ([a-z][a-z-]*)\b/g)]
      .map(([, name = '']) => name)
      .filter((name) => !Object.hasOwn(commands, name))
      .map((name) => `${page}: git comfy ${name}`),
  );
  expect(unknown).toEqual([]);
});

test('docs/lineage.md lists the filters of find', () => {
  const rows = Object.entries(filterKeys).map(
    ([key, about]) => `| \`${key === 'input' ? 'input.<name>' : key}:\` | ${about} |`,
  );
  expect(read('docs/lineage.md')).toContain(rows.join('\n'));
});

test('every relative link in the README and the docs leads to a file', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', ...docPages()];
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
      .map(([, target = '']) => target)
      .filter((target) => {
        try {
          read(new URL(target, new URL(page, root)).pathname.slice(root.pathname.length));
          return false;
        } catch (error) {
          return (error as NodeJS.ErrnoException).code !== 'EISDIR';
        }
      })
      .map((target) => `${page}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test('the picture in the README shows commands that exist, and no folder of a machine', () => {
  const picture = read('docs/picture.svg').replaceAll(/<[^>]*>/g, '');
  const typed = [...picture.matchAll(/^\$ git comfy (\S+)/gm)].map(([, name]) => name ?? '');
  expect(typed.length).toBeGreaterThan(0);
  expect(typed.filter((name) => !Object.hasOwn(commands, name))).toEqual([]);
  expect(picture).not.toMatch(/\/(?:tmp|home|Users|work|var)\//);
});
