import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { observe } from '../../src/capture/observe.js';
import { findNeeds } from '../../src/capture/plan-lock.js';
import { readRunDocuments } from '../../src/capture/read-documents.js';
import { runWorkflow } from '../../src/capture/run.js';
import { findSurroundings } from '../../src/capture/surroundings.js';
import type { RunRecord } from '../../src/lineage/record.js';
import { parseJson, writeJson } from '../../src/workflow/json.js';
import { readPrompt } from '../../src/workflow/prompt.js';
import { checkpoint, image, lora, promptOf, quiet, signal } from '../support/comfy-project.js';
import { captured } from '../support/context.js';
import { asElsewhere } from '../support/elsewhere.js';
import { makeRepository, temporaryFolder } from '../support/git.js';
import { handMade, paintPrompt } from '../support/simulated.js';
import { startComfy } from '../support/simulator.js';

const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const files = {
  'models/checkpoints/dream.safetensors': 'weights',
  'models/embeddings/bad.pt': 'embedding',
  'input/ref.png': 'picture',
};
const text = ['CLIPTextEncode', { clip: ['1', 1], text: 'embedding:bad' }] as const;

async function observeAt(url: string, nodes: Parameters<typeof promptOf>, budgetMs?: number) {
  const cwd = temporaryFolder();
  const around = await findSurroundings(undefined, { cwd, env: {}, server: { url }, signal });
  expect(around.installation).toBeUndefined();
  const { needs, known } = await findNeeds(new Map([['w', readPrompt(parseJson(promptOf(...nodes)))]]), around, signal);
  return observe(needs, { ...around, known, signal, talk: quiet, ...(budgetMs === undefined ? {} : { budgetMs }) });
}

test('a server elsewhere with the capture pack tells hashes of models and embeddings, commits, and its inputs are read', async () => {
  const commit = 'c'.repeat(40);
  const comfy = await startComfy({
    ...files,
    'custom_nodes/git-comfy-capture/__init__.py': '',
    '.git/HEAD': 'ref: refs/heads/master\n',
    '.git/refs/heads/master': `${commit}\n`,
  });
  const seen = await observeAt(await asElsewhere(comfy.url), [
    checkpoint('dream.safetensors'),
    lora('gone.safetensors'),
    image('ref.png'),
    text,
  ]);
  expect(Object.fromEntries(seen.models)).toEqual({
    'checkpoints/dream.safetensors': { digest: sha256('weights'), size: 7 },
    'embeddings/bad': { digest: sha256('embedding'), size: 9 },
    'loras/gone.safetensors': { digest: 'missing' },
  });
  expect(seen.inputs.get('ref.png')).toEqual({ digest: sha256('picture') });
  expect(seen.comfyui).toEqual({ commit, version: '0.8.0' });
  expect(seen.observedBy).toBe('pack');
});

test('without time a model is unhashed, and the next question finds it done', async () => {
  const comfy = await startComfy({ ...files, 'custom_nodes/git-comfy-capture/__init__.py': '' });
  const url = await asElsewhere(comfy.url);
  const digestOf = async () =>
    (await observeAt(url, [checkpoint('dream.safetensors')], 0)).models.get('checkpoints/dream.safetensors');
  expect(await digestOf()).toEqual({ digest: 'unhashed', size: 7 });
  expect(await digestOf()).toEqual({ digest: sha256('weights'), size: 7 });
});

test('a server elsewhere without the pack tells names and inputs, and no hash is made up', async () => {
  const comfy = await startComfy(files);
  const seen = await observeAt(await asElsewhere(comfy.url), [checkpoint('dream.safetensors'), image('ref.png'), text]);
  expect(seen.models.get('embeddings/bad')).toEqual({ digest: 'unhashed' });
  expect(seen.models.get('checkpoints/dream.safetensors')).toEqual({ digest: 'unhashed' });
  expect(seen.inputs.get('ref.png')).toEqual({ digest: sha256('picture') });
  expect(seen.packs.size).toBe(0);
  expect(seen.comfyui).toEqual({ version: '0.8.0' });
});

test.each([
  ['another model', { folder: 'loras', name: 'dream.safetensors', state: 'done', sha256: 'a'.repeat(64), size: 7 }],
  ['no hash', { folder: 'checkpoints', name: 'dream.safetensors', state: 'done', sha256: '../../etc', size: 7 }],
  ['no state', { folder: 'checkpoints', name: 'dream.safetensors', state: 'perhaps' }],
  ['a file outside', { folder: 'checkpoints', name: 'dream.safetensors', state: 'outside' }],
])('of an answer about %s nothing is believed', async (_, entry) => {
  const comfy = await startComfy({ ...files, 'custom_nodes/git-comfy-capture/__init__.py': '' });
  const elsewhere = await asElsewhere(comfy.url);
  const url = await handMade(async (request, response) => {
    for await (const _chunk of request);
    const json = { 'content-type': 'application/json' };
    if (request.url === '/gitcomfy/hash')
      return void response.writeHead(200, json).end(JSON.stringify({ models: [entry] }));
    const answer = await fetch(`${elsewhere}${request.url}`);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  const seen = await observeAt(url, [checkpoint('dream.safetensors')]);
  expect(seen.models.get('checkpoints/dream.safetensors')).toEqual({ digest: 'unhashed' });
});

test('a run on a server elsewhere is recorded with what its capture pack read', async () => {
  const comfy = await startComfy({ ...files, 'custom_nodes/git-comfy-capture/__init__.py': '' });
  const repository = makeRepository();
  repository.commit({ 'a.txt': 'a' });
  const opened = await repository.open();
  const { context } = captured(repository.path);
  const painted = writeJson(paintPrompt({})).replace(/\["2",\s*0\]/, '["4", 0]');
  const prompt = readPrompt(parseJson(painted)).source;
  const wishes = { assignments: [], count: 1, folder: temporaryFolder() };
  const [done] = await runWorkflow(opened, { url: await asElsewhere(comfy.url) }, { prompt }, wishes, context);
  const { state } = await readRunDocuments(opened, done?.record as RunRecord);
  expect(state).toMatchObject({ observedBy: 'pack', environment: { pack: '1.0.0', flags: { threads: '1' } } });
  expect(state?.models.get('checkpoints/dream.safetensors')?.digest).toBe(sha256('weights'));
});
