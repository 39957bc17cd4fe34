import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { decodePng } from '../../src/image/png.js';
import { diffPage } from '../../src/terminal/page/diff-page.js';
import { applyLayout } from '../../src/workflow/apply-layout.js';
import { diffWorkflows } from '../../src/workflow/diff.js';
import { compareDrawings } from '../../src/workflow/drawing/compare-drawings.js';
import { readWorkflow } from '../../src/workflow/graph.js';
import { normalise } from '../../src/workflow/normal-form.js';
import { browser, openInBrowser } from '../support/browser.js';
import { temporaryFolder } from '../support/git.js';
import { document as documentOf, sketch, textToImage } from '../workflow/build.js';

const laidOut = (value: unknown) => applyLayout(normalise(documentOf(value)).normal, undefined);

function drawings(before: unknown, after: unknown) {
  const [old, fresh] = [laidOut(before), laidOut(after)];
  const changes = diffWorkflows(readWorkflow(old), readWorkflow(fresh));
  return { changes, drawings: compareDrawings(old, fresh, changes) };
}

function page(before: unknown, after: unknown, path = 'workflows/a.json'): string {
  const { changes, drawings: drawn } = drawings(before, after);
  return diffPage([{ file: { path, status: 'changed', changes }, drawings: drawn }]);
}

const hostile = `</title></text></svg><script>document.title='owned'</script><img src=x onerror="document.title='owned'">'"&`;

const edited = textToImage((nodes) => {
  Object.assign(nodes['sampler'] ?? {}, { widgets_values: [43, 'randomize', 30, 8, 'heun', 'normal', 1] });
  Object.assign(nodes['positive'] ?? {}, { title: hostile, widgets_values: [`a blue house ${hostile}`] });
  delete nodes['save'];
  nodes['preview'] = { id: 20, type: 'PreviewImage', inputs: [{ name: 'images', type: 'IMAGE' }] };
});

const boxesBy = (value: ReturnType<typeof drawings>, view: 'before' | 'after' | 'both') =>
  Object.fromEntries(value.drawings[0]?.[view]?.boxes.map(({ id, mark }) => [id, mark]) ?? []);

test('nodes are marked as what became of them, in each version and in both', () => {
  const drawn = drawings(textToImage(), edited);
  expect(boxesBy(drawn, 'both')).toEqual({
    3: 'changed',
    4: 'same',
    5: 'same',
    6: 'changed',
    7: 'same',
    8: 'same',
    9: 'removed',
    20: 'added',
  });
  expect(boxesBy(drawn, 'before')).toMatchObject({ 3: 'changed', 9: 'removed' });
  expect(boxesBy(drawn, 'before')).not.toHaveProperty('20');
  expect(boxesBy(drawn, 'after')).not.toHaveProperty('9');
});

test('a changed value has the old and the new one, a link that is gone is drawn beside the one that came', () => {
  const [root] = drawings(textToImage(), edited).drawings;
  const row = root?.both.boxes.find(({ id }) => id === '3')?.rows.find(({ name }) => name === 'steps');
  expect(row?.lines.flat().map(({ is, text }) => `${is} ${text}`.trim())).toEqual([
    'old 20',
    'plain  ->',
    'new 30',
    'plain',
  ]);
  expect(root?.both.wires.filter(({ mark }) => mark === 'removed')).toHaveLength(1);
});

test('what is gone does not cover what is there', () => {
  const [root] = drawings(textToImage(), edited).drawings;
  const [gone, ...others] = [...(root?.both.boxes ?? [])].sort((a) => (a.mark === 'removed' ? -1 : 1));
  for (const { rect } of others) {
    const apart =
      rect.y >= (gone?.rect.y ?? 0) + (gone?.rect.height ?? 0) ||
      rect.y + rect.height <= (gone?.rect.y ?? 0) ||
      rect.x >= (gone?.rect.x ?? 0) + (gone?.rect.width ?? 0) ||
      rect.x + rect.width <= (gone?.rect.x ?? 0);
    expect(apart).toBe(true);
  }
});

test('only graphs in which something changed are drawn, subgraphs with their path', () => {
  const graph = (by: number) => {
    const inner = { id: 5, type: 'ImageScaleBy', widgets_values: ['area', by] };
    const definition = { id: 'a1', name: 'Scaler', nodes: [inner], links: [] };
    return sketch([{ id: 1, type: 'a1' }], [], { definitions: { subgraphs: [definition] } });
  };
  expect(drawings(graph(2), graph(4)).drawings.map(({ path }) => path)).toEqual([['Scaler']]);
  expect(drawings(graph(2), graph(2)).drawings).toEqual([]);
});

test('a new file is drawn all green', () => {
  const drawn = compareDrawings(undefined, laidOut(textToImage()), []);
  expect(new Set(drawn[0]?.both.boxes.map(({ mark }) => mark))).toEqual(new Set(['added']));
  expect(drawn[0]?.before).toBeUndefined();
});

test('nothing from the file becomes markup, and nothing is loaded', () => {
  const html = page(textToImage(), edited, hostile);
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html).not.toMatch(/<img|<\/svg><script|onerror="/);
  expect(html).not.toMatch(/(?:src|href)=["']?(?:https?:|\/\/)|@import|url\(/);
  expect(html).toContain("default-src 'none'");
});

test('control and direction marks are visible in the page', () => {
  const named = (title: string) => sketch([{ id: 1, type: 'Note', title, widgets_values: ['a'] }]);
  expect(page(named('a'), named('b\u202e\u0007'))).toContain('b\\u202e\\u0007');
});

test('no change at all is a page too', () => {
  expect(diffPage([])).toContain('No workflow changed');
});

test.skipIf(browser === undefined)('a browser draws it, light and dark, and runs nothing of the file', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'diff.html');
  writeFileSync(path, page(textToImage(), edited, hostile));
  const url = pathToFileURL(path).href;
  const dom = openInBrowser(url, join(folder, 'profile'), '--dump-dom').toString('utf8');
  expect(dom).toContain('differences</title>');
  expect(dom).not.toContain('<title>owned');
  expect(dom).not.toContain('<img');
  // Our own script has run: it shows the buttons.
  expect(dom).toContain('<button value="changes">');
  const brightness = (scheme: string) => {
    const file = join(folder, `${scheme}.png`);
    const settings = `--blink-settings=preferredColorScheme=${scheme === 'dark' ? 0 : 1}`;
    openInBrowser(url, join(folder, 'profile'), settings, `--screenshot=${file}`);
    const { samples } = decodePng(readFileSync(file));
    let sum = 0;
    for (const value of samples) sum += value;
    return sum / samples.length;
  };
  expect(brightness('light')).toBeGreaterThan(190);
  expect(brightness('dark')).toBeLessThan(110);
});
