import { expect, test } from 'vitest';
import { toPrompt } from '../../src/workflow/convert.js';
import { firstAlternative, resolveDynamicPrompt } from '../../src/workflow/dynamic-prompt.js';
import { fromPlain, toPlain } from '../../src/workflow/json.js';
import { readObjectInfo } from '../../src/workflow/read-interfaces.js';
import { objectInfo, sketch, textToImage, workflow } from './build.js';

type Plain = Record<string, { class_type: string; inputs: Record<string, unknown>; _meta: { title: string } }>;
const convert = (value: unknown) => toPlain(toPrompt(workflow(value), objectInfo)) as Plain;
const slot = (name: string, type: string, more: object = {}) => ({ name, type, ...more });
const widget = (name: string, type: string) => slot(name, type, { widget: { name } });

test('text to image: widgets by name, links by node and slot, no control value', () => {
  const prompt = convert(textToImage());
  expect(Object.keys(prompt)).toEqual(['3', '4', '5', '6', '7', '8', '9']);
  expect(prompt['3']).toEqual({
    class_type: 'KSampler',
    _meta: { title: 'base' },
    inputs: {
      seed: 42,
      steps: 20,
      cfg: 8,
      sampler_name: 'euler',
      scheduler: 'normal',
      denoise: 1,
      model: ['4', 0],
      positive: ['6', 0],
      negative: ['7', 0],
      latent_image: ['5', 0],
    },
  });
});

test('nodes stand in the order of a JavaScript object: numbers ascend, then the others as they come', () => {
  const saver = (id: number | string) => ({ id, type: 'SaveImage', widgets_values: ['x'] });
  const ids = [10, 9, 'b', 4294967295, 'a', 0, 2];
  const keys = [...toPrompt(workflow(sketch(ids.map(saver))), objectInfo).keys()];
  expect(keys).toEqual(['0', '2', '9', '10', 'b', '4294967295', 'a']);
});

const loraChain = (mode: number) =>
  sketch(
    [
      { id: 1, type: 'CheckpointLoaderSimple' },
      {
        id: 2,
        type: 'LoraLoader',
        mode,
        inputs: [slot('model', 'MODEL'), slot('clip', 'CLIP')],
        widgets_values: ['dummy-lora.safetensors', 1, 1],
      },
      { id: 3, type: 'CLIPTextEncode', inputs: [slot('clip', 'CLIP')], widgets_values: ['x'] },
    ],
    [
      [1, 1, 0, 2, 0, 'MODEL'],
      [2, 1, 1, 2, 1, 'CLIP'],
      [3, 2, 1, 3, 0, 'CLIP'],
    ],
  );

test('a bypassed node hands on the input of the same type', () => {
  expect(convert(loraChain(0))['3']?.inputs['clip']).toEqual(['2', 1]);
  expect(convert(loraChain(4))['3']?.inputs['clip']).toEqual(['1', 1]);
});

test('a primitive writes its value into the widget, which keeps its place', () => {
  const sampler = {
    id: 3,
    type: 'KSampler',
    inputs: [widget('seed', 'INT')],
    widgets_values: [5, 'fixed', 20, 8, 'euler', 'normal', 1],
  };
  const primitive = { id: 1, type: 'PrimitiveNode', outputs: [slot('INT', 'INT')], widgets_values: [99, 'randomize'] };
  const { inputs } = convert(sketch([primitive, sampler], [[1, 1, 0, 3, 0, 'INT']]))['3'] ?? { inputs: {} };
  expect(inputs).toMatchObject({ seed: 99, steps: 20 });
  expect(Object.keys(inputs)[0]).toBe('seed');
});

test('seeds keep every digit', () => {
  const text = '{"nodes":[{"id":1,"type":"RandomNoise","widgets_values":[18446744073709551615,"fixed"]}],"links":[]}';
  expect(convert(text)['1']?.inputs).toEqual({ noise_seed: '18446744073709551615' });
});

test('missing values are the defaults, and a dynamic combo brings its members', () => {
  const prompt = convert(
    sketch([
      { id: 1, type: 'KSampler' },
      { id: 2, type: 'ResizeImageMaskNode', widgets_values: ['scale by multiplier', 3, 'area'] },
    ]),
  );
  expect(prompt['1']?.inputs).toMatchObject({ seed: 0, steps: 20, sampler_name: 'euler' });
  expect(prompt['2']?.inputs).toEqual({
    resize_type: 'scale by multiplier',
    'resize_type.multiplier': 3,
    scale_method: 'area',
  });
});

test('a subgraph is unfolded, linked through both ways, with the value that its instance holds', () => {
  const prompt = convert(withScaler({ widgets_values: ['lanczos'] }));
  expect(Object.keys(prompt)).toEqual(['1', '3', '2:20']);
  expect(prompt['2:20']?.inputs).toEqual({ upscale_method: 'lanczos', scale_by: 2, image: ['1', 0] });
  expect(prompt['3']?.inputs).toEqual({ image: ['2:20', 0] });
});

test('an instance without a value of its own leaves the interior one', () => {
  expect(convert(withScaler({}))['2:20']?.inputs['upscale_method']).toBe('area');
});

test('proxyWidgets of older frontends say what the values of an instance belong to', () => {
  const host = {
    properties: {
      proxyWidgets: [
        ['20', 'scale_by'],
        ['20', 'upscale_method'],
      ],
    },
    widgets_values: [4, 'bicubic'],
  };
  expect(convert(withScaler(host))['2:20']?.inputs).toMatchObject({ upscale_method: 'bicubic', scale_by: 4 });
});

test('a reroute does not hand on a link that belongs to another node', () => {
  const image = { id: 1, type: 'EmptyImage' };
  const reroute = { id: 2, type: 'Reroute', inputs: [slot('', '*', { link: 1 })], outputs: [slot('', 'IMAGE')] };
  const inverts = [3, 4].map((id) => ({ id, type: 'ImageInvert', inputs: [slot('image', 'IMAGE')] }));
  const links = [
    [1, 1, 0, 3, 0, 'IMAGE'],
    [2, 2, 0, 4, 0, 'IMAGE'],
  ];
  const prompt = convert(sketch([image, reroute, ...inverts], links));
  expect(prompt['3']?.inputs).toEqual({ image: ['1', 0] });
  expect(prompt['4']?.inputs).toEqual({});
});

test('a bypassed node inside hands on what its instance shows of it', () => {
  const inside = {
    id: 'sub',
    inputNode: { id: -10 },
    outputNode: { id: -20 },
    inputs: [],
    outputs: [],
    nodes: [
      { id: 20, type: 'PrimitiveInt', mode: 4, outputs: [slot('INT', 'INT')], widgets_values: [7, 'fixed'] },
      {
        id: 21,
        type: 'RandomNoise',
        inputs: [{ ...widget('noise_seed', 'INT'), link: 1 }],
        widgets_values: [5, 'fixed'],
      },
    ],
    links: [{ id: 1, origin_id: 20, origin_slot: 0, target_id: 21, target_slot: 0, type: 'INT' }],
  };
  const host = { id: 1, type: 'sub', properties: { proxyWidgets: [['20', 'value']] }, widgets_values: [99] };
  const prompt = convert(sketch([host], [], { definitions: { subgraphs: [inside] } }));
  expect(prompt['1:21']?.inputs).toEqual({ noise_seed: 99 });
});

test('inputs that grow stand where the class has them: a bypassed node hands on the one beside its output', () => {
  const input = {
    required: { text: ['STRING', {}], values: ['COMFY_AUTOGROW_V3', { template: { input: { required: {} } } }] },
  };
  const info = new Map([...objectInfo, ...readObjectInfo(fromPlain({ Sum: { input, output: ['FLOAT', 'INT'] } }))]);
  const number = { id: 1, type: 'PrimitiveInt', outputs: [slot('INT', 'INT')] };
  const sum = { id: 2, type: 'Sum', mode: 4, inputs: [slot('values.a', 'FLOAT,INT'), slot('values.b', 'FLOAT,INT')] };
  const noise = { id: 3, type: 'RandomNoise', inputs: [widget('noise_seed', 'INT')], widgets_values: [5, 'fixed'] };
  const handsOn = (to: number) => {
    const links = [
      [1, 1, 0, 2, to, 'INT'],
      [2, 2, 1, 3, 0, 'INT'],
    ];
    return (toPlain(toPrompt(workflow(sketch([number, sum, noise], links)), info)) as Plain)['3']?.inputs;
  };
  expect(handsOn(1)).toEqual({ noise_seed: ['1', 0] });
  expect(handsOn(0)).toEqual({ noise_seed: 5 });
});

test('an interior id that collides with one at the root is renumbered, as the frontend does', () => {
  const colliding = { id: 20, type: 'EmptyImage' };
  expect(Object.keys(convert(withScaler({}, [colliding])))).toContain('2:100');
});

test('an unknown type is refused with its title, its pack and what to type', () => {
  const node = { id: 5, type: 'DetailFace', title: 'faces', properties: { cnr_id: 'impact-pack' } };
  expect(() => convert(sketch([node]))).toThrow(
    expect.objectContaining({
      code: 'unknown-node-type',
      message: 'the server has no node type for DetailFace "faces" #5 (pack impact-pack)',
      hint: 'install the pack: comfy node install impact-pack',
    }),
  );
});

test.each([
  [
    'Load3D',
    'Load3D #1 sends pictures of its 3D view, which the browser draws when it queues (input "image"): no workflow holds that',
  ],
  [
    'WebcamCapture',
    'WebcamCapture #1 sends a picture of the webcam, which the browser takes when it queues (input "image"): no workflow holds that',
  ],
])('%s is refused: its pictures are made in the browser', (type, message) => {
  const view = type === 'Load3D' ? 'LOAD_3D' : 'WEBCAM';
  const info = readObjectInfo(fromPlain({ [type]: { input: { required: { image: [view, {}] } }, output: ['IMAGE'] } }));
  expect(() => toPrompt(workflow(sketch([{ id: 1, type }])), info)).toThrow(
    expect.objectContaining({ code: 'browser-only-node', message }),
  );
});

test.each([
  ['workflow>Old', 'group-node'],
  ['Anything Everywhere', 'browser-only-node'],
])('%s is refused by name', (type, code) => {
  expect(() => convert(sketch([{ id: 1, type }]))).toThrow(expect.objectContaining({ code }));
});

test('an unknown type that is muted does no harm', () => {
  expect(
    Object.keys(
      convert(
        sketch([
          { id: 1, type: 'Gone', mode: 2 },
          { id: 2, type: 'EmptyImage' },
        ]),
      ),
    ),
  ).toEqual(['2']);
});

test.each([
  ['a {red|blue} car', 'a red car'],
  ['{x{1|2}|y}', 'x1'],
  ['{alone} \\{lit\\}', 'alone {lit}'],
  ['a /* b */c // d\nhttp://e', 'a c \nhttp:'],
  ['{open|end', 'open'],
])('dynamic prompt %j', (text, expected) => {
  expect(resolveDynamicPrompt(text, firstAlternative)).toBe(expected);
});
/** A subgraph that scales: its `image` is a socket, its `upscale_method` promoted, and it holds a node that collides with the root. */
const scaler = {
  id: 'a1',
  name: 'Scaler',
  inputs: [
    { name: 'image', type: 'IMAGE', linkIds: [1] },
    { name: 'upscale_method', type: 'COMBO', linkIds: [2] },
  ],
  outputs: [{ name: 'IMAGE', type: 'IMAGE', linkIds: [3] }],
  nodes: [
    {
      id: 20,
      type: 'ImageScaleBy',
      inputs: [slot('image', 'IMAGE', { link: 1 }), { ...widget('upscale_method', 'COMBO'), link: 2 }],
      widgets_values: ['area', 2],
    },
  ],
  links: [
    { id: 1, origin_id: -10, origin_slot: 0, target_id: 20, target_slot: 0, type: 'IMAGE' },
    { id: 2, origin_id: -10, origin_slot: 1, target_id: 20, target_slot: 1, type: 'COMBO' },
    { id: 3, origin_id: 20, origin_slot: 0, target_id: -20, target_slot: 0, type: 'IMAGE' },
  ],
};

const withScaler = (host: object, more: readonly { id: number; type: string }[] = []) =>
  sketch(
    [
      { id: 1, type: 'EmptyImage' },
      { id: 2, type: 'a1', inputs: [slot('image', 'IMAGE'), widget('upscale_method', 'COMBO')], ...host },
      { id: 3, type: 'ImageInvert', inputs: [slot('image', 'IMAGE')] },
      ...more,
    ],
    [
      [1, 1, 0, 2, 0, 'IMAGE'],
      [2, 2, 0, 3, 0, 'IMAGE'],
    ],
    { definitions: { subgraphs: [scaler] } },
  );
