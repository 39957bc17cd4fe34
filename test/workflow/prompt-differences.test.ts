import { expect, test } from 'vitest';
import { fromPlain, parseJson } from '../../src/workflow/json.js';
import { readPrompt } from '../../src/workflow/prompt.js';
import { promptDifferences, promptDifferenceText } from '../../src/workflow/prompt-differences.js';

const base = {
  '3': { class_type: 'KSampler', inputs: { seed: 1, steps: 20, model: ['4', 0] }, _meta: { title: 'base' } },
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'a.safetensors' } },
  '9': { class_type: 'SaveImage', inputs: { filename_prefix: 'a', images: ['3', 0] } },
};
const prompt = (value: unknown) => readPrompt(fromPlain(value));
const words = (a: unknown, b: unknown) => promptDifferences(prompt(a), prompt(b)).map(promptDifferenceText);

test('values, links, classes and nodes that differ, each in a line', () => {
  const changed = {
    '3': { class_type: 'KSampler', inputs: { seed: 1, steps: 30, model: ['5', 0] }, _meta: { title: 'base' } },
    '4': { class_type: 'UNETLoader', inputs: {} },
    '5': { class_type: 'LoraLoader', inputs: {} },
  };
  expect(words(base, changed)).toEqual([
    'KSampler "base" #3: steps 20 -> 30',
    'KSampler "base" #3: model output 0 of #4 -> output 0 of #5',
    'UNETLoader #4: CheckpointLoaderSimple -> UNETLoader',
    'SaveImage #9: removed',
    'LoraLoader #5: added',
  ]);
});

test('the name of the file, titles, a nonce and the spelling of numbers are no difference', () => {
  const text = JSON.stringify(base)
    .replace('"seed":1', '"seed":1.0')
    .replace('"a"', '"b"')
    .replace('"base"', '"other"');
  const again = readPrompt(parseJson(text.replace('"steps":20', '"steps":20,"_git_comfy_nonce":"x"')));
  expect(promptDifferences(prompt(base), again)).toEqual([]);
});

test('seeds that JavaScript would round are told apart', () => {
  const seeded = (seed: string) => readPrompt(parseJson(`{"1": {"class_type": "X", "inputs": {"seed": ${seed}}}}`));
  expect(promptDifferences(seeded('18446744073709551615'), seeded('18446744073709551614'))).toHaveLength(1);
});
