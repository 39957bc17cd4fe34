// What packs read of a workflow when a prompt is made or runs (docs/normal-form.md lists them): each reader stands here as its pack has it, in short.
import { describe, expect, test } from 'vitest';
import { cleanBytes, openBlob, smudgedText } from '../../src/workflow/clean.js';
import { toPrompt } from '../../src/workflow/convert.js';
import { readWorkflow } from '../../src/workflow/graph.js';
import { parseJson } from '../../src/workflow/json.js';
import { objectInfo, textToImage } from './build.js';

interface Node {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly mode?: number;
  readonly pos?: readonly [number, number];
  readonly color?: string;
  readonly properties?: Record<string, unknown>;
  readonly inputs?: readonly { name: string; label?: string; link?: number | null }[];
  readonly outputs?: readonly { links?: readonly number[] | null }[];
}

interface Plain {
  readonly nodes: readonly Node[];
  readonly groups: readonly { title: string; bounding: readonly number[]; color?: string }[];
}

/** The file as it was saved, as git has it, and as a checkout writes it: with the layout, and in a clone that has none. */
function forms(nodes: readonly object[], groups: readonly object[] = [], links: readonly unknown[] = []) {
  const saved = JSON.stringify({ last_node_id: 99, last_link_id: 99, nodes, links, groups, version: 0.4 });
  const cleaned = cleanBytes(Buffer.from(saved));
  if (cleaned.kind !== 'workflow') throw new Error('no workflow');
  const text = cleaned.bytes.toString();
  const opened = openBlob(cleaned.bytes);
  if (opened.kind !== 'workflow') throw new Error('no normal form');
  const read = (form: string) => JSON.parse(form) as Plain;
  return {
    saved: read(saved),
    text,
    normal: read(text),
    checkedOut: read(smudgedText(opened.normal, cleaned.layout)),
    withoutLayout: read(smudgedText(opened.normal, undefined)),
  };
}

const node = (id: number, more: object = {}) => ({ id, type: 'Any', pos: [id * 300, 0], size: [200, 100], ...more });
const group = (title: string, x: number, more: object = {}) => ({ title, bounding: [x, -50, 250, 250], ...more });

describe('at the making of a prompt', () => {
  /** cg-use-everywhere, `nodes_in_my_group`, `nodes_my_color`. */
  const inGroup = ({ nodes, groups }: Plain, title: string) => {
    const [left = 0, top = 0, width = 0, height = 0] = groups.find((one) => one.title === title)?.bounding ?? [];
    const isInside = ({ pos: [x, y] = [NaN, NaN] }: Node) =>
      x >= left && x < left + width && y >= top && y < top + height;
    return nodes.filter(isInside).map(({ id }) => id);
  };
  const ofColor = ({ nodes }: Plain, color: string) => nodes.filter((one) => one.color === color).map(({ id }) => id);

  test.each<[string, object]>([
    ['Anything Everywhere', { type: 'Anything Everywhere' }],
    ['Anything Everywhere?', { type: 'Anything Everywhere?' }],
    ['Seed Everywhere', { type: 'Seed Everywhere' }],
    ['Prompts Everywhere', { type: 'Prompts Everywhere' }],
    ['a node that is broadcast from', { type: 'VAELoader', properties: { ue_convert: true } }],
  ])('cg-use-everywhere finds the same groups and colours: %s', (_, more) => {
    const groups = [group('Left', 280), group('Right', 580, { color: '#3f789e' })];
    const made = forms([node(1, { ...more, color: '#232' }), node(2, { color: '#232' }), node(3)], groups);
    for (const form of [made.saved, made.normal, made.checkedOut, made.withoutLayout]) {
      expect(inGroup(form, 'Left')).toEqual([1]);
      expect(inGroup(form, 'Right')).toEqual([2]);
      expect(ofColor(form, '#232')).toEqual([1, 2]);
    }
  });

  test('a node that is not broadcast from needs none of that', () => {
    const { text } = forms([node(1, { color: '#232', properties: { ue_convert: false } })], [group('Left', 1)]);
    expect(text).not.toMatch(/"pos"|"color"|250, 250/);
  });

  test('a global seed counts its nodes in the order of the prompt, which no drawing changes', () => {
    const promptOf = (workflow: unknown) =>
      [...toPrompt(readWorkflow(parseJson(JSON.stringify(workflow))), objectInfo).keys()].join(' ');
    const graph = textToImage();
    const nodes = graph.nodes.map((one, at) => ({ ...one, pos: [at * 300, 0] }));
    for (const order of [nodes, nodes.toReversed()]) {
      const made = forms(order, [], graph.links);
      const keys = promptOf(made.saved);
      expect([made.normal, made.checkedOut, made.withoutLayout].map(promptOf)).toEqual([keys, keys, keys]);
    }
  });
});

describe('while the prompt runs, in the workflow that goes along', () => {
  /** WidgetToString of KJNodes by title, `%Node.widget%` of the frontend, MathExpression of Custom-Scripts: the first that fits. */
  const named = ({ nodes }: Plain, name: string) =>
    nodes.find(({ type, title, properties }) => [properties?.['Node name for S&R'] ?? type, title].includes(name))?.id;

  test('nodes are found by their title and by their name', () => {
    const made = forms([node(1, { title: 'Mine' }), node(2, { properties: { 'Node name for S&R': 'Me' } })]);
    for (const form of [made.normal, made.checkedOut, made.withoutLayout]) {
      expect([named(form, 'Mine'), named(form, 'Me'), named(form, 'Any')]).toEqual([1, 2, 1]);
    }
  });

  test('of two with one title the same one, where the layout is known', () => {
    const made = forms([node(7, { title: 'Mine' }), node(3, { title: 'Mine' })]);
    expect(named(made.saved, 'Mine')).toBe(7);
    expect(named(made.checkedOut, 'Mine')).toBe(7);
  });

  test('WidgetToString of KJNodes follows a link from the outputs', () => {
    const from = node(1, { outputs: [{ name: 'X', type: 'X', links: [5] }] });
    const to = node(2, { type: 'WidgetToString', inputs: [{ name: 'any_input', type: '*', link: 5 }] });
    const made = forms([from, to], [], [[5, 1, 0, 2, 0, 'X']]);
    const source = ({ nodes }: Plain) => {
      const link = nodes.find(({ type }) => type === 'WidgetToString')?.inputs?.[0]?.link ?? -1;
      return nodes.find(({ outputs }) => outputs?.some(({ links }) => links?.includes(link)))?.id;
    };
    expect([made.checkedOut, made.withoutLayout].map(source)).toEqual([1, 1]);
  });

  test('ImpactSwitch tells the label of the slot that it chose, linked or not', () => {
    const inputs = [
      { name: 'input1', type: '*', link: null, label: 'portrait' },
      { name: 'input2', type: '*', link: null },
      { name: 'select', type: 'INT', link: null, label: 'which', widget: { name: 'select' } },
    ];
    const made = forms([node(1, { type: 'ImpactSwitch', inputs })]);
    for (const form of [made.normal, made.withoutLayout]) {
      expect(form.nodes[0]?.inputs?.map(({ name, label }) => [name, label])).toEqual([
        ['input1', 'portrait'],
        ['input2', undefined],
        ['select', 'which'],
      ]);
    }
  });
});

describe('at a click, which leaves modes behind', () => {
  test.each([
    ['Fast Groups Muter (rgthree)', 2],
    ['Fast Groups Bypasser (rgthree)', 4],
    ['Node Mode Repeater (rgthree)', 2],
    ['LG_GroupMuter', 2],
  ])(
    '%s: modes, titles of groups and what it matches stay, boxes and colours come back with the layout',
    (type, mode) => {
      const properties = { matchTitle: 'Up.*', matchColors: 'red', toggleRestriction: 'max one' };
      const groups = [group('Upscale', 580, { color: '#A88' })];
      const made = forms([node(1, { type, properties }), node(2, { mode })], groups);
      expect(made.text).not.toMatch(/"pos"|#A88|250, 250/);
      for (const form of [made.normal, made.checkedOut, made.withoutLayout]) {
        expect(form.nodes.map((one) => one.mode)).toEqual([undefined, mode]);
        expect(form.nodes[0]?.properties).toEqual(properties);
        expect(form.groups.map(({ title }) => title)).toEqual(['Upscale']);
      }
      expect(made.checkedOut.groups).toEqual(made.saved.groups);
    },
  );
});
