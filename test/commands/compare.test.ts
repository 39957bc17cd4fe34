import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compareCommand } from '../../src/commands/compare.js';
import type { Context } from '../../src/context.js';
import { writeJson } from '../../src/workflow/json.js';
import { captured } from '../support/context.js';
import { fakeFfmpeg, film } from '../support/fake-ffmpeg.js';
import { temporaryFolder } from '../support/git.js';
import { runAndRecord } from '../support/recorded-run.js';
import { paintPrompt } from '../support/simulated.js';
import { startComfy } from '../support/simulator.js';
import { makeWorkflowRepository } from '../support/workflow-repository.js';

const cwd = fileURLToPath(new URL('../fixtures/image/outputs', import.meta.url));
const compare = (a: string, b: string) => compareCommand.run(captured(cwd).context, { args: [a, b], options: {} });

describe('git comfy compare', () => {
  test('two pictures with the same samples: 0, and what differs in how they were made', async () => {
    const answer = await compare('rgb.png', 'is-changed-nan.png');
    expect(answer.exit).toBe(1);
    expect(answer.text).toMatch(/^pixels: SSIM .*\nmade: \d+ differences?\n {2}/);
    const same = await compare('rgb.png', 'rgb-own-keys.png');
    expect(same.exit).toBe(0);
    expect(same.text).toMatch(
      /^pixels: same samples\nmade: nothing differs in the prompts; files, packs and machine were not captured/,
    );
  });

  test('rounding is called rounding', async () => {
    const { text, exit } = await compare('ksampler.png', 'ksampler-1-thread.png');
    expect(exit).toBe(1);
    expect(text).toMatch(/^pixels: same but for rounding; SSIM 0\.99/);
  });

  test('files that cannot be decoded are compared as files', async () => {
    expect(await compare('drawing.svg', 'drawing.svg')).toMatchObject({
      exit: 0,
      text: expect.stringMatching(/^the same file/),
    });
    expect(await compare('drawing.svg', 'rgb.png')).toMatchObject({
      exit: 1,
      text: expect.stringMatching(
        /^pixels: not measured: the bytes differ, and drawing\.svg is nothing that is decoded here \(a still PNG is\); .*ffmpeg.*\nmade: 3 differences\n/,
      ),
    });
    expect(await compare('index.json', 'rgb.png')).toMatchObject({
      exit: 1,
      text: expect.stringMatching(
        /^pixels: not measured: the bytes differ, and index\.json .*ffmpeg.*\nmade: index\.json has no embedded prompt, and no record here$/,
      ),
    });
  });

  test('pictures of different sizes are not measured, and the sizes are named', async () => {
    const { text, exit } = await compare('rgb.png', 'ksampler.png');
    expect(exit).toBe(1);
    expect(text).toMatch(/^pixels: not comparable: rgb\.png is \d+ x \d+ RGB, 8 bits, ksampler\.png is /);
  });

  test('where there is nothing to show no heat map is written, and that is said', async () => {
    const heat = join(temporaryFolder(), 'heat.png');
    for (const [b, why] of [
      ['rgb-own-keys.png', 'nothing differs'],
      ['ksampler.png', 'these are no two still PNG'],
    ] as const) {
      const { text } = await compareCommand.run(captured(cwd).context, { args: ['rgb.png', b], options: { heat } });
      expect(text).toContain(`no heat map was written: ${why}`);
    }
    expect(existsSync(heat)).toBe(false);
  });

  test('a missing file is an error', async () => {
    await expect(compare('rgb.png', 'nowhere.png')).rejects.toMatchObject({ code: 'no-such-file' });
  });
});

test('with records of both, another content of a model under the same name is told', async () => {
  const comfy = await startComfy({
    'models/checkpoints/dream.safetensors': 'dream',
    'models/loras/ink.safetensors': 'ink',
  });
  const repository = makeWorkflowRepository();
  const prompt = writeJson(
    paintPrompt({
      '2': {
        class_type: 'LoraLoaderModelOnly',
        inputs: { model: ['4', 0], lora_name: 'ink.safetensors', strength_model: 1 },
      },
    }),
  );
  repository.commit({ '.gitattributes': repository.read('.gitattributes'), 'workflows/a.json': prompt });
  const opened = await repository.open();
  repository.write('a.png', await runAndRecord(opened, comfy.url, prompt));
  comfy.write('models/loras/ink.safetensors', 'other ink');
  repository.write(
    'b.png',
    await runAndRecord(opened, comfy.url, prompt.replace('"t/img"', '"t/other"').replace('"steps":3', '"steps":4')),
  );
  const context = { cwd: repository.path } as Context;
  const { text } = await compareCommand.run(context, { args: ['a.png', 'b.png'], options: {} });
  expect(text).toMatch(/\n {2}LoRA ink\.safetensors: sha256:[0-9a-f]{12} -> sha256:[0-9a-f]{12}/);
  const first = createHash('sha256')
    .update(readFileSync(join(repository.path, 'a.png')))
    .digest('hex');
  const recorded = await compareCommand.run(context, { args: [first.slice(0, 10), 'b.png'], options: {} });
  expect(recorded.text).toMatch(/^pixels: not measured, the file of t\/img_00001_\.png is not at hand\nmade: \d+ diff/);
  const same = await compareCommand.run(context, { args: ['a.png', 'a.png'], options: {} });
  expect(same.text).toBe('the same file\nmade: nothing that was captured differs: expect the same pixels');
});

test('films are compared by their frames, as decoded by ffmpeg', async () => {
  fakeFfmpeg();
  const folder = temporaryFolder();
  for (const [name, greys] of Object.entries({ a: [1, 2], b: [1, 9] })) writeFileSync(join(folder, name), film(greys));
  const { text, exit, result } = await compareCommand.run(captured(folder).context, { args: ['a', 'b'], options: {} });
  expect(text).toMatch(/^decoded by ffmpeg: 1 of 2 frames differs; frame 2 most: SSIM .*\nmade: /);
  expect([exit, result]).toMatchObject([1, { sameFile: false, metrics: { equal: false, largest: 7 } }]);
});
