import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffWorkflows } from '../../src/workflow/diff.js';
import { changeText } from '../../src/workflow/diff-words.js';
import { sketch, textToImage, workflow } from './build.js';

const words = (before: unknown, after: unknown) => diffWorkflows(workflow(before), workflow(after)).map(changeText);
const changed = (change: Parameters<typeof textToImage>[0]) => words(textToImage(), textToImage(change));

test('a value in words', () => {
  expect(
    changed(({ sampler }) =>
      Object.assign(sampler ?? {}, { widgets_values: [42, 'randomize', 30, 8, 'heun', 'normal', 1] }),
    ),
  ).toEqual(['KSampler "base" #3: steps 20 -> 30', 'KSampler "base" #3: sampler_name euler -> heun']);
});

test('layout, order and link ids never count', () => {
  const moved = textToImage((nodes) => {
    for (const node of Object.values(nodes))
      Object.assign(node, { pos: [7, 7], size: [1, 1], order: 3, color: '#123', flags: { collapsed: true } });
  });
  const relinked = {
    ...moved,
    nodes: moved.nodes.map((node) => ({
      ...node,
      inputs: (node.inputs as { link: number | null }[]).map((slot) => ({
        ...slot,
        link: slot.link === null ? null : slot.link + 50,
      })),
    })),
    links: moved.links.map(([id, ...rest]) => [Number(id) + 50, ...rest]),
  };
  expect(
    words(textToImage(), { ...relinked, nodes: [...relinked.nodes].reverse(), extra: { ds: { scale: 2 } } }),
  ).toEqual([]);
});

test.each([
  [{ mode: 2 }, 'KSampler "base" #3: muted'],
  [{ mode: 4 }, 'KSampler "base" #3: bypassed'],
  [{ title: 'first pass' }, 'KSampler "first pass" #3: renamed "base" -> "first pass"'],
  [{ title: undefined }, 'KSampler #3: renamed "base" -> (no title)'],
  [{ properties: { mine: { a: 1 } } }, 'KSampler "base" #3: properties.mine now {"a": 1}'],
])('%j', (edit, text) => {
  expect(changed(({ sampler }) => Object.assign(sampler ?? {}, edit))).toEqual([text]);
});

test('a node that is active again', () => {
  const muted = textToImage(({ sampler }) => Object.assign(sampler ?? {}, { mode: 2 }));
  expect(words(muted, textToImage())).toEqual(['KSampler "base" #3: no longer muted']);
});

const pair = (values: object, links: readonly (readonly unknown[])[]) =>
  sketch(
    [
      { id: 4, type: 'CheckpointLoaderSimple', outputs: [{ name: 'MODEL' }, { name: 'CLIP' }] },
      { id: 3, type: 'KSampler', inputs: [{ name: 'model', type: 'MODEL' }] },
      ...('lora' in values
        ? [
            {
              id: 12,
              type: 'LoraLoader',
              widgets_values: ['ink.safetensors', 1, 0.5],
              inputs: [{ name: 'model', type: 'MODEL' }],
            },
          ]
        : []),
    ],
    links,
  );

test('a node put into a link: added with its values, the link by its new end', () => {
  const before = pair({}, [[1, 4, 0, 3, 0, 'MODEL']]);
  const after = pair({ lora: true }, [
    [1, 4, 0, 12, 0, 'MODEL'],
    [2, 12, 0, 3, 0, 'MODEL'],
  ]);
  expect(words(before, after)).toEqual([
    'KSampler #3: model now from LoraLoader #12',
    'LoraLoader #12 added: lora_name ink.safetensors, strength_model 1, strength_clip 0.5',
  ]);
  expect(words(after, before)).toEqual([
    'KSampler #3: model now from CheckpointLoaderSimple #4',
    'LoraLoader #12 removed',
  ]);
});

test('a link cut, and one moved to another output of the same node', () => {
  const linked = pair({}, [[1, 4, 0, 3, 0, 'MODEL']]);
  expect(words(linked, pair({}, []))).toEqual(['KSampler #3: model no longer connected']);
  expect(words(linked, pair({}, [[1, 4, 1, 3, 0, 'CLIP']]))).toEqual([
    'KSampler #3: model now from CheckpointLoaderSimple #4 CLIP',
  ]);
});

test('another type under the same id is a removal and an addition', () => {
  expect(words(sketch([{ id: 1, type: 'VAEDecode' }]), sketch([{ id: 1, type: 'EmptyImage' }]))).toEqual([
    'VAEDecode #1 removed',
    'EmptyImage #1 added',
  ]);
});

test('inside a subgraph with its path, once for all instances', () => {
  const graph = (by: number) => {
    const definition = {
      id: 'a1',
      name: 'Scaler',
      nodes: [{ id: 5, type: 'ImageScaleBy', widgets_values: ['area', by] }],
      links: [],
    };
    const hosts = [1, 2].map((id) => ({ id, type: 'a1' }));
    return sketch(hosts, [], { definitions: { subgraphs: [definition] } });
  };
  expect(words(graph(2), graph(4))).toEqual(['Scaler / ImageScaleBy #5: scale_by 2 -> 4']);
});

test('seeds that are one double are told apart', () => {
  const seed = (text: string) => `{"nodes":[{"id":1,"type":"RandomNoise","widgets_values":[${text},"fixed"]}]}`;
  expect(words(seed('18446744073709551615'), seed('18446744073709551614'))).toEqual([
    'RandomNoise #1: noise_seed 18446744073709551615 -> 18446744073709551614',
  ]);
});

test('of a long text only the words that differ are shown', () => {
  const text = (colour: string) =>
    sketch([
      { id: 6, type: 'CLIPTextEncode', widgets_values: [`${'a '.repeat(60)}${colour} house${' b'.repeat(60)}`] },
    ]);
  expect(words(text('red'), text('blue'))).toEqual([
    'CLIPTextEncode #6: text ...a a a a a a a a a a a a [-red-]{+blue+} house b b b b b b b b b...',
  ]);
});

test('a text of which nothing is left is shown as two', () => {
  const text = (words: string) => sketch([{ id: 6, type: 'CLIPTextEncode', widgets_values: [words] }]);
  expect(words(text('a red house'), text('blurry, dark'))).toEqual([
    'CLIPTextEncode #6: text "a red house" -> "blurry, dark"',
  ]);
});

test('a seed that the frontend draws is marked; one that somebody chose is not', () => {
  const seed = (value: number, control: string) =>
    sketch([{ id: 1, type: 'RandomNoise', widgets_values: [value, control] }]);
  const [drawn] = diffWorkflows(workflow(seed(1, 'randomize')), workflow(seed(2, 'randomize')));
  expect(drawn).toMatchObject({ kind: 'value', key: 'noise_seed', drawn: true });
  const [chosen] = diffWorkflows(workflow(seed(1, 'fixed')), workflow(seed(2, 'fixed')));
  expect(chosen).not.toHaveProperty('drawn');
});

test('members of objects and lists are told one by one', () => {
  const node = (properties: object) => sketch([{ id: 1, type: 'Pack', properties }]);
  expect(words(node({ a: { b: [1, 2], 'c.d': null } }), node({ a: { b: [1, 3], 'c.d': 'x' } }))).toEqual([
    'Pack #1: properties.a.b.1 2 -> 3',
    'Pack #1: properties.a.c.d null -> x',
  ]);
});

test('names that one side has are used for both', () => {
  const before = sketch([{ id: 1, type: 'Pack', widgets_values: [1, 2] }]);
  const after = sketch([{ id: 1, type: 'Pack', widgets_values: [1, 3], widgets_values_named: { a: 1, b: 3 } }]);
  expect(words(before, after)).toEqual(['Pack #1: b 2 -> 3']);
});

test('a workflow does not differ from itself, whatever its values', () => {
  const value = fc.jsonValue();
  const node = fc.record({
    id: fc.nat(5),
    type: fc.constantFrom('KSampler', 'Pack', 'Note'),
    widgets_values: fc.array(value),
    properties: fc.dictionary(fc.string(), value),
  });
  fc.assert(
    fc.property(fc.array(node), (nodes) => {
      const graph = JSON.stringify({ nodes, links: [] });
      expect(words(graph, graph)).toEqual([]);
    }),
  );
});
