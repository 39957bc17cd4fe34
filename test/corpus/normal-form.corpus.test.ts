import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cleanBytes, openBlob, smudgedText } from '../../src/workflow/clean.js';
import { isObject, parseJson } from '../../src/workflow/json.js';
import type { UntimedLayout } from '../../src/workflow/layout.js';
import { layoutBody, readLayout, writeLayout } from '../../src/workflow/layout-document.js';
import { tapeCleaner } from '../../src/workflow/tape/tape-cleaner.js';
import { overlaps } from '../support/overlaps.js';
import { graphFacts, layoutFacts } from '../support/workflow-facts.js';

const corpus = process.env['GIT_COMFY_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus');
const files = [
  ...readdirSync(join(corpus, 'workflows'), { recursive: true, encoding: 'utf8' }).map((name) => `workflows/${name}`),
  ...readdirSync(join(corpus, 'pairs'), { recursive: true, encoding: 'utf8' }).map((name) => `pairs/${name}`),
].filter((name) => name.endsWith('.json'));
const workflows = files.filter((name) => !name.endsWith('.prompt.json'));
const bytesOf = (name: string) => readFileSync(join(corpus, name));

interface Case {
  readonly name: string;
  readonly bytes: Buffer;
  readonly text: string;
  readonly layout: UntimedLayout;
}

const cases: Case[] = workflows.map((name) => {
  const bytes = bytesOf(name);
  const cleaned = cleanBytes(bytes);
  if (cleaned.kind !== 'workflow') throw new Error(`${name} is no workflow`);
  return { name, bytes, text: cleaned.bytes.toString(), layout: cleaned.layout };
});

const parse = (text: string | Buffer) => {
  const json = parseJson(text.toString());
  if (!isObject(json)) throw new Error('no object');
  return json;
};

const cleanText = (text: string) => {
  const cleaned = cleanBytes(Buffer.from(text));
  return cleaned.kind === 'workflow' ? cleaned.bytes.toString() : undefined;
};

const smudge = (text: string, layout: UntimedLayout | undefined) => {
  const opened = openBlob(Buffer.from(text));
  if (opened.kind !== 'workflow') throw new Error('the normal form went through');
  return smudgedText(opened.normal, layout);
};

/** Names of the cases that break a law; the test's message when there are any. */
const broken = (law: (one: Case) => boolean) => cases.filter((one) => !law(one)).map(({ name }) => name);

test('the corpus is there, whole', () => {
  expect(workflows.length).toBe(506 + 181);
});

describe('every workflow of the corpus', () => {
  test('that keeps its layout is stored the same again, with the normal form it has anyway', () => {
    const kept = (bytes: Uint8Array) => {
      const cleaned = cleanBytes(bytes, undefined, 'kept');
      return cleaned.kind === 'workflow' ? cleaned.bytes : Buffer.alloc(0);
    };
    const laws = ({ bytes, text }: Case) => {
      const stored = kept(bytes);
      return (
        kept(stored).equals(stored) && cleanText(stored.toString()) === text && openBlob(stored).kind === 'through'
      );
    };
    expect(broken(laws)).toEqual([]);
  });

  test('comes off a tape as the general way makes it, and most of them do', () => {
    const cleanTape = tapeCleaner();
    const taken = cases.flatMap((one) => {
      const off = cleanTape(one.bytes);
      return off === undefined ? [] : [{ one, off }];
    });
    const isSame = ({ one, off }: (typeof taken)[number]) =>
      off.bytes.toString() === one.text && off.body.toString() === layoutBody(one.layout);
    expect(taken.filter((each) => !isSame(each)).map(({ one }) => one.name)).toEqual([]);
    expect(taken.length).toBeGreaterThan(cases.length * 0.85);
  });

  test('is normalised once and for all', () => {
    expect(broken(({ text }) => cleanText(text) === text)).toEqual([]);
  });

  test('keeps its graph and every value, to the last digit', () => {
    expect(broken(({ bytes, text }) => graphFacts(parse(bytes)) === graphFacts(parse(text)))).toEqual([]);
  });

  test('is the same graph again after a checkout', () => {
    const law = ({ bytes, text, layout }: Case) => graphFacts(parse(smudge(text, layout))) === graphFacts(parse(bytes));
    expect(broken(law)).toEqual([]);
  });

  test('has all of its layout again after a checkout', () => {
    const law = ({ bytes, text, layout }: Case) =>
      layoutFacts(parse(smudge(text, layout))) === layoutFacts(parse(bytes));
    expect(broken(law)).toEqual([]);
  });

  test('cleans to the same bytes with its own layout, with none, and with that of another file', () => {
    const others = cases.map((_, at) => cases[(at + 1) % cases.length]?.layout);
    const law = ({ text, layout }: Case, at: number) =>
      [layout, undefined, others[at]].every((one) => cleanText(smudge(text, one)) === text);
    expect(cases.filter((one, at) => !law(one, at)).map(({ name }) => name)).toEqual([]);
  });

  test('has a layout document that reads back the same', () => {
    const law = ({ layout }: Case) => {
      const text = writeLayout({ ...layout, time: '2026-01-02T03:04:05.678Z' });
      const read = readLayout(text);
      return writeLayout(read) === text && layoutBody(read) === layoutBody(layout);
    };
    expect(broken(law)).toEqual([]);
  });

  test('is laid out by us without two nodes on top of each other', () => {
    const law = ({ name, text }: Case) =>
      name.includes('cg-use-everywhere') || overlaps(parse(smudge(text, undefined))) === 0;
    expect(broken(law)).toEqual([]);
  });
});

test('prompts of the corpus go through, silently', () => {
  const prompts = files.filter((name) => name.endsWith('.prompt.json'));
  expect(prompts.length).toBe(181);
  expect(prompts.filter((name) => Object.keys(cleanBytes(bytesOf(name))).join() !== 'kind')).toEqual([]);
});
