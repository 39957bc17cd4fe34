import { expect, test } from 'vitest';
import { describe as describeWorkflow, descriptionFormat } from '../../src/workflow/describe.js';
import { nameTable, readNameTable } from '../../src/workflow/name-table.js';
import { sketch, textToImage, workflow } from './build.js';

const graph = sketch(
  [
    { id: 4, type: 'LoraLoader', title: 'ink', mode: 4, widgets_values: ['a b.safetensors', 1, 0.5] },
    {
      id: 12,
      type: 'Pack Node',
      inputs: [{ name: 'model', type: 'MODEL' }],
      properties: { cnr_id: 'pack', ver: '1.0', mine: [1, { a: null }] },
      widgets_values: [7, 'two\nlines'],
    },
  ],
  [[1, 4, 0, 12, 0, 'MODEL']],
  { groups: [{ title: 'All' }], extra: { note: 'x' } },
);

test('what format 1 looks like: whoever changes this counts `descriptionFormat` up, or git shows what it kept of before', () => {
  expect(descriptionFormat).toBe(1);
  expect(describeWorkflow(workflow(graph), new Map([['Pack Node', ['strength']]]))).toEqual([
    'workflow  group "All"',
    'workflow  extra.note: x',
    'LoraLoader "ink" #4',
    'LoraLoader "ink" #4  bypassed',
    'LoraLoader "ink" #4  lora_name: "a b.safetensors"',
    'LoraLoader "ink" #4  strength_model: 1',
    'LoraLoader "ink" #4  strength_clip: 0.5',
    'Pack Node #12',
    'Pack Node #12  strength: 7',
    'Pack Node #12  #1: "two\\nlines"',
    'Pack Node #12  model: from LoraLoader #4',
    'Pack Node #12  pack: pack@1.0',
    'Pack Node #12  properties.mine: [1, {"a": null}]',
  ]);
});

test('an edit of a value, a link, a mode or a property is one line', () => {
  const before = describeWorkflow(workflow(textToImage()));
  const edits: Parameters<typeof textToImage>[0][] = [
    ({ sampler }) => Object.assign(sampler ?? {}, { widgets_values: [42, 'randomize', 30, 8, 'euler', 'normal', 1] }),
    ({ positive }) => Object.assign(positive ?? {}, { widgets_values: ['two\nlines'] }),
    ({ decode }) => Object.assign(decode ?? {}, { mode: 4 }),
    ({ save }) => Object.assign(save ?? {}, { properties: { mine: 1 } }),
  ];
  for (const edit of edits) {
    const after = describeWorkflow(workflow(textToImage(edit)));
    expect(after.filter((line) => !before.includes(line))).toHaveLength(1);
    expect(before.filter((line) => !after.includes(line)).length).toBeLessThanOrEqual(1);
  }
});

test('slots that a newer frontend saves in another order are the same lines', () => {
  const turned = (turn: boolean) => {
    const slots = [
      { name: 'model', type: 'MODEL', link: 1 },
      { name: 'vae', type: 'VAE', link: 2 },
    ];
    return sketch(
      [
        { id: 1, type: 'CheckpointLoaderSimple' },
        { id: 2, type: 'Pack', inputs: turn ? slots.reverse() : slots },
      ],
      [
        [1, 1, 0, 2, 0, 'MODEL'],
        [2, 1, 2, 2, 1, 'VAE'],
      ],
    );
  };
  expect(describeWorkflow(workflow(turned(true)))).toEqual(describeWorkflow(workflow(turned(false))));
});

test('the digest changes with names that our own table lacks, and with nothing else', () => {
  const digest = (names: [string, string[]][]) => nameTable(new Map(names)).digest;
  expect(digest([])).toBe(nameTable(undefined).digest);
  expect(digest([['VAEDecode', []]])).toBe(digest([]));
  expect(digest([['EmptyLatentImage', ['width', 'height', 'batch_size']]])).toBe(digest([]));
  expect(digest([['EmptyLatentImage', ['width', 'height']]])).not.toBe(digest([]));
  expect(
    digest([
      ['B', ['b']],
      ['A', ['a']],
    ]),
  ).toBe(
    digest([
      ['A', ['a']],
      ['B', ['b']],
    ]),
  );
});

test('a table is read back; what is none has no names', () => {
  const names = new Map([['Pack', ['strength', '__proto__']]]);
  expect(readNameTable(nameTable(names).text)).toEqual(names);
  expect(readNameTable('')).toEqual(new Map());
  expect(readNameTable('{"classes": 3}')).toEqual(new Map());
});
