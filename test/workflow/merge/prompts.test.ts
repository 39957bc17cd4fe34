import { expect, test } from 'vitest';
import { toPlain } from '../../../src/workflow/json.js';
import { mergePrompts } from '../../../src/workflow/merge/prompts.js';
import { conflictText, conflictWords } from '../../../src/workflow/merge/words.js';
import { document } from '../build.js';

type Nodes = Record<string, { class_type: string; inputs: Record<string, unknown>; _meta?: { title: string } }>;
const base: Nodes = {
  '3': { class_type: 'KSampler', inputs: { seed: 1, steps: 20, model: ['4', 0] }, _meta: { title: 'base' } },
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'a' } },
  '9': { class_type: 'SaveImage', inputs: { images: ['3', 0], filename_prefix: 'x' } },
};
const set = (id: string, inputs: object, from: Nodes = base): Nodes => ({
  ...from,
  [id]: { ...(from[id] as Nodes[string]), inputs: { ...from[id]?.inputs, ...inputs } },
});

function merged(ours: object, theirs: object, before: object | null = base) {
  const { prompt, conflicts } = mergePrompts(
    before === null ? undefined : document(before),
    document(ours),
    document(theirs),
  );
  return { prompt: toPlain(prompt) as Nodes, conflicts: conflictWords(conflicts, prompt).map(conflictText) };
}

test('edits of different inputs unite; the same one is a conflict', () => {
  expect(merged(set('3', { seed: 2 }), set('3', { steps: 30 }))).toMatchObject({
    prompt: { '3': { inputs: { seed: 2, steps: 30 } } },
    conflicts: [],
  });
  expect(merged(set('3', { steps: 40 }), set('3', { steps: 30 })).conflicts).toEqual([
    'KSampler "base" #3  steps: ours 40, theirs 30 (was 20)',
  ]);
});

test('nodes that both added under one id become two, with their links', () => {
  const lora = (name: string) => ({ class_type: 'LoraLoader', inputs: { lora_name: name, model: ['4', 0] } });
  const preview = { class_type: 'PreviewImage', inputs: { images: ['3', 0] } };
  const { prompt, conflicts } = merged(
    { ...base, '10': preview },
    set('3', { model: ['10', 0] }, { ...base, '10': lora('ink') }),
  );
  expect(conflicts).toEqual([]);
  expect(prompt['10']).toEqual(preview);
  expect(prompt['11']).toEqual(lora('ink'));
  expect(prompt['3']?.inputs['model']).toEqual(['11', 0]);
});

test('a link here and a value there is a conflict about that input', () => {
  const { prompt, conflicts } = merged(set('3', { steps: ['4', 1] }), set('3', { steps: 30 }));
  expect(conflicts).toEqual([
    'KSampler "base" #3  steps: ours from CheckpointLoaderSimple #4 output 1, theirs 30 (was 20)',
  ]);
  expect(prompt['3']?.inputs).toEqual({ seed: 1, steps: ['4', 1], model: ['4', 0] });
});

test('edit against delete is a conflict; a link to what is gone goes too', () => {
  const { '9': _, ...without } = base;
  expect(merged(without, set('9', { filename_prefix: 'y' })).conflicts).toEqual([
    'SaveImage #9  the node: ours deleted, theirs edited',
  ]);
  const { '4': __, ...noLoader } = set('3', { model: undefined });
  const { prompt, conflicts } = merged(noLoader, set('3', { steps: 30 }));
  expect(conflicts).toEqual([]);
  expect(prompt['3']?.inputs).toEqual({ seed: 1, steps: 30 });
});

test('without a common version: item by item, or as a whole where nothing is shared', () => {
  expect(merged(base, set('3', { steps: 30 }), null).conflicts).toEqual([
    'KSampler "base" #3  steps: ours 20, theirs 30',
  ]);
  expect(mergePrompts(undefined, document(base), document({ '77': base['3'] })).conflicts).toHaveLength(1);
});
