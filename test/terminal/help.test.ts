import { expect, test } from 'vitest';
import { commands } from '../../src/commands/table.js';
import { helpOf, overview } from '../../src/terminal/help.js';
import { manPage } from '../../src/terminal/man.js';
import { painter } from '../../src/terminal/paint.js';

const all = await Promise.all(Object.values(commands).map((load) => load()));
const plain = painter(false);
const longLines = (text: string, most: number) => text.split('\n').filter((line) => line.length > most);

test('help fits a terminal of 80 columns, and is no wider in a wide one', () => {
  for (const width of [80, 200]) {
    const text = overview(all, width, plain);
    expect(longLines(text, 80)).toEqual([]);
    for (const { group, summary } of all) if (group !== 'plumbing') expect(text).toContain(`  ${summary}\n`);
    expect(all.flatMap((command) => longLines(helpOf(command, width), 80))).toEqual([]);
  }
});

test('what an option is about stays in its column when the window is narrow', () => {
  const help = helpOf(
    {
      name: 'ink',
      group: 'more',
      summary: 'draw',
      arguments: [],
      options: [{ flags: '--pen', about: 'the pen that draws the line' }],
      run: async () => ({ result: {}, text: '' }),
    },
    36,
  );
  expect(help).toContain('   --pen       the pen that draws\n               the line\n');
});

test('every command shows at least one line to type, in which it is called', () => {
  for (const { name, examples = [] } of all) {
    expect(examples, name).not.toEqual([]);
    expect(examples.join('\n'), name).toContain(name);
  }
});

test('the commands of every day come first, in bold', () => {
  const bold: string[] = [];
  overview(all, 80, (style, text) => {
    if (style === 'bold') bold.push(text);
    return text;
  });
  expect(bold).toEqual(all.filter(({ group }) => group === 'everyday').map(({ name }) => name));
  const groups = all.map(({ group }) => group);
  expect(groups).toEqual([...groups].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
});

const order = ['everyday', 'more', 'plumbing'];

test('the manual page is source that man(1) reads without complaint', () => {
  const page = manPage(all, '1.2.3', '2026-01-31');
  expect(longLines(page, 79)).toEqual([]);
  expect(page.split('\n').slice(0, -1)).not.toContain('');
  expect(page.split('\n')[0]).toBe('.TH GIT\\-COMFY 1 "2026-01-31" "git\\-comfy 1.2.3" "Git Manual"');
});
