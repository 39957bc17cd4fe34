import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cleanBytes, isNormalForm, openBlob, smudgedText } from '../../src/workflow/clean.js';
import { documentKind } from '../../src/workflow/detect.js';
import { fromPlain, type JsonObject, writeJson } from '../../src/workflow/json.js';
import { writeLayout } from '../../src/workflow/layout-document.js';
import { normalise } from '../../src/workflow/normal-form.js';

const golden = (name: string) => readFileSync(new URL(`../fixtures/workflow/normal-form/${name}`, import.meta.url));
const clean = (text: string | Buffer) => cleanBytes(Buffer.from(text as string));

/** A workflow from parts; everything else as an empty graph has it. */
const workflow = (parts: Record<string, unknown>) =>
  fromPlain({ last_node_id: 9, last_link_id: 9, nodes: [], links: [], version: 0.4, ...parts }) as JsonObject;

const normalText = (parts: Record<string, unknown>) => {
  const cleaned = clean(writeJson(workflow(parts)));
  return cleaned.kind === 'workflow' ? cleaned.bytes.toString() : undefined;
};

/** Frozen: two versions of this tool must never rewrite each other's files. */
describe.each(['txt2img', 'subgraph', 'use-everywhere'])('normal form 1 of %s', (name) => {
  test('is what it was', () => {
    const cleaned = clean(golden(`${name}.json`));
    expect(cleaned.kind === 'workflow' && cleaned.bytes.toString()).toBe(golden(`${name}.normal.json`).toString());
  });

  test('has the layout that it had', () => {
    const cleaned = clean(golden(`${name}.json`));
    if (cleaned.kind !== 'workflow') throw new Error('no workflow');
    const document = writeLayout({ ...cleaned.layout, time: '2026-01-02T03:04:05.678Z' });
    expect(document).toBe(golden(`${name}.layout.json`).toString());
  });

  test('is checked out as it was', () => {
    const cleaned = clean(golden(`${name}.json`));
    if (cleaned.kind !== 'workflow') throw new Error('no workflow');
    expect(smudgedText(cleaned.normal, cleaned.layout)).toBe(golden(`${name}.smudged.json`).toString());
  });
});

const slot = (name: string, link: number | null, more = {}) => ({ name, type: 'INT', link, ...more });
const widget = (name: string, link: number | null = null, more = {}) => slot(name, link, { widget: { name }, ...more });
const node = (id: unknown, more = {}) => ({ id, type: 'Any', pos: [0, 0], ...more });

describe('one graph', () => {
  test('saved and exported by the frontend has one normal form', () => {
    const saved = {
      nodes: [
        node(1, { inputs: [{ localized_name: 'graine', ...widget('seed') }, slot('model', 5)], order: 3 }),
        node(2),
      ],
      links: [[5, 2, 0, 1, 1, 'INT']],
    };
    const exported = {
      nodes: [node(2), node(1, { inputs: [slot('model', 5)], order: 1 })],
      links: [[5, 2, 0, 1, 0, 'INT']],
    };
    expect(normalText(saved)).toBe(normalText(exported));
  });

  test('keeps a widget slot that a link ends at, though the slot denies it', () => {
    const parts = { nodes: [node(1, { inputs: [widget('seed'), widget('steps')] })], links: [[5, 2, 0, 1, 1, 'INT']] };
    expect(normalText(parts)).toContain('"steps"');
    expect(normalText(parts)).toContain('[5, 2, 0, 1, 0, "INT"]');
    expect(normalText(parts)).not.toContain('"seed"');
  });

  test('keeps links in file order that end at one slot, of which ComfyUI takes the first', () => {
    const links = [
      [9, 2, 0, 1, 0, 'INT'],
      [7, 2, 0, 3, 0, 'INT'],
      [5, 4, 0, 1, 0, 'INT'],
    ];
    const once = normalText({ nodes: [node(1), node(3)], links });
    expect(once?.match(/(?<=^ {4}\[)\d+/gm)).toEqual(['9', '7', '5']);
    expect(clean(once ?? '')).toMatchObject({ bytes: Buffer.from(once ?? '') });
  });

  test('keeps inner nodes in file order where their ids are taken elsewhere', () => {
    const inner = (...ids: number[]) => ({ id: 'sub', nodes: ids.map((id) => node(id)), links: [] });
    const ids = (parts: Record<string, unknown>) => normalText(parts)?.match(/(?<=^ {12}"id": )\d+/gm);
    const definitions = { subgraphs: [inner(7, 3)] };
    expect(ids({ nodes: [node(1)], definitions })).toEqual(['3', '7']);
    expect(ids({ nodes: [node(3)], definitions })).toEqual(['7', '3']);
  });

  test('keeps nodes in file order where an id stands twice', () => {
    const { normal } = normalise(workflow({ nodes: [node(4, { title: 'b' }), node(4, { title: 'a' }), node(1)] }));
    expect((normal.get('nodes') as JsonObject[]).map((one) => one.get('title') ?? one.get('id'))).toEqual([
      'b',
      'a',
      1,
    ]);
  });
});

describe('a file that is no workflow goes through, silently', () => {
  test.each([
    ['a prompt', '{"3": {"class_type": "KSampler", "inputs": {"seed": 18446744073709551615}}}'],
    ['some list', '[1, 2]'],
    ['a graph of another program', '{"nodes": [{"id": 1, "type": "x"}], "links": [{"source": 1, "target": 2}]}'],
    ['an n8n workflow', '{"nodes": [{"id": "1", "type": "n8n.start", "position": [0, 0]}], "connections": {}}'],
    ['nothing much', '{}'],
  ])('%s', (_, text) => {
    expect(clean(text)).toEqual({ kind: 'through' });
    expect(openBlob(Buffer.from(text))).toEqual({ kind: 'through' });
    expect(isNormalForm(Buffer.from(text))).toBe(true);
  });
});

describe('a file that was meant as one goes through, with a reason', () => {
  test.each([
    ['broken JSON', Buffer.from('{"nodes": [}'), 'not JSON at line 1, column 12'],
    ['a key twice', Buffer.from('{"nodes": [], "nodes": []}'), 'JSON has the key "nodes" twice at line 1, column 26'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'not UTF-8'],
    ['too deep', Buffer.from('['.repeat(300)), 'JSON nests deeper than 256 levels at line 1, column 257'],
  ])('%s', (_, bytes, warning) => {
    expect(cleanBytes(bytes)).toEqual({ kind: 'through', warning });
  });

  test('too large', () => {
    const bytes = Buffer.from('{"nodes": []}');
    expect(cleanBytes(bytes, { maxLength: 5, maxDepth: 9 })).toMatchObject({
      kind: 'through',
      warning: expect.stringMatching(/larger than 5/),
    });
    expect(cleanBytes(bytes, { maxLength: 3, maxDepth: 9 })).toMatchObject({
      kind: 'through',
      warning: expect.stringMatching(/larger than 3/),
    });
  });
});

test('a blob that was committed with its layout is handed on as it is', () => {
  expect(openBlob(golden('txt2img.json'))).toEqual({ kind: 'through' });
});

test('kinds of documents are told apart', () => {
  expect(documentKind(fromPlain({ nodes: [], links: [] }))).toBe('other');
  expect(documentKind(workflow({}))).toBe('workflow');
  expect(documentKind(workflow({ links: null }))).toBe('workflow');
  expect(documentKind(fromPlain({ 3: { class_type: 'KSampler', inputs: {} } }))).toBe('prompt');
  expect(documentKind(fromPlain({}))).toBe('other');
});
