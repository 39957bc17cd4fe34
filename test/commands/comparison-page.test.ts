import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { compareCommand } from '../../src/commands/compare.js';
import { shownFile } from '../../src/commands/comparison-facts.js';
import type { Context } from '../../src/context.js';
import { plainPng } from '../../src/image/plain/png.js';
import { decodePng } from '../../src/image/png.js';
import { writePng } from '../../src/image/write-png.js';
import { comparisonPage } from '../../src/terminal/page/comparison-page.js';
import { fixture } from '../image/fixtures.js';
import { browser, openInBrowser } from '../support/browser.js';
import { chunk, encodePng } from '../support/encode-png.js';
import { temporaryFolder } from '../support/git.js';

const side = 96;
const flat = (red: number, green: number, blue: number) =>
  Uint8Array.from({ length: side * side * 3 }, (_, at) => [red, green, blue][at % 3] as number);
const png = (rgb: Uint8Array, texts: [string, string][] = []) => writePng(side, side, rgb, texts);

const red = png(flat(255, 0, 0));
const blue = png(flat(0, 0, 255));
const hostile = `</title></script><script>document.title='owned'</script><img src=x onerror="document.title='owned'">`;

async function compare(a: Uint8Array, b: Uint8Array, options = {}) {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'a.png'), a);
  writeFileSync(join(cwd, 'b.png'), b);
  const answer = await compareCommand.run({ cwd } as Context, { args: ['a.png', 'b.png'], options });
  return { ...answer, cwd };
}

test('a heat map is dark where nothing differs and glows where something does', async () => {
  const changed = flat(255, 0, 0);
  for (const at of [0, 1, 2]) changed[(10 * side + 20) * 3 + at] = 255 - (changed[(10 * side + 20) * 3 + at] as number);
  const { cwd, text } = await compare(red, png(changed), { heat: 'heat.png' });
  expect(text).toContain('heat.png');
  const { samples, width } = decodePng(readFileSync(join(cwd, 'heat.png')));
  const at = (x: number, y: number) => [...samples.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
  expect(at(20, 10)).toEqual([255, 255, 255]);
  expect(at(21, 10)).toEqual([21, 21, 21]);
});

test('where nothing differs, and where sizes do, there is no heat map', async () => {
  const same = await compare(red, png(flat(255, 0, 0)), { heat: 'heat.png' });
  const other = await compare(red, writePng(2, 2, new Uint8Array(12), []), { heat: 'heat.png' });
  for (const { cwd } of [same, other]) expect(existsSync(join(cwd, 'heat.png'))).toBe(false);
  expect(other.text).toContain('not comparable');
});

test('a gamma that only one file names is noted, and samples are compared as they are', async () => {
  const gamma = chunk('gAMA', Buffer.from([0, 0, 0xb1, 0x8f]));
  const plan = { width: 2, height: 2, colorType: 2, bits: 8, samples: new Uint8Array(12) } as const;
  const { text, exit } = await compare(encodePng(plan), encodePng({ ...plan, before: [gamma] }));
  expect(text).toContain('gamma: none -> 0.45455; samples are compared as they are stored');
  expect(exit).toBe(0);
});

test('the page has no prompt of the pictures in it, loads nothing, and takes nothing of a file for markup', async () => {
  const secret = png(flat(255, 0, 0), [['prompt', 'the secret prompt']]);
  const { cwd } = await compare(secret, blue, { html: 'both.html' });
  const html = readFileSync(join(cwd, 'both.html'), 'utf8');
  const embedded = [...html.matchAll(/base64,([^"]+)"/g)].map(([, text = '']) => Buffer.from(text, 'base64'));
  expect(embedded.some((bytes) => bytes.includes('the secret prompt'))).toBe(false);
  expect(decodePng(plainPng(secret))).toEqual(decodePng(secret));
  const webp = shownFile(fixture('containers/exif.webp'), 'gone');
  expect('bytes' in webp && Buffer.from(webp.bytes).includes('class_type')).toBe(false);
  expect(shownFile(fixture('containers/exif.avif'), 'gone')).toEqual({ missing: expect.stringContaining('taken out') });
  expect(html).not.toMatch(/(?:src|href)=["']?(?:https?:|\/\/)|@import|url\(/);
  expect(page(hostile).match(/<script/g)).toHaveLength(1);
  expect(page(hostile)).not.toContain('<img src=x');
});

const page = (name: string) =>
  comparisonPage({
    title: name,
    words: ['original', 'reproduction'],
    madeBy: name,
    pairs: [
      {
        name,
        ...{ before: { bytes: red, type: 'image/png' }, after: { bytes: blue, type: 'image/png' } },
        heat: red,
        grade: { expected: 'full', observed: 'partial' },
        facts: [['SSIM', '0.5']],
        lists: [{ heading: 'Why', lines: [name] }],
      },
      { name: 'gone', before: { missing: name }, after: { missing: 'none' }, facts: [], lists: [] },
    ],
  });

test.skipIf(browser === undefined)('a browser shows one half of each, runs our script and nothing of the file', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'page.html');
  writeFileSync(path, page(hostile));
  const url = pathToFileURL(path).href;
  const dom = openInBrowser(url, join(folder, 'profile'), '--dump-dom').toString('utf8');
  expect(dom).toContain('style="--at: 50%;"');
  expect(dom).not.toContain('<title>owned');
  const file = join(folder, 'page.png');
  openInBrowser(url, join(folder, 'profile'), `--screenshot=${file}`);
  const { samples, channels } = decodePng(readFileSync(file));
  const counts = { red: 0, blue: 0 };
  for (let at = 0; at < samples.length; at += channels) {
    const [r = 0, g = 0, b = 0] = samples.subarray(at, at + 3);
    if (r > 250 && g < 5 && b < 5) counts.red++;
    if (b > 250 && g < 5 && r < 5) counts.blue++;
  }
  expect(counts.red).toBeGreaterThan(10_000);
  expect(Math.abs(counts.red - counts.blue) / counts.red).toBeLessThan(0.05);
});
