import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { readLineage } from '../../src/capture/read-lineage.js';
import type { SimulatedClass } from '../../src/comfyui/simulator/node-class.js';
import { recordCommand } from '../../src/commands/record.js';
import { reproduceCommand } from '../../src/commands/reproduce.js';
import { decodePng } from '../../src/image/png.js';
import type { Reproduction } from '../../src/reproduce/reproduction.js';
import { fromPlain, type JsonObject, writeJson } from '../../src/workflow/json.js';
import { captured } from '../support/context.js';
import { encodePng } from '../support/encode-png.js';
import { type TestRepository, temporaryFolder } from '../support/git.js';
import { labClasses, makeGate } from '../support/lab-nodes.js';
import { runAndRecord } from '../support/recorded-run.js';
import { handMade, plainPrompt } from '../support/simulated.js';
import { startComfy } from '../support/simulator.js';
import { makeWorkflowRepository } from '../support/workflow-repository.js';

const plain = writeJson(plainPrompt());

function committed(prompt = plain): TestRepository {
  const repository = makeWorkflowRepository();
  repository.commit({ '.gitattributes': repository.read('.gitattributes'), 'workflows/a.json': prompt });
  return repository;
}

/** A repository with a picture that was made and recorded on this server. */
async function recorded(url: string, prompt = plain): Promise<TestRepository> {
  const repository = committed(prompt);
  repository.write('a.png', await runAndRecord(await repository.open(), url, prompt));
  return repository;
}

async function reproduce(repository: TestRepository, server: string, options = {}, overrides = {}) {
  const { context, err } = captured(repository.path, overrides);
  const answer = await reproduceCommand.run(context, { args: ['a.png'], options: { server, ...options } });
  const [found] = (answer.result as { reproductions: Reproduction[] }).reproductions;
  return { ...answer, found, err };
}

test('Ctrl-C in the middle of a run takes it out of the queue, removes the work tree and records nothing', async () => {
  const gate = makeGate();
  const server = await startComfy({}, labClasses(gate));
  const prompt = writeJson(
    plainPrompt(1, {
      '3': { class_type: 'LabSleep', inputs: { image: ['2', 0], seconds: 1 } },
      '9': { class_type: 'SaveImage', inputs: { images: ['3', 0], filename_prefix: 't/img' } },
    }),
  );
  for (let step = 0; step < 1000; step++) gate.open();
  const repository = await recorded(server.url, prompt);
  const closed = makeGate();
  const slow = await startComfy({}, labClasses(closed));
  const temporary = temporaryFolder();
  for (const name of ['TMPDIR', 'TEMP']) vi.stubEnv(name, temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const stop = new AbortController();
  const talk = { ...captured('.').context.talk, progress: () => stop.abort() };
  const stopped = reproduce(repository, slow.url, {}, { signal: stop.signal, talk });
  await expect(stopped).rejects.toMatchObject({ code: 'interrupted', exit: 130 });
  const queue = await (await fetch(`${slow.url}/queue`)).json();
  expect(queue).toEqual({ queue_running: [], queue_pending: [] });
  expect(repository.git('worktree', 'list').split('\n')).toHaveLength(1);
  expect(readdirSync(temporary)).toEqual([]);
  expect((await readLineage(await repository.open())).records).toHaveLength(1);
});

describe('a server that answers from its cache all the same', () => {
  /** Hands requests on, but takes out of prompts what no node knows; it has no websocket. */
  async function stripping(url: string, dropsResults: boolean): Promise<string> {
    const forward = async (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks)
        .toString('utf8')
        .replaceAll(/,?"_git_comfy_nonce":"[^"]*"/g, '');
      if (request.url === '/free' && !dropsResults) return void response.writeHead(200).end();
      const type = request.headers['content-type'];
      const answer = await fetch(`${url}${request.url}`, {
        method: request.method ?? 'GET',
        ...(type === undefined ? {} : { headers: { 'content-type': type } }),
        ...(request.method === 'POST' ? { body } : {}),
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(bytes);
    };
    return handMade((request, response) => void forward(request, response));
  }

  test('is told to drop its results, and then runs', async () => {
    const comfy = await startComfy();
    const repository = await recorded(comfy.url);
    const { found, err } = await reproduce(repository, await stripping(comfy.url, true));
    expect(err()).toContain('answered from its cache');
    expect(found).toMatchObject({ grade: 'full', run: { cached: [] } });
  });

  test('proves nothing where it will not: partial, with the nodes named, and exit 1', async () => {
    const comfy = await startComfy();
    const repository = await recorded(comfy.url);
    const { found, exit } = await reproduce(repository, await stripping(comfy.url, false));
    expect(found).toMatchObject({ grade: 'partial', outputs: [{ metrics: { equal: true } }] });
    expect(found?.reasons).toEqual(["nothing is proven: from the server's cache came node 1, node 2, node 9"]);
    expect(exit).toBe(1);
  });
});

test('a server that does not repeat itself is called unstable', async () => {
  const info = fromPlain({
    input: { required: { width: ['INT', { default: 64 }] } },
    input_order: { required: ['width'] },
    output: ['IMAGE'],
    output_is_list: [false],
    output_name: ['IMAGE'],
    name: 'Restless',
    display_name: 'Restless',
    description: '',
    python_module: 'nodes',
    category: 'test',
    output_node: false,
  }) as JsonObject;
  let runs = 0;
  const restless: SimulatedClass = {
    name: 'Restless',
    info,
    run: async () => {
      const samples = new Float32Array(32 * 32 * 3).fill(++runs / 16);
      return { outputs: [{ kind: 'image', width: 32, height: 32, frames: [samples] }] };
    },
  };
  const prompt = writeJson(
    plainPrompt(1, {
      '2': { class_type: 'Restless', inputs: { width: 32 } },
    }),
  );
  const comfy = await startComfy({}, [restless]);
  const { found, text } = await reproduce(await recorded(comfy.url, prompt), comfy.url, { baseline: true });
  expect(found).toMatchObject({ stable: false, grade: expect.not.stringMatching('full') });
  expect(text).toContain('this server is unstable');
});

describe('an output that was taken in later', () => {
  async function backFilled(url: string, prompt = plain): Promise<TestRepository> {
    const made = await recorded(url, prompt);
    const repository = committed(prompt);
    repository.write('a.png', readFileSync(join(made.path, 'a.png')));
    const { context } = captured(repository.path);
    await recordCommand.run(context, { args: ['a.png'], options: {} });
    return repository;
  }

  test('gives the same samples, and never more than approximate: nothing was captured to verify', async () => {
    const comfy = await startComfy();
    const { found, exit } = await reproduce(await backFilled(comfy.url), comfy.url);
    expect(found).toMatchObject({
      found: 'file',
      expected: { grade: 'partial', differences: [{ code: 'nothing-captured' }] },
      outputs: [{ metrics: { equal: true } }],
      grade: 'approximate',
    });
    expect(exit).toBe(0);
  });
});

test('a model that is nowhere: the server’s refusal is the error, and nothing is left behind', async () => {
  const files = { 'models/checkpoints/dream.safetensors': 'weights' };
  const prompt = writeJson(
    plainPrompt(1, {
      '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'dream.safetensors' } },
      '5': { class_type: 'VAEEncode', inputs: { pixels: ['2', 0], vae: ['4', 2] } },
      '6': { class_type: 'VAEDecode', inputs: { samples: ['5', 0], vae: ['4', 2] } },
      '9': { class_type: 'SaveImage', inputs: { images: ['6', 0], filename_prefix: 't/img' } },
    }),
  );
  const comfy = await startComfy(files);
  const repository = await recorded(comfy.url, prompt);
  comfy.move('models/checkpoints/dream.safetensors', 'elsewhere/dream.safetensors');
  const dry = await reproduce(repository, comfy.url, { dryRun: true });
  expect(dry.found?.expected).toMatchObject({ grade: 'partial', differences: [{ code: 'model-missing' }] });
  await expect(reproduce(repository, comfy.url)).rejects.toMatchObject({
    code: 'prompt-refused',
    message: expect.stringContaining('dream.safetensors'),
  });
  expect(repository.git('worktree', 'list').split('\n')).toHaveLength(1);
});

test('a copy without metadata is found by its pixels, and measured against them', async () => {
  const comfy = await startComfy();
  const repository = await recorded(comfy.url);
  const { width, height, samples } = decodePng(readFileSync(join(repository.path, 'a.png')));
  repository.write('a.png', encodePng({ width, height, colorType: 2, bits: 8, samples }));
  expect((await reproduce(repository, comfy.url)).found).toMatchObject({ found: 'pixels', grade: 'full' });
});

test('a server that wants a prompt’s seeds to the last digit gets them', async () => {
  const comfy = await startComfy();
  const prompt = plain.replace('"seed":1', '"seed":18446744073709551615');
  const { found } = await reproduce(await recorded(comfy.url, prompt), comfy.url);
  expect(found).toMatchObject({ grade: 'full' });
});
