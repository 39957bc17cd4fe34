import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentOf } from '../../src/comfyui/environment.js';
import { findServer } from '../../src/comfyui/find-server.js';
import {
  embeddings,
  fetchOutput,
  freeMemory,
  modelFolders,
  modelNames,
  objectInfo,
  queueState,
  systemStats,
  uploadInput,
} from '../../src/comfyui/requests.js';
import { runPrompt } from '../../src/comfyui/run-prompt.js';
import { serverAt } from '../../src/comfyui/server-address.js';
import type { SimulatedClass } from '../../src/comfyui/simulator/node-class.js';
import { PythonError } from '../../src/comfyui/simulator/python.js';
import { fromPlain, type JsonObject, parseJson, writeJson } from '../../src/workflow/json.js';
import { labClasses, makeGate } from '../support/lab-nodes.js';
import { closedPort, plainPrompt, prompt, simulated } from '../support/simulated.js';

const never = new AbortController().signal;

test('a run gives the executed prompt, its outputs, the order of its nodes and its times', async () => {
  const { url } = await simulated();
  const seen: string[] = [];
  const run = await runPrompt(
    { url },
    { prompt: plainPrompt() },
    { signal: never, onProgress: (p) => seen.push(p.node) },
  );
  expect(run.executed).toEqual(['1', '2', '9']);
  expect(run.cached).toEqual([]);
  expect(run.outputs).toEqual([
    { node: '9', key: 'images', index: 0, filename: 'img_00001_.png', subfolder: 't', type: 'output' },
  ]);
  expect(new Set(seen)).toEqual(new Set(['1', '2', '9']));
  expect(run.duration).toBeGreaterThanOrEqual(0);
  expect(run.promptId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
});

test('what is fetched is what the server wrote, with the workflow embedded', async () => {
  const { url, base } = await simulated();
  const workflow = fromPlain({ nodes: [], title: 'café' }) as JsonObject;
  const run = await runPrompt({ url }, { prompt: plainPrompt(), workflow }, { signal: never });
  const [output] = run.outputs;
  if (output === undefined) throw new Error('no output');
  const bytes = await fetchOutput({ url }, output);
  expect(bytes.equals(readFileSync(join(base, 'output/t/img_00001_.png')))).toBe(true);
  expect(bytes.toString('latin1')).toContain('{"nodes": [], "title": "caf\\u00e9"}');
});

test('numbers that JavaScript would change pass both ways', async () => {
  const { url } = await simulated({}, labClasses(makeGate()));
  const seed = { lexeme: '18446744073709551615' };
  const float = { class_type: 'LabFloat', inputs: { image: ['2', 0], value: { lexeme: 'NaN' }, other: 0.1 } };
  const run = await runPrompt(
    { url },
    { prompt: plainPrompt(seed, { '3': float, '8': save('3') }) },
    { signal: never },
  );
  expect(writeJson(run.prompt)).toContain('"seed":18446744073709551615');
  expect(writeJson(run.prompt)).toContain('"value":NaN');
});

const save = (from: string) => ({ class_type: 'SaveImage', inputs: { images: [from, 0], filename_prefix: 'more' } });

test('a second equal run is served from the cache, one after /free is not', async () => {
  const { url } = await simulated();
  const once = () => runPrompt({ url }, { prompt: plainPrompt() }, { signal: never });
  await once();
  const again = await once();
  expect(again.cached).toEqual(['1', '2', '9']);
  expect(again.executed).toEqual([]);
  await freeMemory({ url });
  expect((await once()).cached).toEqual([]);
});

test('no client id and no secret comes back', async () => {
  const { url } = await simulated();
  const run = await runPrompt({ url }, { prompt: plainPrompt() }, { signal: never });
  expect(Object.keys(run).sort()).toEqual(['cached', 'duration', 'executed', 'outputs', 'prompt', 'promptId', 'start']);
  expect(writeJson(run.prompt)).not.toContain('client_id');
});

test('a missing model is told with the node, the input and the file', async () => {
  const { url } = await simulated({ 'models/checkpoints/a.safetensors': 'a' });
  const queued = {
    prompt: prompt({
      '1': {
        class_type: 'CheckpointLoaderSimple',
        inputs: { ckpt_name: 'gone.safetensors' },
        _meta: { title: 'Base model' },
      },
      '2': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['1', 2] } },
      '3': { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64, batch_size: 1 } },
      '9': { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'x' } },
    }),
  };
  await expect(runPrompt({ url }, queued, { signal: never })).rejects.toMatchObject({
    code: 'prompt-refused',
    message:
      'ComfyUI refused the workflow: CheckpointLoaderSimple "Base model" #1 ckpt_name: the server has no gone.safetensors',
    hint: expect.stringContaining('put the file'),
  });
});

test('a prompt that is refused in part does not run at all', async () => {
  const gate = makeGate();
  const { url } = await simulated({}, labClasses(gate));
  const sleep = { class_type: 'LabSleep', inputs: { image: ['2', 0], seconds: 9 } };
  const more = {
    '3': { class_type: 'LoadImage', inputs: { image: 'nope.png' } },
    '5': sleep,
    '8': save('3'),
    '7': save('5'),
  };
  await expect(runPrompt({ url }, { prompt: plainPrompt(1, more) }, { signal: never })).rejects.toMatchObject({
    code: 'prompt-refused',
    message: expect.stringContaining(
      'LoadImage #3 image: Custom validation failed for node (image - Invalid image file: nope.png)',
    ),
  });
  await expect.poll(() => queueState({ url })).toEqual({ running: [], pending: [] });
});

test('an unknown class is told by its node', async () => {
  const { url } = await simulated();
  const more = { '4': { class_type: 'NoSuchNode', inputs: {}, _meta: { title: 'Magic' } } };
  await expect(runPrompt({ url }, { prompt: plainPrompt(1, more) }, { signal: never })).rejects.toThrow(
    'NoSuchNode "Magic" #4: Cannot execute because node NoSuchNode does not exist.',
  );
});

test('a node that fails at run time is told with its title from the workflow and the exception', async () => {
  const { url } = await simulated({}, labClasses(makeGate()));
  const more = { '5': { class_type: 'LabRaise', inputs: { image: ['2', 0], message: 'boom' } }, '8': save('5') };
  const workflow = fromPlain({ nodes: [{ id: 5, type: 'LabRaise', title: 'The bomb' }] }) as JsonObject;
  await expect(runPrompt({ url }, { prompt: plainPrompt(1, more), workflow }, { signal: never })).rejects.toMatchObject(
    {
      code: 'run-failed',
      message: 'LabRaise "The bomb" #5 failed: ValueError: boom',
    },
  );
});

test('Ctrl-C interrupts the run that it queued', async () => {
  const { url } = await simulated({}, labClasses(makeGate()));
  const stop = new AbortController();
  const more = { '5': { class_type: 'LabSleep', inputs: { image: ['2', 0], seconds: 9 } }, '8': save('5') };
  const run = runPrompt(
    { url },
    { prompt: plainPrompt(1, more) },
    {
      signal: stop.signal,
      onProgress: ({ node }) => node === '5' && stop.abort(),
    },
  );
  await expect(run).rejects.toMatchObject({ code: 'interrupted' });
  await expect.poll(() => queueState({ url })).toEqual({ running: [], pending: [] });
});

test('Ctrl-C takes a run that waits out of the queue, and leaves the other alone', async () => {
  const gate = makeGate();
  const { url } = await simulated({}, labClasses(gate));
  const sleep = (seconds: number) => ({
    '5': { class_type: 'LabSleep', inputs: { image: ['2', 0], seconds } },
    '8': save('5'),
  });
  const other = new AbortController();
  let running = () => {};
  const begun = new Promise<void>((resolve) => (running = resolve));
  const first = runPrompt(
    { url },
    { prompt: plainPrompt(1, sleep(0.05)) },
    {
      signal: other.signal,
      onProgress: ({ node }) => node === '5' && running(),
    },
  );
  await begun;
  const stop = new AbortController();
  const waited: number[] = [];
  const second = runPrompt(
    { url },
    { prompt: plainPrompt(2, sleep(1)) },
    { signal: stop.signal, onWaiting: (before) => waited.push(before) },
  );
  await expect.poll(() => waited).toContain(1);
  stop.abort();
  await expect(second).rejects.toMatchObject({ code: 'interrupted' });
  expect((await queueState({ url })).pending).toEqual([]);
  gate.open();
  gate.open();
  expect((await first).outputs).toHaveLength(2);
});

test('a run that somebody interrupts on the server is told as that', async () => {
  const { url } = await simulated({}, labClasses(makeGate()));
  const more = { '5': { class_type: 'LabSleep', inputs: { image: ['2', 0], seconds: 9 } }, '8': save('5') };
  const run = runPrompt(
    { url },
    { prompt: plainPrompt(1, more) },
    {
      signal: never,
      onProgress: ({ node }) => node === '5' && void fetch(`${url}/interrupt`, { method: 'POST' }),
    },
  );
  await expect(run).rejects.toMatchObject({ code: 'run-interrupted' });
});

test('what the server knows of its machine is read', async () => {
  const files = { 'models/loras/style/ink.safetensors': 'i', 'models/embeddings/neg.pt': 'n' };
  const { url, base } = await simulated(files);
  expect(await modelNames({ url }, 'loras')).toEqual([join('style', 'ink.safetensors')]);
  expect(await modelNames({ url }, 'unet')).toEqual([]);
  expect(await embeddings({ url })).toEqual(['neg']);
  expect((await modelFolders({ url })).get('custom_nodes')).toEqual([join(base, 'custom_nodes')]);
  expect([...(await objectInfo({ url }, ['SaveImage', 'NoSuchNode'])).keys()]).toEqual(['SaveImage']);
  expect((await objectInfo({ url })).size).toBeGreaterThan(25);
});

test('it says that it is simulated, and no path of the machine gets into the environment', async () => {
  const { url, base } = await simulated();
  const environment = environmentOf(await systemStats({ url }));
  expect(environment).toMatchObject({ simulated: true, comfyui: '0.8.0', arguments: ['--cpu', '--simulated'] });
  expect(JSON.stringify(environment)).not.toContain(base);
});

test('an upload answers with the name under which the server keeps it', async () => {
  const { url } = await simulated();
  const bytes = (text: string) => new Uint8Array(Buffer.from(text));
  expect(await uploadInput({ url }, 'ref/a.png', bytes('one'))).toBe('ref/a.png');
  expect(await uploadInput({ url }, 'ref/a.png', bytes('two'))).toBe('ref/a (1).png');
});

test('the first address that answers is taken', async () => {
  const { url } = await simulated();
  expect(await findServer([await closedPort(), url], never)).toEqual({ url });
});

test('an address may come without a scheme, and its password is never shown', () => {
  expect(serverAt('localhost:8188/')).toEqual({ url: 'http://localhost:8188' });
  expect(serverAt('https://ada:s%40cret@gpu.example.org/comfy/')).toEqual({
    url: 'https://gpu.example.org/comfy',
    authorization: `Basic ${Buffer.from('ada:s@cret').toString('base64')}`,
  });
  expect(() => serverAt('ftp://ada:secret@x')).toThrow('"ftp://x" is no address of a server');
  // A path would be read as the name of a host.
  for (const path of ['/work/x', './comfy', '']) expect(() => serverAt(path)).toThrow(`"${path}" is no address`);
});

test.each([
  ['torch.OutOfMemoryError', 'CUDA out of memory. Tried to allocate 20.00 GiB.', 'a smaller size or batch'],
  ['RuntimeError', 'mat1 and mat2 shapes cannot be multiplied (77x2048 and 768x320)', 'do not fit each other'],
  ['ValueError', 'the brush is broken', 'the log of ComfyUI'],
])('a run that fails with %s says what helps', async (type, message, hint) => {
  const fails: SimulatedClass = {
    name: 'Breaks',
    info: parseJson(
      '{"input": {"required": {"image": ["IMAGE"]}}, "output": ["IMAGE"], "output_name": ["IMAGE"]}',
    ) as JsonObject,
    run: () => Promise.reject(new PythonError(type, message)),
  };
  const { url } = await simulated({}, [fails]);
  const broken = plainPrompt(1, {
    '3': { class_type: 'Breaks', inputs: { image: ['2', 0] } },
    '9': { class_type: 'SaveImage', inputs: { images: ['3', 0], filename_prefix: 'x' } },
  });
  await expect(runPrompt({ url }, { prompt: broken }, { signal: never })).rejects.toMatchObject({
    code: 'run-failed',
    hint: expect.stringContaining(hint),
  });
});

test('an unknown node of a prompt names what to install', async () => {
  const { url } = await simulated();
  const unknown = plainPrompt(1, { '3': { class_type: 'Nope', inputs: {} } });
  await expect(runPrompt({ url }, { prompt: unknown }, { signal: never })).rejects.toMatchObject({
    code: 'prompt-refused',
    hint: expect.stringContaining('install the pack'),
  });
});
