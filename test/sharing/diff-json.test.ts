// The schema of `git comfy diff --json` as docs/diff.md promises it.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { plainChange } from '../../src/commands/plain-change.js';
import { diffWorkflows } from '../../src/workflow/diff.js';
import { sketch, textToImage, workflow } from '../workflow/build.js';

const docs = readFileSync(new URL('../../docs/diff.md', import.meta.url), 'utf8');
const between = (before: unknown, after: unknown) => diffWorkflows(workflow(before), workflow(after)).map(plainChange);

test('a value, with the node that it is about', () => {
  const edit = ({ sampler }: Record<string, object>) =>
    Object.assign(sampler ?? {}, { widgets_values: [43, 'randomize', 30, 8, 'euler', 'normal', 1] });
  const node = { path: [], type: 'KSampler', title: 'base', id: '3' };
  expect(between(textToImage(), textToImage(edit))).toEqual([
    {
      kind: 'value',
      key: 'seed',
      before: 42,
      after: 43,
      drawn: true,
      path: [],
      node,
      text: 'KSampler "base" #3: seed 42 -> 43',
    },
    { kind: 'value', key: 'steps', before: 20, after: 30, path: [], node, text: 'KSampler "base" #3: steps 20 -> 30' },
  ]);
});

test('a link and a node', () => {
  const lora = { id: 2, type: 'LoraLoaderModelOnly', widgets_values: ['ink.safetensors', 1] };
  const model = { id: 1, type: 'UNETLoader', outputs: [{ name: 'MODEL', type: 'MODEL' }] };
  const sampler = { id: 3, type: 'BasicGuider', inputs: [{ name: 'model', type: 'MODEL' }] };
  const before = sketch([model, sampler], [[1, 1, 0, 3, 0, 'MODEL']]);
  const after = sketch([model, lora, sampler], [[1, 2, 0, 3, 0, 'MODEL']]);
  expect(between(before, after)).toEqual([
    {
      kind: 'node-added',
      path: [],
      node: { path: [], type: 'LoraLoaderModelOnly', id: '2' },
      facts: [
        { kind: 'value', key: 'lora_name', value: 'ink.safetensors' },
        { kind: 'value', key: 'strength_model', value: 1 },
      ],
      text: 'LoraLoaderModelOnly #2 added: lora_name ink.safetensors, strength_model 1',
    },
    {
      kind: 'link',
      key: 'model',
      path: [],
      node: { path: [], type: 'BasicGuider', id: '3' },
      before: { node: '1', slot: 0, type: 'UNETLoader', output: 'MODEL' },
      after: { node: '2', slot: 0, type: 'LoraLoaderModelOnly' },
      text: 'BasicGuider #3: model now from LoraLoaderModelOnly #2',
    },
  ]);
});

test('the docs name every kind of change', () => {
  const source = readFileSync(new URL('../../src/workflow/workflow-change.ts', import.meta.url), 'utf8');
  const kinds = [...source.matchAll(/kind: ((?:'[a-z-]+'(?: \| )?)+)/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/'([a-z-]+)'/g)].map(([, kind]) => kind),
  );
  expect(kinds).toContain('chain');
  expect(kinds.filter((kind) => !docs.includes(`\`${kind}\``))).toEqual([]);
});
