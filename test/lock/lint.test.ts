import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Lock } from '../../src/lock/entries.js';
import { levelOf, readCheckSettings } from '../../src/lock/lint/check-settings.js';
import type { Finding, Linted } from '../../src/lock/lint/finding.js';
import { lint } from '../../src/lock/lint/lint.js';
import { isFixed, type RuleId, rules } from '../../src/lock/lint/rules.js';
import { emptyLock, writeLock } from '../../src/lock/lockfile.js';
import { readSource } from '../../src/workflow/read-source.js';
import { normalText } from '../support/workflow-repository.js';

interface Node {
  readonly type: string;
  readonly values?: readonly unknown[];
  readonly properties?: Record<string, unknown>;
  readonly mode?: number;
}

function workflow(path: string, ...nodes: readonly Node[]): Linted {
  const list = nodes.map(({ type, values = [], properties = {}, mode = 0 }, at) => ({
    id: at + 1,
    type,
    mode,
    properties,
    widgets_values: values,
  }));
  const text = normalText(JSON.stringify({ last_node_id: 9, last_link_id: 0, nodes: list, links: [], version: 0.4 }));
  return linted(path, text);
}

function linted(path: string, text: string): Linted {
  const source = readSource(Buffer.from(text));
  if (source === undefined) throw new Error('no workflow');
  return { path, source, text };
}

const prompt = (inputs: Record<string, unknown>, type = 'SomePackNode') =>
  linted('p.json', JSON.stringify({ 1: { class_type: type, inputs } }));

const found = (file: Linted) => lint([file], undefined);
const codes = (file: Linted) => found(file).map(({ code }) => code);
const lineAt = ({ text }: Linted, { line = 0 }: Finding) => text.split('\n')[line - 1];

const sampler = (seed: number, control: string): Node => ({
  type: 'KSampler',
  values: [seed, control, 20, 8, 'euler', 'normal', 1],
});

describe('random-seed', () => {
  test('a seed under randomize is told, with the line of its node', () => {
    const file = workflow('w.json', sampler(1, 'fixed'), sampler(2, 'randomize'));
    const [one, ...others] = found(file);
    expect(others).toEqual([]);
    expect(one?.text).toBe('w.json: seed of KSampler #2 is drawn anew at every run (randomize)');
    expect(lineAt(file, one as Finding)).toContain('"id": 2');
  });
  test('a fixed seed, a muted sampler and one that adds no noise are not', () => {
    const values = ['disable', 7, 'randomize', 20, 8, 'euler', 'normal', 0, 20, 'disable'];
    expect(codes(workflow('w.json', sampler(1, 'fixed')))).toEqual([]);
    expect(codes(workflow('w.json', { ...sampler(1, 'randomize'), mode: 2 }))).toEqual([]);
    expect(codes(workflow('w.json', { type: 'KSamplerAdvanced', values }))).toEqual([]);
  });
  test('a negative seed is one that the node draws', () => {
    expect(codes(prompt({ seed: -1 }))).toEqual(['random-seed']);
    expect(codes(prompt({ seed: 1, offset: -1 }))).toEqual([]);
  });
});

describe('absolute-path', () => {
  test.each(['/home/ada/frames', 'E:\\renders\\a', '\\\\nas\\share\\x.png', '~/pictures'])('%s is one', (path) => {
    expect(codes(prompt({ directory: path }))).toEqual(['absolute-path']);
  });
  test.each(['/imagine a cat', 'renders/a', 'a picture of /home/ada', 'C: a film'])('%s is none', (text) => {
    expect(codes(prompt({ text }))).toEqual([]);
  });
  test('what a muted node holds does not matter', () => {
    expect(codes(workflow('w.json', { type: 'Load', values: ['/home/ada/x'], mode: 2 }))).toEqual([]);
  });
});

describe('secret-in-workflow', () => {
  const key = `hf_${'a1'.repeat(17)}`;
  test.each([
    ['a widget named so', prompt({ api_key: 'my own words' })],
    ['the look of a text', prompt({ text: `use ${key} here` })],
    ['a note', workflow('w.json', { type: 'Note', values: [`token: ${key}`] })],
    ['a muted node', workflow('w.json', { type: 'Ask', values: [key], mode: 2 })],
    ['a key of another service', prompt({ text: `AIza${'b2'.repeat(17)}c` })],
    ['an address', prompt({ url: 'https://civitai.com/x?token=0123abcd' })],
  ])('%s gives it away, and the text is not said', (_, file) => {
    expect(codes(file)).toEqual(['secret-in-workflow']);
    expect(JSON.stringify(found(file))).not.toMatch(/hf_|AIza|own words|0123abcd/);
  });
  test.each(['', 'YOUR_API_KEY_HERE', 'your key', 'xxxx', '<key>', 'none', '********'])('%j is no secret', (text) => {
    expect(codes(prompt({ api_key: text }))).toEqual([]);
  });
});

describe('api-node', () => {
  test.each(['KlingTextToVideoNode', 'GeminiImage2Node', 'WanTextToVideoApi', 'FluxProUltraImageNode'])(
    '%s is one',
    (type) => {
      expect(codes(workflow('w.json', { type }))).toEqual(['api-node']);
    },
  );
  test.each(['FluxGuidance', 'FluxKontextImageScale', 'WanImageToVideo', 'RecraftColorRGB', 'KSampler'])(
    '%s is none',
    (type) => {
      expect(codes(workflow('w.json', { type }))).toEqual([]);
    },
  );
  test('a pack may name its nodes like that', () => {
    expect(codes(workflow('w.json', { type: 'GeminiHelper', properties: { cnr_id: 'my-pack' } }))).toEqual([]);
  });
});

test('class-claimed-twice: two workflows name two packs for one class', () => {
  const a = workflow('a.json', { type: 'Blend', properties: { cnr_id: 'pack-a' } });
  const b = workflow('b.json', { type: 'Blend', properties: { cnr_id: 'pack-b' } });
  const c = workflow('c.json', { type: 'Blend', properties: { cnr_id: 'Pack-A' } });
  expect(lint([a, b], undefined).map(({ text }) => text)).toEqual(['node Blend is said to be of pack-a and of pack-b']);
  expect(lint([a, c], undefined)).toEqual([]);
});

describe('of the lock', () => {
  const digest = `sha256:${'0'.repeat(64)}` as const;
  const of = (change: Partial<Lock>, paths = ['w.json']): Finding[] => {
    const needs = { models: ['loras/a.safetensors'], inputs: ['a.png'], classes: ['Blend'] };
    const lock: Lock = {
      ...emptyLock,
      models: new Map([['loras/a.safetensors', { digest }]]),
      inputs: new Map([['a.png', { digest }]]),
      packs: new Map([['blend', { repository: 'https://example.org/blend', commit: '1'.repeat(40) }]]),
      classes: new Map([['Blend', { pack: 'blend', interface: '0', widgets: [] }]]),
      workflows: new Map([['w.json', needs]]),
      ...change,
    };
    return lint([], { lock, text: writeLock(lock), paths });
  };
  const pack = (entry: object) => of({ packs: new Map([['blend', entry]]) }).map(({ code }) => code);

  test('what is pinned is fine', () => expect(of({})).toEqual([]));
  test('a missing model and a missing input are named with who uses them, and the line', () => {
    const found = of({
      models: new Map([['loras/a.safetensors', { digest: 'missing' }]]),
      inputs: new Map([['a.png', { digest: 'missing' }]]),
    });
    expect(found).toMatchObject([
      { code: 'model-missing', path: 'comfy.lock', line: 3, text: 'loras/a.safetensors is locked as missing (w.json)' },
      { code: 'input-missing', path: 'comfy.lock' },
    ]);
  });
  test('of a guess nobody is sure, and what does not run does not matter', () => {
    const guess = of({ models: new Map([['loras/a.safetensors', { digest: 'missing', guess: true }]]) });
    expect(guess).toMatchObject([{ code: 'model-missing', unsure: true }]);
    expect(of({ models: new Map([['loras/a.safetensors', { digest: 'missing', executed: false }]]) })).toEqual([]);
  });
  test('what no workflow that is looked at uses is left alone', () => {
    expect(of({ models: new Map([['loras/a.safetensors', { digest: 'missing' }]]) }, [])).toEqual([]);
  });
  test.each([
    [{ missing: true }, ['pack-unpinned']],
    [{ tree: digest }, ['pack-unpinned']],
    [{ commit: '1'.repeat(40) }, ['pack-unpinned']],
    [{ registry: 'blend@1.0.0' }, []],
    [{ repository: 'https://example.org/blend', commit: '1'.repeat(40), dirty: digest }, ['pack-edited']],
  ])('a pack %j: %j', (entry, expected) => expect(pack(entry)).toEqual(expected));
  test('of ComfyUI a version is enough', () => {
    expect(of({ comfyui: { version: '0.8.0' } })).toEqual([]);
    expect(of({ comfyui: {} }).map(({ code }) => code)).toEqual(['pack-unpinned']);
  });
  test('a class of nobody is told, unless there was no ComfyUI at all', () => {
    const other = { interface: '0', widgets: [] };
    expect(of({ classes: new Map([['Blend', other]]) })[0]?.code).toBe('class-unknown');
    expect(of({ classes: new Map([['Other', { ...other, pack: 'blend' }]]) })[0]?.code).toBe('class-unknown');
    expect(of({ classes: new Map() })).toEqual([]);
  });
});

describe('settings', () => {
  const finding = (code: RuleId, unsure?: true): Finding => ({
    path: 'x',
    code,
    text: '',
    hint: '',
    ...(unsure ? { unsure } : {}),
  });
  test('a rule has the level that comfy.yaml gives it', () => {
    const settings = readCheckSettings(
      'normalForm: 1\ncheck:\n  rules:\n    random-seed: error\n    stale: off\n  ignore:\n    - drafts/\n',
    );
    expect(levelOf(settings, finding('random-seed'))).toBe('error');
    expect(levelOf(settings, finding('stale'))).toBe('off');
    expect(levelOf(settings, finding('api-node'))).toBe(rules['api-node'].level);
    expect(levelOf(settings, finding('model-missing', true))).toBe('warning');
    expect(settings.ignore).toEqual(['drafts/']);
  });
  test('an unknown rule, and one that nobody may turn down, are told of', () => {
    const { findings, levels } = readCheckSettings('check:\n  rules:\n    no-such: off\n    lock-unreadable: off\n');
    expect(findings.map(({ code }) => code)).toEqual(['unknown-rule', 'unknown-rule']);
    expect(levels.size).toBe(0);
  });
  test('a rule that stands beside `rules` is told of: it would turn nothing off', () => {
    const { findings } = readCheckSettings('check:\n  random-seed: off\n  loud: yes\n  ignore:\n    - drafts/\n');
    expect(findings).toMatchObject([
      { code: 'unknown-rule', hint: 'write it below check.rules: random-seed: <level>' },
      { code: 'unknown-rule', hint: expect.stringContaining('rules and ignore') },
    ]);
  });
  test.each([
    'check: loud\n',
    'check:\n  rules:\n    stale: loud\n',
    'check:\n  rules:\n    - stale\n',
    'check:\n  ignore:\n    - a: b\n',
  ])('%j is damaged', (text) =>
    expect(() => readCheckSettings(text)).toThrow(expect.objectContaining({ code: 'settings-damaged' })),
  );
});

test('docs/rules.md lists every rule, and has a section on each, with its level', () => {
  const page = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');
  const rows = Object.entries(rules).map(
    ([name, { level, about }]) => `| [\`${name}\`](#${name}) | ${level} | ${about} |`,
  );
  expect(page).toContain(`${rows.join('\n')}\n\n`);
  const sections = [...page.matchAll(/^### (\S+)\n\n(Always an error|\w+)/gm)];
  const told = Object.fromEntries(sections.map(([, name = '', level = '']) => [name, level]));
  const expected = Object.fromEntries(
    Object.entries(rules).map(([name, { level }]) => [
      name,
      isFixed(name as RuleId) ? 'Always an error' : level[0]?.toUpperCase() + level.slice(1),
    ]),
  );
  expect(told).toEqual(expected);
});
