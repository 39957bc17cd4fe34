import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffWorkflows } from '../../src/workflow/diff.js';
import { changeText } from '../../src/workflow/diff-words.js';
import { readWorkflow } from '../../src/workflow/graph.js';
import { identifyWorkflow } from '../../src/workflow/workflow-identity.js';
import { renumbered } from '../support/renumber.js';
import { document, sketch, textToImage } from './build.js';

const read = (value: unknown) => readWorkflow(document(value));
const words = (before: unknown, after: unknown) => diffWorkflows(read(before), read(after)).map(changeText);
const again = (value: unknown, id: (old: number) => number) => renumbered(document(value), id);
const wordsAfter = (before: unknown, after: ReturnType<typeof again>) =>
  diffWorkflows(read(before), readWorkflow(after)).map(changeText);

const socket = (name: string, type: string) => ({ name, type });

/** Checkpoint -> LoRAs in the order of `files` -> sampler; node ids go with the files. */
function loraChain(files: readonly [id: number, file: string][], more: readonly object[] = []) {
  const inputs = [socket('model', 'MODEL'), socket('clip', 'CLIP')];
  const loras = files.map(([id, file]) => ({ id, type: 'LoraLoader', inputs, widgets_values: [file, 1, 1] }));
  const ends = [1, ...files.map(([id]) => id)];
  const links = files.flatMap(([id], at) => [
    [at * 2 + 1, ends[at], 0, id, 0, 'MODEL'],
    [at * 2 + 2, ends[at], 1, id, 1, 'CLIP'],
  ]);
  return sketch(
    [
      { id: 1, type: 'CheckpointLoaderSimple', widgets_values: ['base.safetensors'] },
      ...loras,
      { id: 3, type: 'KSampler', inputs: [socket('model', 'MODEL')], widgets_values: [1, 'fixed', 20] },
      ...(more as { id: number; type: string }[]),
    ],
    [...links, [99, ends.at(-1), 0, 3, 0, 'MODEL']],
  );
}

test.each([
  ['all shifted', (id: number) => id + 100],
  ['shifted into each other', (id: number) => id + 1],
  ['turned round', (id: number) => 50 - id],
])('a renumbered graph shows no change: %s', (_, id) => {
  expect(wordsAfter(textToImage(), again(textToImage(), id))).toEqual([]);
});

test('a chain of nodes that look alike, renumbered into each other', () => {
  const chain = loraChain(Array.from({ length: 40 }, (_, at) => [at + 10, 'same.safetensors']));
  expect(
    wordsAfter(
      chain,
      again(chain, (id) => (id >= 10 ? 59 - id : id)),
    ),
  ).toEqual([]);
});

test('an edit in a renumbered graph is one change, and says what the node was called', () => {
  const edited = textToImage(({ sampler }) =>
    Object.assign(sampler ?? {}, { widgets_values: [42, 'randomize', 30, 8, 'euler', 'normal', 1] }),
  );
  const changes = diffWorkflows(read(textToImage()), readWorkflow(again(edited, (id) => 50 - id)));
  expect(changes.map(changeText)).toEqual(['KSampler "base" #47: steps 20 -> 30']);
  expect(changes[0]).toMatchObject({ formerId: '3' });
});

test('a node that was pasted in place of the old one is the same node', () => {
  const pasted = (id: number) => loraChain([[id, 'ink.safetensors']]);
  expect(words(pasted(12), pasted(77))).toEqual([]);
});

test('a pasted second copy is added, the first one stays itself', () => {
  const note = (id: number) => ({ id, type: 'Note', widgets_values: ['remember'] });
  expect(words(sketch([note(1)]), sketch([note(1), note(2)]))).toEqual(['Note #2 added: text remember']);
});

test('two prompts that changed places in the graph are two links, not two texts', () => {
  const swapped = (first: number, second: number) =>
    sketch(
      [
        { id: 6, type: 'CLIPTextEncode', widgets_values: ['a red house'] },
        { id: 7, type: 'CLIPTextEncode', widgets_values: ['blurry'] },
        { id: 3, type: 'KSampler', inputs: [socket('positive', 'CONDITIONING'), socket('negative', 'CONDITIONING')] },
      ],
      [
        [1, first, 0, 3, 0, 'CONDITIONING'],
        [2, second, 0, 3, 1, 'CONDITIONING'],
      ],
    );
  expect(words(swapped(6, 7), swapped(7, 6))).toEqual([
    'KSampler #3: negative now from CLIPTextEncode #6',
    'KSampler #3: positive now from CLIPTextEncode #7',
  ]);
});

test('a node of the same class elsewhere in the graph is another node', () => {
  const graph = (id: number, target: number) =>
    sketch(
      [
        { id: 1, type: 'CheckpointLoaderSimple' },
        { id: 2, type: 'UNETLoader' },
        { id, type: 'ModelSamplingFlux', inputs: [socket('model', 'MODEL')], widgets_values: [id] },
      ],
      [[1, target, 0, id, 0, 'MODEL']],
    );
  expect(words(graph(5, 1), graph(6, 2))).toEqual([
    'ModelSamplingFlux #6 added: max_shift 6',
    'ModelSamplingFlux #5 removed',
  ]);
});

test('a re-ordered LoRA chain is said as such', () => {
  const before = loraChain([
    [12, 'ink.safetensors'],
    [13, 'light.safetensors'],
    [14, 'grain.safetensors'],
  ]);
  const after = loraChain([
    [12, 'ink.safetensors'],
    [14, 'grain.safetensors'],
    [13, 'light.safetensors'],
  ]);
  expect(words(before, after)).toEqual([
    'workflow: LoRA chain re-ordered: ink.safetensors #12, light.safetensors #13, grain.safetensors #14 -> ' +
      'ink.safetensors #12, grain.safetensors #14, light.safetensors #13',
  ]);
});

test('a LoRA that is put into a chain does not re-order it', () => {
  const before = loraChain([
    [12, 'ink.safetensors'],
    [13, 'light.safetensors'],
  ]);
  const after = loraChain([
    [12, 'ink.safetensors'],
    [20, 'new.safetensors'],
    [13, 'light.safetensors'],
  ]);
  expect(words(before, after)).toEqual([
    'LoraLoader #13: clip now from LoraLoader #20',
    'LoraLoader #13: model now from LoraLoader #20',
    'LoraLoader #20 added: lora_name new.safetensors, strength_model 1, strength_clip 1',
  ]);
});

const definition = (id: string, inner: number, by: number) => ({
  id,
  name: 'Scaler',
  nodes: [{ id: inner, type: 'ImageScaleBy', widgets_values: ['area', by] }],
  links: [],
});

const instance = (id: string, inner: number, by: number) =>
  sketch([{ id: 1, type: id, properties: { proxyWidgets: [[String(inner), 'scale_by']] }, widgets_values: [by] }], [], {
    definitions: { subgraphs: [definition(id, inner, 2)] },
  });

test('a subgraph that was imported under another id, with other ids inside, is the same one', () => {
  expect(words(instance('a1', 5, 4), instance('b2', 9, 4))).toEqual([]);
  expect(words(instance('a1', 5, 4), instance('b2', 9, 8))).toEqual(['Scaler #1: scale_by 4 -> 8']);
});

test('the identity of a whole workflow, for a merge: definitions, and nodes by graph', () => {
  const { definitions, nodes } = identifyWorkflow(read(instance('a1', 5, 4)), read(instance('b2', 9, 4)));
  expect([...definitions]).toEqual([['b2', 'a1']]);
  expect([...(nodes.get('b2') ?? [])]).toEqual([['9', '5']]);
  expect([...(nodes.get(undefined) ?? [])]).toEqual([['1', '1']]);
});

test('whatever the new ids are, nothing changed', () => {
  const ids = textToImage().nodes.map(({ id }) => Number(id));
  fc.assert(
    fc.property(fc.shuffledSubarray(ids, { minLength: ids.length }), (order) => {
      const shuffled = again(textToImage(), (id) => order[ids.indexOf(id)] ?? id);
      expect(wordsAfter(textToImage(), shuffled)).toEqual([]);
    }),
  );
});
