import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLineage } from '../../src/capture/read-lineage.js';
import { run } from '../../src/cli.js';
import { decodePng } from '../../src/image/png.js';
import type { RunRecord } from '../../src/lineage/record.js';
import { captured } from '../support/context.js';
import type { TestRepository } from '../support/git.js';
import { runAndRecord } from '../support/recorded-run.js';
import { startComfy, type TestComfy } from '../support/simulator.js';
import { makeWorkflowRepository } from '../support/workflow-repository.js';

const prompt = JSON.stringify({
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'dream.safetensors' } },
  '5': { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64, batch_size: 1 } },
  '6': { class_type: 'CLIPTextEncode', inputs: { clip: ['4', 1], text: 'a red fox' } },
  '7': { class_type: 'CLIPTextEncode', inputs: { clip: ['4', 1], text: 'blurry' } },
  '3': {
    class_type: 'KSampler',
    inputs: {
      model: ['4', 0],
      positive: ['6', 0],
      negative: ['7', 0],
      latent_image: ['5', 0],
      seed: 7,
      steps: 2,
      cfg: 7.5,
      sampler_name: 'euler',
      scheduler: 'normal',
      denoise: 1,
    },
  },
  '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
  '9': { class_type: 'SaveImage', inputs: { images: ['8', 0], filename_prefix: 'client/hero' } },
});

interface Scene {
  readonly repository: TestRepository;
  readonly comfy: TestComfy;
}

async function scene(): Promise<Scene> {
  const comfy = await startComfy({ 'models/checkpoints/dream.safetensors': Buffer.from('weights') });
  const repository = makeWorkflowRepository();
  repository.commit({ '.gitattributes': repository.read('.gitattributes'), 'workflows/hero.json': prompt });
  repository.write('final.png', await runAndRecord(await repository.open(), comfy.url, prompt));
  return { repository, comfy };
}

async function vary({ repository, comfy }: Scene, ...words: string[]) {
  const { context, out, err } = captured(repository.path);
  const code = await run(context, ['vary', 'final.png', '--server', comfy.url, ...words]);
  return { code, out: out(), err: err() };
}

const variations = async ({ repository }: Scene): Promise<RunRecord[]> =>
  (await readLineage(await repository.open())).records
    .map(({ record }) => record)
    .filter(({ varies }) => varies !== undefined);

const pixelsOf = (records: readonly RunRecord[]) => new Set(records.map(({ outputs }) => outputs[0]?.pixels));

describe('one thing at a time', () => {
  test('each value is a run and a record of its own, and the pictures differ', async () => {
    const set = await scene();
    const { code, out } = await vary(set, '--set', 'cfg=6,8', '--set', 'sampler_name=ddim');
    expect(code).toBe(0);
    const lines = out.split('\n').slice(0, 3);
    expect(lines.map((line) => line.slice(0, 3))).toEqual(['1/3', '2/3', '3/3']);
    // A line may come before another one; the server made them in this order.
    expect(lines.map((line) => line.slice(5)).sort()).toEqual([
      expect.stringMatching(/^3\.cfg=6 {2}git-comfy\/\w+\/hero_00001_\.png/),
      expect.stringMatching(/^3\.cfg=8 {2}git-comfy\/\w+\/hero_00002_\.png/),
      expect.stringMatching(/^3\.sampler_name=ddim {2}git-comfy\/\w+\/hero_00003_\.png/),
    ]);
    const records = await variations(set);
    expect(pixelsOf(records).size).toBe(3);
    expect(new Set(records.map(({ varies }) => varies)).size).toBe(1);
    expect(records[0]).toMatchObject({
      commit: set.repository.git('rev-parse', 'HEAD'),
      match: 'derived',
      differs: expect.arrayContaining(['3.cfg']),
    });
  });

  test('other seeds are the same seeds again, and what was made is not made again', async () => {
    const set = await scene();
    await vary(set, '--seeds', '2');
    const { out } = await vary(set, '--seeds', '3');
    expect(out.match(/\(made before\)/g)).toHaveLength(2);
    const records = await variations(set);
    expect(new Set(records.map(({ seeds }) => seeds['3.seed'])).size).toBe(3);
    expect(records).toHaveLength(3);
  });

  test('words are replaced in the texts', async () => {
    const set = await scene();
    const { out } = await vary(set, '--replace', 'red fox=>blue fox', '--json');
    expect(JSON.parse(out).result.variations).toMatchObject([{ set: [{ place: '6.text', value: 'a blue fox' }] }]);
  });

  test('a model is found under another name by its content', async () => {
    const set = await scene();
    const models = join(set.comfy.base, 'models', 'checkpoints');
    renameSync(join(models, 'dream.safetensors'), join(models, 'renamed.safetensors'));
    expect(await vary(set, '--set', 'cfg=5')).toMatchObject({
      code: 0,
      err: expect.stringContaining('renamed.safetensors'),
    });
  });
});

test('a grid has every combination, and goes on where it was interrupted', async () => {
  const set = await scene();
  await vary(set, '--set', 'cfg=6,8', '--set', 'steps=1', '--grid');
  const { out } = await vary(set, '--set', 'cfg=6,8', '--set', 'steps=1,3', '--grid');
  expect(out.match(/\(made before\)/g)).toHaveLength(2);
  const records = await variations(set);
  expect([records.length, pixelsOf(records).size]).toEqual([4, 4]);
  const [page = '', picture = ''] = out.trimEnd().split('\n').slice(-2);
  const sheet = readFileSync(join(set.repository.path, page), 'utf8');
  expect(sheet.match(/<img /g)).toHaveLength(5);
  expect(sheet).toContain('<h2>KSampler #3 cfg across, KSampler #3 steps down</h2>');
  expect(sheet).toContain('<th scope="col">8</th>');
  expect(sheet).toContain('<th scope="row">3</th>');
  expect(decodePng(readFileSync(join(set.repository.path, picture)))).toMatchObject({ channels: 3, depth: 8 });
});

describe('a wrong wish is refused before anything runs', () => {
  test.each([
    [[], /nothing is varied.*--set cfg=6,7,8/s],
    [['--set', 'cfgg=1'], /no node has an input "cfgg"/],
    [['--set', 'cfg=6,many'], /"many" does not fit/],
    [['--set', 'cfg=6,'], /has an empty value/],
    [['--set', 'steps=2,2.5'], /"2\.5" does not fit 3\.steps.*whole number/s],
    [['--replace', 'wolf=>fox'], /no text of the prompt has "wolf".*a red fox/s],
    [['--replace', 'wolf'], /replaces nothing/],
    [['--seeds', '2001'], /that would be 2001 pictures/],
  ])('%j', async (words, message) => {
    const set = await scene();
    const made = set.comfy.list('output').length;
    const { code, err } = await vary(set, ...words);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
    expect(set.comfy.list('output')).toHaveLength(made);
    expect(existsSync(join(set.repository.path, 'variations'))).toBe(false);
  });
});
