import { expect, test } from 'vitest';
import { readPrompt } from '../../src/workflow/prompt.js';
import {
  classesUsed,
  embeddingReferences,
  inputReferences,
  modelReferences,
  packsNamed,
} from '../../src/workflow/references.js';
import { document, objectInfo, sketch, textToImage, workflow } from './build.js';

const prompt = (nodes: Record<string, { class_type: string; inputs: object }>) => readPrompt(document(nodes));
const node = (class_type: string, inputs: object) => prompt({ 1: { class_type, inputs } });
const files = (source: Parameters<typeof modelReferences>[0]) =>
  modelReferences(source).map(({ folder, name, guess }) => `${folder ?? '?'}/${name}${guess ? ' guess' : ''}`);

test('core loaders by class and input, without a server', () => {
  expect(files(workflow(textToImage()))).toEqual(['checkpoints/dummy-a.safetensors']);
  expect(files(node('CLIPLoader', { clip_name: 't5.safetensors', type: 'sd3' }))).toEqual([
    'text_encoders/t5.safetensors',
  ]);
  expect(files(node('CLIPVisionLoader', { clip_name: 'v.safetensors' }))).toEqual(['clip_vision/v.safetensors']);
});

test('windows separators become slashes, and the spelling of the file is kept', () => {
  const [found] = modelReferences(node('LoraLoader', { lora_name: 'style\\ink.safetensors' }));
  expect(found).toMatchObject({ name: 'style/ink.safetensors', value: 'style\\ink.safetensors' });
});

test.each([
  ['pixel_space', []],
  ['taesdxl', ['vae_approx/taesdxl_encoder', 'vae_approx/taesdxl_decoder']],
  ['taehv', ['vae_approx/taehv']],
  ['vae.safetensors', ['vae/vae.safetensors']],
])('VAELoader %s', (name, expected) => {
  expect(files(node('VAELoader', { vae_name: name }))).toEqual(expected);
});

test('an unknown class is found by extension, and says that it is a guess', () => {
  expect(files(node('PackLoader', { file: 'x.gguf', text: 'no model' }))).toEqual(['?/x.gguf guess']);
  expect(files(node('Stack', { lora_1: { on: true, lora: 'ink.safetensors' } }))).toEqual([
    'loras/ink.safetensors guess',
  ]);
});

test('with the folders of a server the list that makes up the choices names the folder', () => {
  const info = new Map(objectInfo).set('PackLoader', {
    classType: 'PackLoader',
    outputNode: false,
    outputs: [],
    inputs: [
      { name: 'file', type: 'COMBO', section: 'required', choices: ['None', 'a.bin', 'b.bin'], options: new Map() },
    ],
  });
  const folders = new Map([
    ['ipadapter', ['a.bin', 'b.bin']],
    ['loras', ['a.bin', 'z.bin']],
  ]);
  expect(modelReferences(node('PackLoader', { file: 'b.bin' }), info, folders)).toMatchObject([
    { folder: 'ipadapter', guess: false },
  ]);
  expect(modelReferences(node('PackLoader', { file: 'gone.bin' }), info, folders)).toMatchObject([
    { folder: 'ipadapter' },
  ]);
});

test.each([
  [0, true],
  [2, false],
  [4, false],
])('what a node of mode %i names is executed: %s', (mode, executed) => {
  const edited = textToImage(({ checkpoint }) => Object.assign(checkpoint ?? {}, { mode }));
  expect(modelReferences(workflow(edited))).toMatchObject([{ name: 'dummy-a.safetensors', executed }]);
});

test('a value promoted to the instance of a subgraph counts as the instance has it', () => {
  const inside = {
    id: 'd0',
    name: 'Loader',
    inputs: [{ name: 'ckpt_name', type: 'COMBO', linkIds: [1] }],
    outputs: [],
    nodes: [
      {
        id: 5,
        type: 'CheckpointLoaderSimple',
        inputs: [{ name: 'ckpt_name', type: 'COMBO', link: 1, widget: { name: 'ckpt_name' } }],
        widgets_values: ['inside.safetensors'],
      },
    ],
    links: [{ id: 1, origin_id: -10, origin_slot: 0, target_id: 5, target_slot: 0, type: 'COMBO' }],
  };
  const hosts = ['one.safetensors', 'two.safetensors'].map((name, at) => ({
    id: at + 1,
    type: 'd0',
    widgets_values: [name],
  }));
  const found = modelReferences(workflow(sketch(hosts, [], { definitions: { subgraphs: [inside] } })));
  expect(found.map(({ node: id, name }) => `${id} ${name}`)).toEqual(['1:5 one.safetensors', '2:5 two.safetensors']);
});

test.each([
  ['a.png', 'input', 'a.png'],
  ['sub\\a.png', 'input', 'sub/a.png'],
  ['clip/a.png [output]', 'output', 'clip/a.png'],
  ['a.png[output]', 'input', 'a.png[output]'],
])('input file %s', (value, folder, name) => {
  expect(inputReferences(node('LoadImage', { image: value }))).toMatchObject([{ folder, name }]);
});

test('a combo with an upload flag names an input file whatever its class', () => {
  const info = new Map(objectInfo).set('PackImage', {
    classType: 'PackImage',
    outputNode: false,
    outputs: [],
    inputs: [{ name: 'picture', type: 'COMBO', section: 'required', options: new Map([['image_upload', true]]) }],
  });
  expect(inputReferences(node('PackImage', { picture: 'p.png' }), info)).toMatchObject([{ name: 'p.png' }]);
});

test.each([
  ['embedding:bad, blurry', ['bad']],
  ['a (embedding:style/ink:1.2) b', ['style/ink']],
  ['xembedding:no', []],
  ['one embedding:a embedding:b embedding:a', ['a', 'b']],
])('embeddings in %j', (text, names) => {
  expect(embeddingReferences(node('CLIPTextEncode', { text })).map(({ name }) => name)).toEqual(names);
});

test('classes that would run, and the packs that the file names', () => {
  const source = workflow(
    sketch([
      { id: 1, type: 'Note' },
      { id: 2, type: 'Impact', properties: { cnr_id: 'impact-pack', ver: '8.1' } },
      { id: 3, type: 'Other', properties: { aux_id: 'someone/other' } },
    ]),
  );
  expect(classesUsed(source)).toEqual(['Impact', 'Other']);
  expect(packsNamed(source).get('Impact')).toEqual({ classType: 'Impact', registry: 'impact-pack', version: '8.1' });
  expect(packsNamed(source).get('Other')).toEqual({ classType: 'Other', github: 'someone/other' });
});

test('classes and packs inside a legacy group count where an active node uses it', () => {
  const nodes = [{ type: 'Impact', properties: { cnr_id: 'impact-pack' } }, { type: 'Reroute' }];
  const extra = {
    groupNodes: { G: { nodes, links: [], external: [], config: {} }, Unused: { nodes: [{ type: 'X' }] } },
  };
  const using = (mode: number) => workflow(sketch([{ id: 1, type: 'workflow>G', mode }], [], { extra }));
  expect(classesUsed(using(0))).toEqual(['Impact']);
  expect(packsNamed(using(0)).get('Impact')).toMatchObject({ registry: 'impact-pack' });
  expect(classesUsed(using(2))).toEqual([]);
});
