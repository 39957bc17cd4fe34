// A tape gives the very bytes that the general way gives, or nothing: that law is all there is to know about it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanBytes } from '../../../src/workflow/clean.js';
import { isArray, isObject, type Json, writeJson } from '../../../src/workflow/json.js';
import { layoutBody } from '../../../src/workflow/layout-document.js';
import { tapeCleaner } from '../../../src/workflow/tape/tape-cleaner.js';
import { arbitraryJson } from '../../support/arbitrary-workflow.js';
import { wholeGraph } from './whole-graph.js';

const cleanTape = tapeCleaner();

/** Whether a tape took it; then it has to be what the general way makes of it. */
function agrees(file: Buffer): boolean {
  const off = cleanTape(file);
  if (off === undefined) return false;
  const cleaned = cleanBytes(file);
  if (cleaned.kind === 'through') throw new Error(`should go through: ${file}`);
  expect(off.bytes.toString()).toBe(cleaned.bytes.toString());
  expect(off.body.toString()).toBe(layoutBody(cleaned.layout));
  expect(off.positioned).toBe(cleaned.positioned);
  return true;
}

const fixture = (name: string) => readFileSync(join(import.meta.dirname, '../../fixtures/workflow/normal-form', name));
const whole = () => writeJson(wholeGraph());

describe('takes', () => {
  test.each(['txt2img', 'subgraph'])('%s, as saved, as stored, and as checked out', (name) => {
    for (const form of ['', '.normal', '.smudged']) expect(agrees(fixture(`${name}${form}.json`))).toBe(true);
  });

  test.each(['', ' ', '\t', '\r\n  '])('one of everything, with %j between its marks', (space) => {
    expect(agrees(Buffer.from(whole().replaceAll(/[[{,:\]}]/g, `${space}$&${space}`)))).toBe(true);
  });

  test('two graphs that use an id both, with the inner nodes as they stand', () => {
    const text = whole().replace('"nodes":[{"id":3', '"nodes":[{"id":8,"type":"A"},{"id":7,"type":"B"},{"id":3');
    expect(agrees(Buffer.from(text))).toBe(true);
  });

  test('nothing but the marks that every writer escapes', () => {
    expect(agrees(Buffer.from(whole().replace('"KSampler"', '"\\"\\\\\\b\\f\\n\\r\\t/\u007f\u2028😀"')))).toBe(true);
  });
});

/** The first node of the whole graph, the sampler, with another beginning. */
const begins = (text: string) => whole().replace('{"id":7,"type":"KSampler"', text);
const sampler = '"id":7,"type":"KSampler"';

describe('leaves to the general way', () => {
  test.each([
    ['a second spelling of a character', begins(`{${sampler},"title2":"\\u0041"`)],
    ['an escaped slash', begins(`{${sampler},"title2":"\\/"`)],
    ['an escaped key', begins(`{${sampler},"\\u0070os2":1`)],
    ['bare words of Python', begins(`{${sampler},"a":NaN`)],
    ['a key that stands twice', begins(`{${sampler},"mode":0`)],
    ['a key of others that stands twice', begins(`{${sampler},"a":0,"a":0`)],
    ['a hundred members', begins(`{${sampler},${Array.from({ length: 100 }, (_, at) => `"k${at}":0`).join()}`)],
    ['a hundred levels', begins(`{${sampler},"a":${'['.repeat(100)}${']'.repeat(100)}`)],
    ['an id that is a text', begins('{"id":"7","type":"KSampler"')],
    ['an id with a fraction', begins('{"id":7.0,"type":"KSampler"')],
    ['minus zero', begins('{"id":-0,"type":"KSampler"')],
    ['an id beyond exact numbers', begins('{"id":1234567890123456,"type":"KSampler"')],
    ['an id that stands twice', begins('{"id":3,"type":"KSampler"')],
    ['a node without a type', begins('{"id":7')],
    ['cg-use-everywhere', begins('{"id":7,"type":"Anything Everywhere"')],
    ['a node that it broadcasts from', whole().replace('"ver":"0.3"', '"ue_convert":true')],
    ['two slots of one name', whole().replace('"name":"image","type"', '"name":"model","type"')],
    ['a slot that is no object', whole().replace('"inputs":[{"localized_name"', '"inputs":[1,{"localized_name"')],
    ['a slot with a layout and no name', whole().replace('"name":"LATENT \\"x\\"",', '')],
    ['links of one id', whole().replace('[4,3,1,', '[3,3,1,')],
    ['links in no order that end at one slot', whole().replace('[4,3,1,7,2', '[4,3,1,7,0')],
    ['a link that is none', whole().replace('[4,3,1,', '["x",3,1,')],
    ['an end that is no number', whole().replace('[4,3,1,7,2', '[4,3,1,7,null')],
    ['two groups of one id', whole().replace('"id":1,"title":"A"', '"id":2,"title":"A"')],
    ['groups of which one has no id', whole().replace('"id":1,"title":"A"', '"title":"A"')],
    ['a group without a box', whole().replace('"title":"A","bounding"', '"title":"A","box"')],
    ['a panel without a box', whole().replace('{"id":-10,"bounding"', '{"id":-10,"box"')],
    ['definitions in definitions', whole().replace('"state":{', '"definitions":{')],
    ['a definition without an id', whole().replace('"id":"sub-a",', '')],
    ['text that is not UTF-8', Buffer.concat([Buffer.from(whole()), Buffer.from([0x80])])],
    ['a mark of the order of bytes', `\ufeff${whole()}`],
    ['more than a document', `${whole()}{}`],
    ['a megabyte', `${whole()}${' '.repeat(1024 * 1024)}`],
    ['a prompt', '{"3":{"class_type":"KSampler","inputs":{}}}'],
    ['nothing', ''],
  ])('%s', (_, file) => {
    expect(cleanTape(Buffer.from(file))).toBeUndefined();
  });
});

/** Every list and object of a document, itself first. */
function inside(json: Json): Json[] {
  const children = isArray(json) ? json : isObject(json) ? [...json.values()] : [];
  return [json, ...children.flatMap(inside)];
}

/** Replaces, doubles, drops or moves one thing somewhere in a document. */
function edit(json: Json, place: number, at: number, value: Json, how: 'replace' | 'double' | 'drop' | 'last'): void {
  const containers = inside(json).filter((one) => (isArray(one) && one.length > 0) || (isObject(one) && one.size > 0));
  const found = containers[place % containers.length];
  if (isArray(found)) {
    const index = at % found.length;
    const [old = null] = how === 'replace' ? found.splice(index, 1, value) : found.splice(index, 1);
    if (how === 'double') found.push(old, old);
    if (how === 'last') found.push(old);
  } else if (isObject(found)) {
    const key = [...found.keys()][at % found.size] ?? '';
    const old = found.get(key) ?? null;
    if (how !== 'replace') found.delete(key);
    if (how !== 'drop') found.set(key, how === 'replace' ? value : old);
  }
}

test('of a workflow that somebody has edited by hand it makes the same, if anything', () => {
  let taken = 0;
  const how = fc.constantFrom('replace' as const, 'double' as const, 'drop' as const, 'last' as const);
  const number = fc.oneof(fc.integer({ min: -30, max: 12 }), arbitraryJson);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(), number, how), { minLength: 1, maxLength: 4 }), (edits) => {
      const workflow = wholeGraph();
      for (const [place, at, value, what] of edits) edit(workflow, place, at, value, what);
      if (agrees(Buffer.from(writeJson(workflow)))) taken++;
    }),
    { numRuns: 1000 },
  );
  expect(taken).toBeGreaterThan(200);
});

test('of bytes that were damaged it makes the same, if anything', () => {
  const file = Buffer.from(whole());
  const bit = fc.oneof(
    fc.constantFrom(
      '"',
      '\\',
      '\\u0041',
      ',',
      ':',
      '{',
      '}',
      '[]',
      'null',
      '0',
      '-',
      '.5',
      'e9',
      ' ',
      '\0',
      'true',
      '"pos":1,',
    ),
    fc.uint8Array({ maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.nat(file.length), fc.nat(6), bit, (at, cut, put) => {
      agrees(Buffer.concat([file.subarray(0, at), Buffer.from(put as string), file.subarray(at + cut)]));
    }),
    { numRuns: 1500 },
  );
});

test('what it gave stays as it was when it goes on', () => {
  const first = cleanTape(fixture('txt2img.json'));
  const before = [first?.bytes.toString(), first?.body.toString()];
  cleanTape(Buffer.from(whole()));
  expect([first?.bytes.toString(), first?.body.toString()]).toEqual(before);
});
