import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compareCommand } from '../../src/commands/compare.js';
import type { Context } from '../../src/context.js';

const cwd = fileURLToPath(new URL('../fixtures/image/outputs', import.meta.url));
const compare = (a: string, b: string) => compareCommand.run({ cwd } as Context, { args: [a, b], options: {} });

describe('git comfy compare', () => {
  test('two pictures with the same samples: 0, and what differs in how they were made', async () => {
    const answer = await compare('rgb.png', 'is-changed-nan.png');
    expect(answer.exit).toBe(1);
    expect(answer.text).toMatch(/^pixels: SSIM .*\nmade: \d+ differences?\n {2}/);
    const same = await compare('rgb.png', 'rgb-own-keys.png');
    expect(same.exit).toBe(0);
    expect(same.text).toBe('pixels: same samples\nmade: nothing differs in the embedded prompts');
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
      text: 'pixels: drawing.svg is not a picture that can be decoded here (PNG can)\nmade: drawing.svg has no embedded prompt',
    });
  });

  test('a missing file is an error', async () => {
    await expect(compare('rgb.png', 'nowhere.png')).rejects.toMatchObject({ code: 'no-such-file' });
  });
});
