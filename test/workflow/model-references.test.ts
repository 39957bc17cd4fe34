import { describe, expect, test } from 'vitest';
import { choosesUnknownFiles } from '../../src/workflow/chosen-files.js';
import { readPrompt } from '../../src/workflow/prompt.js';
import { readObjectInfo } from '../../src/workflow/read-interfaces.js';
import { embeddingReferences, inputReferences, modelReferences } from '../../src/workflow/references.js';
import { shardsOf } from '../../src/workflow/shards.js';
import { document, sketch, workflow } from './build.js';

type Found = ReturnType<typeof modelReferences>;
const words = (found: Found) =>
  found.map(
    ({ folder, name, guess, executed }) =>
      `${folder ?? '?'}/${name}${guess ? ' guess' : ''}${executed ? '' : ' not executed'}`,
  );
const prompt = (class_type: string, inputs: object) => readPrompt(document({ 1: { class_type, inputs } }));
const inPrompt = (classType: string, inputs: object) => words(modelReferences(prompt(classType, inputs)));
const inNode = (node: object) => words(modelReferences(workflow(sketch([{ id: 1, type: '', ...node }]))));

describe('LoRA stacks', () => {
  test('rows of objects, one input each; a row that is off is not executed', () => {
    const values = [
      { type: 'PowerLoraLoaderHeaderWidget' },
      { on: true, lora: 'style\\ink.safetensors', strength: 0.8, strengthTwo: null },
      { on: false, lora: 'glow.safetensors', strength: 1 },
      {},
      '',
    ];
    expect(inNode({ type: 'Power Lora Loader (rgthree)', widgets_values: values })).toEqual([
      'loras/style/ink.safetensors',
      'loras/glow.safetensors not executed',
    ]);
  });

  test('a list of rows that name LoRAs without extension', () => {
    const rows = [
      { name: 'ink', strength: '0.8', active: true },
      { name: 'glow', strength: 1, active: false },
    ];
    expect(inPrompt('Lora Loader (LoraManager)', { text: '', loras: { __value__: rows } })).toEqual([
      'loras/ink guess',
      'loras/glow guess not executed',
    ]);
  });

  test('names with a switch beside each, and with a count', () => {
    const switched = { switch_1: 'On', lora_name_1: 'a.safetensors', switch_2: 'Off', lora_name_2: 'b.safetensors' };
    expect(inPrompt('CR LoRA Stack', { ...switched, lora_name_3: 'None' })).toEqual([
      'loras/a.safetensors',
      'loras/b.safetensors not executed',
    ]);
    const values = ['Off', 'a.safetensors', 1, 1, 'On', 'b.safetensors', 1, 1];
    expect(inNode({ type: 'CR LoRA Stack', widgets_values: values })).toEqual([
      'loras/a.safetensors not executed',
      'loras/b.safetensors',
    ]);
    const counted = { lora_count: 1, lora_name_1: 'a.safetensors', lora_name_2: 'b.safetensors' };
    expect(inPrompt('LoRA Stacker', counted)).toEqual(['loras/a.safetensors', 'loras/b.safetensors not executed']);
  });

  test('in text, with folder, weights and odd neighbours; not where ComfyUI takes it for words', () => {
    const text = 'a <lora:ink:0.8>, <lora:style\\glow:1:0.5> <lyco:old.safetensors:1>\n<lora::1> <lora:unclosed';
    expect(inPrompt('ImpactWildcardEncode', { wildcard_text: text })).toEqual([
      'loras/ink guess',
      'loras/style/glow guess',
      'loras/old.safetensors guess',
    ]);
    expect(inPrompt('CLIPTextEncode', { text })).toEqual([]);
  });
});

describe('values that name no file', () => {
  test.each(['baked', 'Baked VAE', 'None', 'pixel_space', ''])('%j', (value) => {
    expect(inPrompt('VAELoader', { vae_name: value })).toEqual([]);
    expect(inPrompt('Efficient Loader', { vae_name: value })).toEqual([]);
  });

  test('a choice beside the files of a folder', () => {
    const info = readObjectInfo(
      document({
        Pack: {
          input: { required: { vae_name: [['Use the one inside', 'a.safetensors', 'b.safetensors']] } },
          python_module: 'custom_nodes.pack',
        },
      }),
    );
    const folders = new Map([['vae', ['a.safetensors', 'b.safetensors']]]);
    const found = (value: string) => words(modelReferences(prompt('Pack', { vae_name: value }), info, folders));
    expect(found('Use the one inside')).toEqual([]);
    expect(found('b.safetensors')).toEqual(['vae/b.safetensors']);
    expect(found('gone.safetensors')).toEqual(['vae/gone.safetensors']);
  });
});

test('files of no known extension are found by the list that offers them', () => {
  const info = readObjectInfo(document({ Pack: { input: { required: { face: [['a.task', 'b.task']] } } } }));
  const folders = new Map([['mediapipe', ['a.task', 'b.task']]]);
  expect(words(modelReferences(prompt('Pack', { face: 'a.task' }), info, folders))).toEqual(['mediapipe/a.task']);
});

test('folders are worth listing only where a file is chosen whose extension says nothing', () => {
  const choices = [['a.task', 'b.safetensors', 'bilinear', 'v1.5']];
  const from = (python_module: string) =>
    readObjectInfo(document({ Pack: { input: { required: { face: choices } }, python_module } }));
  const asks = (face: string, module = 'custom_nodes.pack') =>
    choosesUnknownFiles([prompt('Pack', { face })], from(module));
  expect(asks('a.task')).toBe(true);
  expect(['b.safetensors', 'bilinear', 'v1.5', 'x.png'].map((face) => asks(face))).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(asks('a.task', 'nodes')).toBe(false);
  expect(choosesUnknownFiles([prompt('Pack', { face: 'a.task' })], undefined)).toBe(false);
});

test.each([
  ['UnetLoaderGGUF', { unet_name: 'flux-Q4_K_S.gguf' }, 'diffusion_models/flux-Q4_K_S.gguf'],
  ['CLIPLoaderGGUF', { clip_name: 't5.GGUF' }, 'text_encoders/t5.GGUF'],
  ['DiffusersLoader', { model_path: 'sdxl\\base' }, 'diffusers/sdxl/base'],
  ['OnnxThing', { model: 'pose.ONNX' }, '?/pose.ONNX guess'],
  ['Efficient Loader', { ckpt_name: 'x.sft' }, 'checkpoints/x.sft guess'],
])('%s %j', (classType, inputs, expected) => {
  expect(inPrompt(classType, inputs)).toEqual([expected]);
});

test('case does not matter where a list has the name in one folder only', () => {
  const folders = new Map([
    ['sams', ['Sam_B.PTH']],
    ['loras', ['x.safetensors']],
  ]);
  const found = modelReferences(prompt('Mystery', { file: 'sam_b.pth' }), undefined, folders);
  expect(words(found)).toEqual(['sams/sam_b.pth']);
});

test('choices that are some files of one folder alone tell the folder of a name that is gone', () => {
  const info = readObjectInfo(document({ Pack: { input: { required: { m: [['a.gguf', 'b.gguf', 'None']] } } } }));
  const folders = new Map([
    ['unet', ['a.gguf', 'b.gguf', 'c.safetensors']],
    ['loras', ['a.gguf', 'x.safetensors']],
  ]);
  expect(words(modelReferences(prompt('Pack', { m: 'gone.gguf' }), info, folders))).toEqual(['unet/gone.gguf']);
  expect(words(modelReferences(prompt('Pack', { m: 'None' }), info, folders))).toEqual([]);
});

describe('shards', () => {
  test('a file that names thousands of models of hundreds of parts gets no millions of references', () => {
    const inputs = Object.fromEntries(
      Array.from({ length: 2000 }, (_, at) => [`m${at}`, `model${at}-00001-of-00256.safetensors`]),
    );
    expect(modelReferences(prompt('Mystery', inputs)).length).toBeLessThan(8000);
  });

  test('who names one part needs them all', () => {
    expect(inPrompt('Wan Text Encoder', { model: 'umt5-00002-of-00003.safetensors' })).toEqual([
      '?/umt5-00001-of-00003.safetensors guess',
      '?/umt5-00002-of-00003.safetensors guess',
      '?/umt5-00003-of-00003.safetensors guess',
    ]);
  });

  test("ComfyUI's own loaders open the one file", () => {
    expect(inPrompt('CLIPLoader', { clip_name: 'a-00001-of-00002.safetensors' })).toHaveLength(1);
  });

  test.each(['a-00001-of-99999.bin', 'a-00003-of-00002.bin', 'a-1-of-2.bin', 'a.bin'])('%s is one file', (name) => {
    expect(shardsOf(name)).toEqual([name]);
  });
});

test('values saved as an object', () => {
  const values = { ckpt_name: 'a.safetensors', videopreview: { params: { filename: 'x.mp4' } } };
  expect(inNode({ type: 'Efficient Loader', widgets_values: values })).toEqual(['checkpoints/a.safetensors guess']);
});

describe('what the file says of its models', () => {
  const entry = {
    name: 'dream.safetensors',
    url: 'https://user:secret@example.org/x?type=Model&token=1#top',
    directory: 'ipadapter',
    hash: 'AB'.repeat(32),
    hash_type: 'SHA256',
  };

  test('the address without secrets, the hash and the folder', () => {
    const node = { id: 1, type: 'Mystery', widgets_values: ['sub/dream.safetensors'], properties: { models: [entry] } };
    expect(modelReferences(workflow(sketch([node])))).toMatchObject([
      {
        folder: 'ipadapter',
        name: 'sub/dream.safetensors',
        guess: false,
        named: { url: 'https://example.org/x?type=Model', sha256: 'ab'.repeat(32) },
      },
    ]);
  });

  test('an entry of another name is stale; what is no address or no folder is left out', () => {
    const odd = { ...entry, url: 'file:///etc/passwd', directory: '../up', hash: 'short' };
    const models = [{ ...entry, name: 'other.safetensors' }, odd];
    const graph = sketch([{ id: 1, type: 'VAELoader', widgets_values: ['dream.safetensors'] }], [], { models });
    const [found] = modelReferences(workflow(graph));
    expect(found).toMatchObject({ folder: 'vae', named: { url: undefined, sha256: undefined, directory: undefined } });
  });
});

describe('legacy group nodes', () => {
  const group = (loader: object) => ({
    extra: {
      groupNodes: {
        Base: { nodes: [{ index: 0, type: 'CheckpointLoaderSimple', ...loader }], links: [], external: [], config: {} },
      },
    },
  });

  test("the instance's value counts, in either spelling of its type", () => {
    for (const type of ['workflow>Base', 'workflow/Base']) {
      const host = { id: 7, type, widgets_values: ['mine.safetensors', 20] };
      const graph = sketch([host], [], group({ widgets_values: ['theirs.safetensors'] }));
      expect(modelReferences(workflow(graph))).toMatchObject([
        { folder: 'checkpoints', name: 'mine.safetensors', node: '7:0', executed: true },
      ]);
    }
  });

  test('where names do not pair, both are told; a muted group is not executed', () => {
    const host = { id: 7, type: 'workflow>Base', mode: 2, widgets_values: ['a.safetensors', 'b.safetensors'] };
    const graph = sketch([host], [], group({ widgets_values: ['theirs.safetensors'] }));
    expect(words(modelReferences(workflow(graph)))).toEqual([
      'checkpoints/theirs.safetensors not executed',
      '?/a.safetensors guess not executed',
      '?/b.safetensors guess not executed',
    ]);
  });

  test('a group that no node uses names nothing', () => {
    expect(modelReferences(workflow(sketch([], [], group({ widgets_values: ['x.safetensors'] }))))).toEqual([]);
  });
});

test('what a muted subgraph holds is not executed', () => {
  const inside = {
    id: 'd0',
    name: 'Loader',
    inputs: [],
    outputs: [],
    nodes: [
      { id: 5, type: 'CheckpointLoaderSimple', widgets_values: ['in.safetensors'] },
      { id: 6, type: 'CLIPTextEncode', widgets_values: ['embedding:bad'] },
    ],
    links: [],
  };
  const hosts = [0, 2].map((mode, at) => ({ id: at + 1, type: 'd0', mode }));
  const graph = workflow(sketch(hosts, [], { definitions: { subgraphs: [inside] } }));
  expect(modelReferences(graph).map(({ node, executed }) => `${node} ${executed}`)).toEqual(['1:5 true', '2:5 false']);
  expect(embeddingReferences(graph).map(({ executed }) => executed)).toEqual([true, false]);
});

test('a muted subgraph that holds itself is nobody to read', () => {
  const inside = { id: 'd0', name: 'x', inputs: [], outputs: [], nodes: [{ id: 5, type: 'd0' }], links: [] };
  const graph = sketch([{ id: 1, type: 'd0', mode: 2 }], [], { definitions: { subgraphs: [inside] } });
  expect(modelReferences(workflow(graph))).toEqual([]);
});

describe('inputs', () => {
  const inputs = (classType: string, values: object) =>
    inputReferences(prompt(classType, values)).map(
      ({ folder, name, guess }) => `${folder} ${name}${guess ? ' guess' : ''}`,
    );

  test.each([
    ['LoadImage', { image: 'clipspace/clipspace-mask-12.5.png [input]' }, 'input clipspace/clipspace-mask-12.5.png'],
    ['LoadImageMask', { image: 'm.png [temp]', channel: 'red' }, 'temp m.png'],
    ['LoadImageOutput', { image: 'sub/x.png' }, 'output sub/x.png'],
    ['LoadVideo', { file: 'clip.mp4' }, 'input clip.mp4'],
    ['LoadAudio', { audio: 'a b.flac' }, 'input a b.flac'],
    ['LoadLatent', { latent: 'l.latent' }, 'input l.latent'],
    ['VHS_LoadVideo', { video: 'v.webm', force_rate: 0 }, 'input v.webm'],
    ['VHS_LoadImages', { directory: 'frames' }, 'input frames'],
    ['Painter', { mask: 'painter/p.png [temp]' }, 'temp painter/p.png'],
    ['LayerUtility: LoadPSD', { image: 'x.PSD' }, 'input x.PSD guess'],
  ])('%s %j', (classType, values, expected) => {
    expect(inputs(classType, values).map((found) => found.replace(/^(temp painter.*) guess$/, '$1'))).toEqual([
      expected,
    ]);
  });

  test.each([
    ['SaveImage', { filename_prefix: 'x.png' }],
    ['LoadFromUrl', { url: 'https://example.org/x.png' }],
    ['Load Image Path', { image: '/home/ada/x.png' }],
    ['Load Image Path', { image: 'C:\\x.png' }],
    ['Prompt', { text: 'a photo of cat.png' }],
  ])('%s %j is none', (classType, values) => {
    expect(inputs(classType, values)).toEqual([]);
  });

  test('of a muted node is not executed', () => {
    const graph = sketch([{ id: 1, type: 'LoadImage', mode: 4, widgets_values: ['a.png', 'image'] }]);
    expect(inputReferences(workflow(graph))).toMatchObject([{ name: 'a.png', executed: false }]);
  });
});
