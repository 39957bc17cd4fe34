import { describe, expect, test } from 'vitest';
import { readLineage } from '../../src/capture/read-lineage.js';
import { reproduceCommand } from '../../src/commands/reproduce.js';
import type { Reproduction } from '../../src/reproduce/reproduction.js';
import { captured } from '../support/context.js';
import { encodePng } from '../support/encode-png.js';
import type { TestRepository } from '../support/git.js';
import { runAndRecord } from '../support/recorded-run.js';
import { startComfy, type TestComfy } from '../support/simulator.js';
import { makeWorkflowRepository } from '../support/workflow-repository.js';

const checkpoint = Buffer.from('the weights of a checkpoint');
const lora = Buffer.from('the weights of a LoRA');
const reference = encodePng({
  width: 64,
  height: 64,
  colorType: 2,
  bits: 8,
  samples: new Uint8Array(64 * 64 * 3).fill(90),
});

const prompt = JSON.stringify({
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'dream.safetensors' } },
  '2': {
    class_type: 'LoraLoader',
    inputs: { model: ['4', 0], clip: ['4', 1], lora_name: 'ink.safetensors', strength_model: 0.8, strength_clip: 1 },
  },
  '10': { class_type: 'LoadImage', inputs: { image: 'reference.png' } },
  '5': { class_type: 'VAEEncode', inputs: { pixels: ['10', 0], vae: ['4', 2] } },
  '6': { class_type: 'CLIPTextEncode', inputs: { clip: ['2', 1], text: 'a cat' } },
  '7': { class_type: 'CLIPTextEncode', inputs: { clip: ['2', 1], text: 'blurry' } },
  '3': {
    class_type: 'KSampler',
    inputs: {
      model: ['2', 0],
      positive: ['6', 0],
      negative: ['7', 0],
      latent_image: ['5', 0],
      seed: 7,
      steps: 3,
      cfg: 7.5,
      sampler_name: 'euler',
      scheduler: 'normal',
      denoise: 0.9,
    },
  },
  '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
  '9': { class_type: 'SaveImage', inputs: { images: ['8', 0], filename_prefix: 'client/hero' } },
}).replace('"seed":7,', '"seed":18446744073709551615,');

interface Scene {
  readonly repository: TestRepository;
  readonly comfy: TestComfy;
  /** The output that was made, recorded, moved and renamed. */
  readonly picture: string;
  readonly head: string;
}

/** A committed prompt, run once and recorded; the picture lies in the repository under another name. */
async function scene(): Promise<Scene> {
  const comfy = await startComfy({
    'models/checkpoints/dream.safetensors': checkpoint,
    'models/loras/ink.safetensors': lora,
    'input/reference.png': reference,
  });
  const repository = makeWorkflowRepository();
  const attributes = repository.read('.gitattributes');
  const head = repository.commit({ '.gitattributes': attributes, 'workflows/hero.json': prompt });
  const bytes = await runAndRecord(await repository.open(), comfy.url, prompt);
  repository.write('final.png', bytes);
  return { repository, comfy, picture: 'final.png', head };
}

async function reproduce({ repository, comfy, picture }: Scene, options = {}, asked = picture) {
  const { context, err } = captured(repository.path);
  const answer = await reproduceCommand.run(context, { args: [asked], options: { server: comfy.url, ...options } });
  const [found] = (answer.result as { reproductions: Reproduction[] }).reproductions;
  if (found === undefined) throw new Error('nothing was reproduced');
  return { ...answer, found, err };
}

describe('nothing has changed', () => {
  test('the same samples, and everything verified: full', async () => {
    const set = await scene();
    const { exit, text, found } = await reproduce(set);
    expect(found).toMatchObject({
      found: 'file',
      expected: { grade: 'full', differences: [] },
      grade: 'full',
      reasons: [],
    });
    expect(found.outputs).toMatchObject([{ metrics: { equal: true, ssim: 1 }, sameFile: false }]);
    expect(exit).toBe(0);
    expect(text).toContain(`workflows/hero.json at ${set.head.slice(0, 10)}`);
    expect(text).toMatch(/nothing from the cache/);
    expect(text).toMatch(/, made again as .*\n {2}same samples\ngrade: full\n/);
  });

  test('a second time the server runs it anew, and neither mixes with the user’s outputs', async () => {
    const set = await scene();
    const before = set.comfy.list('output/client');
    for (const _ of [1, 2]) expect((await reproduce(set)).found).toMatchObject({ grade: 'full', run: { cached: [] } });
    expect(set.comfy.list('output/client')).toEqual(before);
    expect(set.comfy.list('output/git-comfy').filter((name) => name.endsWith('.png'))).toHaveLength(2);
  });

  test('work tree, index, branch and stash stay as they are, and no work tree is left behind', async () => {
    const set = await scene();
    set.repository.write('workflows/hero.json', `${prompt}\n`);
    const look = () =>
      ['status --porcelain', 'rev-parse HEAD', 'branch --list', 'stash list', 'worktree list'].map((command) =>
        set.repository.git(...command.split(' ')),
      );
    const before = look();
    await reproduce(set);
    expect(look()).toEqual(before);
  });

  test('it is recorded as a reproduction, with grade and metrics', async () => {
    const set = await scene();
    const { found } = await reproduce(set);
    const { records } = await readLineage(await set.repository.open());
    expect(records).toHaveLength(2);
    const again = records.find(({ record }) => record.reproduces !== undefined)?.record;
    expect(again).toMatchObject({
      reproduces: found.original,
      grade: 'full',
      metrics: { equal: true },
      commit: set.head,
    });
  });

  test('with a baseline it says that the server repeats itself', async () => {
    const { found, text } = await reproduce(await scene(), { baseline: true });
    expect(found.stable).toBe(true);
    expect(text).toContain('and twice the same');
  });

  test('a commit stands for all that was made at it, and what was reproduced is not counted', async () => {
    const set = await scene();
    await reproduce(set);
    const { result, text } = await reproduce(set, {}, 'HEAD');
    expect(text).toMatch(
      /^client\/hero_00001_\.png, record [0-9a-f]{10}, found by its commit: workflows\/hero\.json at /,
    );
    expect(result).toMatchObject({ reproductions: [{ found: 'commit', grade: 'full' }] });
  });
});

describe('three weeks later', () => {
  test('another checkpoint under the same name: it is named, and the picture is measured', async () => {
    const set = await scene();
    set.comfy.write('models/checkpoints/dream.safetensors', 'other weights, of another size');
    const { found, exit, text } = await reproduce(set);
    expect(found.expected.grade).toBe('partial');
    expect(found.expected.differences).toMatchObject([
      { code: 'model-changed', subject: 'checkpoints/dream.safetensors' },
    ]);
    expect(found.outputs?.[0]?.metrics).toMatchObject({ comparable: true, equal: false });
    expect(found.grade).not.toBe('full');
    expect(exit).toBe(0);
    expect(text).toContain("checkpoint dream.safetensors: other content than the record's");
  });

  test('--expect asks for more than what verifying expected', async () => {
    const set = await scene();
    set.comfy.write('models/checkpoints/dream.safetensors', 'other weights, of another size');
    expect((await reproduce(set, { expect: 'full' })).exit).toBe(1);
    await expect(reproduce(set, { expect: 'perfect' })).rejects.toMatchObject({ code: 'usage' });
  });

  test('a renamed LoRA is found by its content, used under its new name, and said so: full', async () => {
    const set = await scene();
    set.comfy.move('models/loras/ink.safetensors', 'models/loras/style/ink-v1.safetensors');
    const { found, text, exit } = await reproduce(set);
    expect(found.expected).toMatchObject({ grade: 'full', differences: [{ code: 'model-renamed' }] });
    expect(found.grade).toBe('full');
    expect(text).toContain('loras/style/ink-v1.safetensors');
    expect(exit).toBe(0);
  });

  test('the old checkpoint under another name is used, although a new file has its name', async () => {
    const set = await scene();
    set.comfy.move('models/checkpoints/dream.safetensors', 'models/checkpoints/old/dream-v1.safetensors');
    set.comfy.write('models/checkpoints/dream.safetensors', 'other weights, of another size');
    expect((await reproduce(set)).found).toMatchObject({ grade: 'full' });
  });

  test('an input that was moved within the input folder is used where it is now: full', async () => {
    const set = await scene();
    set.comfy.move('input/reference.png', 'input/archive/ref-01.png');
    const { found, text } = await reproduce(set);
    expect(found.grade).toBe('full');
    expect(found.expected.differences).toMatchObject([{ code: 'input-moved', worst: 'full' }]);
    expect(found.adapted).toEqual(['input reference.png: used as archive/ref-01.png']);
    expect(text).toContain("its content is archive/ref-01.png in ComfyUI's input folder");
    expect(set.comfy.list('input')).toEqual(['archive', 'archive/ref-01.png']);
  });

  test('an input that was replaced is not touched; the recorded one comes from the commit', async () => {
    const set = await scene();
    set.repository.commit({ 'refs/reference.png': reference });
    const other = encodePng({
      width: 64,
      height: 64,
      colorType: 2,
      bits: 8,
      samples: new Uint8Array(64 * 64 * 3).fill(9),
    });
    set.repository.write(
      'copy.png',
      await runAndRecord(await set.repository.open(), set.comfy.url, prompt.replace('client', 'other')),
    );
    set.comfy.write('input/reference.png', other);
    const { found } = await reproduce(set, {}, 'copy.png');
    expect(found.adapted).toEqual([
      expect.stringMatching(/^input reference\.png: uploaded as git-comfy\/[0-9a-f]{12}\/reference\.png$/),
    ]);
    expect(found.outputs?.[0]?.metrics).toMatchObject({ equal: true });
    expect(set.comfy.read('input/reference.png')).toEqual(other);
  });
});

describe('before it runs', () => {
  test('--dry-run stops after verifying, queues nothing and records nothing', async () => {
    const set = await scene();
    set.comfy.write('models/checkpoints/dream.safetensors', 'other weights, of another size');
    const before = set.comfy.list('output');
    const { found, exit } = await reproduce(set, { dryRun: true });
    expect(found.expected.grade).toBe('partial');
    expect(found.run).toBeUndefined();
    expect(exit).toBe(0);
    expect(set.comfy.list('output')).toEqual(before);
    expect((await readLineage(await set.repository.open())).records).toHaveLength(1);
  });

  test('--strict does not run what cannot be full', async () => {
    const set = await scene();
    set.comfy.write('models/checkpoints/dream.safetensors', 'other weights, of another size');
    const { found, exit, text } = await reproduce(set, { strict: true });
    expect(found.run).toBeUndefined();
    expect(exit).toBe(1);
    expect(text).toContain('not run: --strict');
  });

  test('what has no record, and what is neither file nor commit, are errors that say what to do', async () => {
    const set = await scene();
    set.repository.write('other.png', reference);
    await expect(reproduce(set, {}, 'other.png')).rejects.toMatchObject({
      code: 'no-record',
      hint: expect.stringContaining('git comfy record other.png'),
    });
    await expect(reproduce(set, {}, 'nothing')).rejects.toMatchObject({ code: 'no-such-output' });
    await expect(reproduce(set, {}, '--upload-pack=x')).rejects.toMatchObject({ code: 'no-such-output' });
  });

  test('without a server nothing moves', async () => {
    const set = await scene();
    await expect(reproduce(set, { server: 'http://127.0.0.1:9' })).rejects.toMatchObject({ code: 'no-server' });
  });
});
