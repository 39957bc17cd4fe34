import { expect, test } from 'vitest';
import { describe as describeWorkflow } from '../../src/workflow/describe.js';
import { readWorkflow } from '../../src/workflow/graph.js';
import { normalise } from '../../src/workflow/normal-form.js';
import { document, sketch, textToImage, workflow } from './build.js';

const lines = (value: unknown) => describeWorkflow(workflow(value));

test('one line a fact, with the node it is about', () => {
  expect(lines(textToImage()).filter((line) => line.includes('#3'))).toEqual([
    'KSampler "base" #3',
    'KSampler "base" #3  seed: 42',
    'KSampler "base" #3  control_after_generate: randomize',
    'KSampler "base" #3  steps: 20',
    'KSampler "base" #3  cfg: 8',
    'KSampler "base" #3  sampler_name: euler',
    'KSampler "base" #3  scheduler: normal',
    'KSampler "base" #3  denoise: 1',
    'KSampler "base" #3  latent_image: from EmptyLatentImage #5',
    'KSampler "base" #3  model: from CheckpointLoaderSimple #4',
    'KSampler "base" #3  negative: from CLIPTextEncode #7',
    'KSampler "base" #3  positive: from CLIPTextEncode #6',
    'VAEDecode #8  samples: from KSampler #3',
  ]);
});

test.each([
  ['a word', 'euler', 'euler'],
  ['a text with blanks', 'a red house', '"a red house"'],
  ['line breaks', 'one\ntwo', '"one\\ntwo"'],
  ['a text that reads like a number', '20', '"20"'],
  ['an escape sequence', '\u001b[31m', '"\\u001b[31m"'],
  ['nothing', '', '""'],
])('%s', (_, value, shown) => {
  expect(lines(sketch([{ id: 1, type: 'CLIPTextEncode', widgets_values: [value] }]))).toContain(
    `CLIPTextEncode #1  text: ${shown}`,
  );
});

test('seeds keep every digit', () => {
  const text = '{"nodes":[{"id":1,"type":"RandomNoise","widgets_values":[18446744073709551615,"fixed"]}]}';
  expect(lines(text)[1]).toBe('RandomNoise #1  noise_seed: 18446744073709551615');
});

test('names come from the file, then from the caller, then from our table; positions are the last resort', () => {
  const node = { id: 1, type: 'Pack', widgets_values: [5] };
  expect(lines(sketch([node]))).toContain('Pack #1  #0: 5');
  expect(describeWorkflow(workflow(sketch([node])), new Map([['Pack', ['strength']]]))).toContain(
    'Pack #1  strength: 5',
  );
  expect(lines(sketch([{ ...node, widgets_values_named: { power: 5 } }]))).toContain('Pack #1  power: 5');
});

test('the inside of a subgraph stands under its name, an instance shows the values it holds', () => {
  const definition = {
    id: 'a1',
    name: 'Scaler',
    inputs: [{ name: 'factor', type: 'FLOAT', linkIds: [1] }],
    outputs: [{ name: 'IMAGE', type: 'IMAGE', linkIds: [2] }],
    nodes: [
      {
        id: 5,
        type: 'ImageScaleBy',
        inputs: [{ name: 'scale_by', type: 'FLOAT', link: 1, widget: { name: 'scale_by' } }],
        outputs: [{ name: 'IMAGE', type: 'IMAGE' }],
        widgets_values: ['area', 2],
      },
    ],
    links: [
      { id: 1, origin_id: -10, origin_slot: 0, target_id: 5, target_slot: 0, type: 'FLOAT' },
      { id: 2, origin_id: 5, origin_slot: 0, target_id: -20, target_slot: 0, type: 'IMAGE' },
    ],
  };
  const graph = sketch([{ id: 1, type: 'a1', widgets_values: [4] }], [], { definitions: { subgraphs: [definition] } });
  expect(lines(graph)).toEqual([
    'Scaler #1',
    'Scaler #1  factor: 4',
    'Scaler  input factor: FLOAT',
    'Scaler  output IMAGE: IMAGE',
    'Scaler  IMAGE: from ImageScaleBy #5 IMAGE',
    'Scaler / ImageScaleBy #5',
    'Scaler / ImageScaleBy #5  upscale_method: area',
    'Scaler / ImageScaleBy #5  scale_by: 2',
    'Scaler / ImageScaleBy #5  scale_by: from subgraph input factor',
  ]);
});

test('groups, packs, properties and flags that act are facts; layout and stamps are none', () => {
  const node = {
    id: 1,
    type: 'Pack',
    mode: 4,
    pos: [5, 5],
    color: '#fff',
    flags: { collapsed: true, keepAllLinksOnBypass: true },
    properties: { 'Node name for S&R': 'Pack', aux_id: 'someone/pack', ver: 'abc', randomMax: 9 },
  };
  const more = {
    groups: [{ title: 'Upscaling', bounding: [0, 0, 1, 1] }],
    extra: { ds: { scale: 1 }, linearMode: true },
  };
  expect(lines(sketch([node], [], more))).toEqual([
    'workflow  group "Upscaling"',
    'workflow  extra.linearMode: true',
    'Pack #1',
    'Pack #1  bypassed',
    'Pack #1  flags.keepAllLinksOnBypass: true',
    'Pack #1  pack: someone/pack@abc',
    'Pack #1  properties.randomMax: 9',
  ]);
});

test('a workflow and its normal form read the same', () => {
  const file = document(textToImage());
  expect(describeWorkflow(readWorkflow(normalise(file).normal))).toEqual(describeWorkflow(readWorkflow(file)));
});
