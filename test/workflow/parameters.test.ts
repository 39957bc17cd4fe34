import { describe, expect, test } from 'vitest';
import { toPlain } from '../../src/workflow/json.js';
import { readParameters } from '../../src/workflow/parameters.js';
import { parametersPrompt } from '../../src/workflow/parameters-prompt.js';

const text = `a red fox, <lora:ink:0.8>
in the snow
Negative prompt: blurry,
low quality
Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 18446744073709551615, Size: 512x768, Model hash: 879db523c3, Model: dreamshaper_8, VAE: ema.pt, Denoising strength: 0.5, Lora hashes: "ink: 12ab, other: 5", Version: v1.9.0`;

describe('parameters of another program', () => {
  test('are told apart', () => {
    const found = readParameters(text);
    expect(found).toMatchObject({
      positive: 'a red fox, <lora:ink:0.8>\nin the snow',
      negative: 'blurry,\nlow quality',
      loras: [{ name: 'ink', strength: '0.8' }],
    });
    expect(found?.values.get('lora hashes')).toBe('ink: 12ab, other: 5');
  });

  test('in the words of a prompt keep every digit', () => {
    const prompt = toPlain(parametersPrompt(readParameters(text) ?? never())) as Record<string, { inputs: object }>;
    expect(prompt['3']?.inputs).toMatchObject({
      ...{ seed: '18446744073709551615', steps: 20, cfg: 6.5, sampler_name: 'DPM++ 2M', scheduler: 'Karras' },
      ...{ denoise: 0.5, model: ['100', 0] },
    });
    expect(prompt['100']?.inputs).toMatchObject({ lora_name: 'ink', strength_model: 0.8, model: ['4', 0] });
  });

  test('what they do not say is not there', () => {
    const prompt = toPlain(parametersPrompt(readParameters('fox\nSteps: 20') ?? never())) as object;
    expect(prompt).toEqual({
      '6': { class_type: 'CLIPTextEncode', inputs: { clip: ['4', 1], text: 'fox' } },
      '7': { class_type: 'CLIPTextEncode', inputs: { clip: ['4', 1], text: '' } },
      '3': {
        class_type: 'KSampler',
        inputs: { model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0], steps: 20 },
      },
    });
  });

  test.each(['', 'a red fox', 'Steps: many', '{"3": {}}'])('%j is none', (other) => {
    expect(readParameters(other)).toBeUndefined();
  });

  test('what is made to be slow is read all the same', () => {
    expect(readParameters(`Steps: 1${', a b c d'.repeat(7000)}`)?.values.get('steps')).toBe('1');
    expect(readParameters(`${'<lora:'.repeat(100_000)}\nSteps: 1`)?.loras).toEqual([]);
  });
});

const never = () => {
  throw new Error('no parameters');
};
