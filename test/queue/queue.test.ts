// A real Redis, and workers as processes of their own that can be killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readLineage } from '../../src/capture/read-lineage.js';
import { run } from '../../src/cli.js';
import { readCoreClasses } from '../../src/comfyui/simulator/interfaces.js';
import type { SimulatedClass } from '../../src/comfyui/simulator/node-class.js';
import { startSimulator } from '../../src/comfyui/simulator/start.js';
import { writeJson } from '../../src/workflow/json.js';
import { commandLine } from '../support/build.js';
import { captured } from '../support/context.js';
import { type TestRepository, temporaryFolder } from '../support/git.js';
import { runAndRecord } from '../support/recorded-run.js';
import { makeBase, prompt as promptOf } from '../support/simulated.js';
import { startComfy } from '../support/simulator.js';
import { makeWorkflowRepository } from '../support/workflow-repository.js';

const model = { 'models/checkpoints/dream.safetensors': Buffer.from('weights') };
const prompt = writeJson(
  promptOf({
    '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'dream.safetensors' } },
    '5': { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64, batch_size: 1 } },
    '6': { class_type: 'CLIPTextEncode', inputs: { clip: ['4', 1], text: 'a cat' } },
    '3': {
      class_type: 'KSampler',
      inputs: {
        ...{ model: ['4', 0], positive: ['6', 0], negative: ['6', 0], latent_image: ['5', 0] },
        ...{ seed: 18446744073709551615n.toString().length, steps: 2, cfg: 7.5, sampler_name: 'euler' },
        ...{ scheduler: 'normal', denoise: 1 },
      },
    },
    '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
    '9': { class_type: 'SaveImage', inputs: { images: ['8', 0], filename_prefix: 't/img' } },
  }),
);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise<void>((done) => server.close(() => done()));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Resolves when a process has said something. */
function heard(child: ChildProcess, words: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    const hear = (chunk: Buffer) => {
      text += chunk;
      if (words.test(text)) resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', () => reject(new Error(`it ended: ${text}`)));
  });
}

async function startRedis(): Promise<string> {
  const port = await freePort();
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', temporaryFolder()];
  const redis = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void redis.kill('SIGKILL'));
  await heard(redis, /Ready to accept connections/);
  return `redis://127.0.0.1:${port}`;
}

async function startWorker(queue: string, url: string): Promise<ChildProcess> {
  const words = ['worker', '--queue', queue, '--server', url, '--lease', '2'];
  const worker = spawn(commandLine[0], [commandLine[1], ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void worker.kill('SIGKILL'));
  await heard(worker, /working for the queue/);
  return worker;
}

/** A server of this machine that tells of each picture before it is decoded. */
async function tellingServer(onPicture: (count: number) => void): Promise<string> {
  const core = (await readCoreClasses()).find(({ name }) => name === 'VAEDecode') as SimulatedClass;
  let count = 0;
  const telling: SimulatedClass = {
    ...core,
    run: (inputs, work) => {
      onPicture(++count);
      return core.run(inputs, work);
    },
  };
  const { url, close } = await startSimulator({ base: makeBase(model), classes: [telling] });
  onTestFinished(close);
  return url;
}

async function scene() {
  const comfy = await startComfy(model);
  const repository = makeWorkflowRepository();
  repository.commit({ '.gitattributes': repository.read('.gitattributes'), 'workflows/hero.json': prompt });
  repository.write('final.png', await runAndRecord(await repository.open(), comfy.url, prompt));
  return repository;
}

async function vary(repository: TestRepository, queue: string, ...words: string[]) {
  const { context, out, err } = captured(repository.path);
  const code = await run(context, ['vary', 'final.png', '--json', '--queue', queue, ...words]);
  return { code, err: err() + (code === 2 ? out() : ''), result: code === 2 ? undefined : JSON.parse(out()).result };
}

const variations = async (repository: TestRepository) =>
  (await readLineage(await repository.open())).records.filter(({ record }) => record.varies !== undefined);

test('a grid of 5 x 4 over two workers of which one is killed in mid-run: each picture once', async () => {
  const [repository, queue] = [await scene(), await startRedis()];
  let victim: ChildProcess | undefined;
  const first = await tellingServer((count) => {
    if (count === 4) victim?.kill('SIGKILL');
  });
  const second = await tellingServer(() => {});
  victim = await startWorker(queue, first);
  await startWorker(queue, second);
  const { code, result } = await vary(repository, queue, '--set', 'cfg=5,6,7,8,9', '--set', 'steps=1,2,3,4', '--grid');
  expect([code, result.variations.length, victim.signalCode]).toEqual([0, 20, 'SIGKILL']);
  const records = await variations(repository);
  expect([records.length, new Set(records.map(({ record }) => record.identity)).size]).toEqual([20, 20]);
  const servers = new Set(result.variations.map(({ server }: { server: string }) => server));
  expect(servers.size).toBe(2);
  expect(records[0]?.record).toMatchObject({ captured: 'run', state: expect.any(String), commit: expect.any(String) });
  const page = readFileSync(result.sheet, 'utf8');
  expect([page.match(/<img /g)?.length, page.includes('class="missing"')]).toEqual([21, false]);
  // What was made is known here now: the original has two steps too.
  const again = await vary(repository, queue, '--set', 'cfg=5,6');
  expect(again.result.variations.every(({ before }: { before: boolean }) => before)).toBe(true);
});

test('a worker without the model leaves the job to another one; where none has it, the reason is told', async () => {
  const [repository, queue] = [await scene(), await startRedis()];
  const bare = await startComfy();
  await startWorker(queue, bare.url);
  const none = await vary(repository, queue, '--set', 'cfg=5');
  expect([none.code, none.err]).toEqual([2, expect.stringMatching(/dream\.safetensors: no such file/)]);
  const able = await startComfy(model);
  await startWorker(queue, able.url);
  const { code, result } = await vary(repository, queue, '--set', 'cfg=5,6');
  expect([code, result.variations.length]).toEqual([0, 2]);
  expect(
    result.variations.every(({ server }: { server: string }) => able.url.endsWith(server.split('/')[1] ?? '')),
  ).toBe(true);
});

test('what an interrupted command had queued is taken in when it is typed again', async () => {
  const [repository, queue] = [await scene(), await startRedis()];
  const stopping = new AbortController();
  const { context } = captured(repository.path, { signal: stopping.signal });
  const url = await tellingServer(() => stopping.abort());
  await startWorker(queue, url);
  expect(await run(context, ['vary', 'final.png', '--queue', queue, '--set', 'cfg=5,6,7'])).toBe(130);
  const { code, result } = await vary(repository, queue, '--set', 'cfg=5,6,7');
  expect([code, result.variations.length, (await variations(repository)).length]).toEqual([0, 3, 3]);
});

test('Ctrl-C of a worker gives its job back', async () => {
  const [repository, queue] = [await scene(), await startRedis()];
  let victim: ChildProcess | undefined;
  const first = await tellingServer(() => victim?.kill('SIGINT'));
  victim = await startWorker(queue, first);
  const ended = new Promise<number | null>((resolve) => victim?.once('exit', resolve));
  const varied = vary(repository, queue, '--set', 'cfg=5,6');
  expect(await ended).toBe(0);
  await startWorker(queue, (await startComfy(model)).url);
  const { code, result } = await varied;
  expect([code, result.variations.length]).toEqual([0, 2]);
});

test('a wrong address, or nobody there, is told without the password', async () => {
  const repository = await scene();
  const { code, err } = await vary(repository, `redis://me:secret@127.0.0.1:${await freePort()}`, '--set', 'cfg=5');
  expect([code, err]).toEqual([2, expect.stringMatching(/no Redis answers at 127\.0\.0\.1:\d+/)]);
  expect(err).not.toContain('secret');
  expect((await vary(repository, 'http://nas', '--set', 'cfg=5')).err).toMatch(/no address of a queue/);
});
