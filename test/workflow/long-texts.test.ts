import { expect, test } from 'vitest';
import { readWorkflow } from '../../src/workflow/graph.js';
import { type JsonObject, parseJson } from '../../src/workflow/json.js';
import { longTextsDigest } from '../../src/workflow/long-texts.js';
import { normalise } from '../../src/workflow/normal-form.js';
import { readPrompt } from '../../src/workflow/prompt.js';
import { readSource } from '../../src/workflow/read-source.js';
import { promptText, type Settings, workflowText } from '../support/run-facts.js';

const text = 'a red fox in the morning light';
const digest = (document: string) => {
  const source = readSource(Buffer.from(document));
  return source && longTextsDigest(source);
};
const ofWorkflow = (settings: Settings) => digest(workflowText({ text, ...settings }));
const ofPrompt = (settings: Settings) => digest(promptText({ text, ...settings }));

test.each([
  ['workflow', ofWorkflow],
  ['prompt', ofPrompt],
] as const)('numbers and seeds of a %s do not count, its texts do', (_, of) => {
  expect(of({ seed: '8', steps: 30 })).toBe(of({}));
  expect(of({ text: 'an old owl in a hollow tree' })).not.toBe(of({}));
});

test('a workflow as it was embedded and its normal form have the same', () => {
  const { normal } = normalise(parseJson(workflowText({ text })) as JsonObject);
  expect(longTextsDigest(readWorkflow(normal))).toBe(ofWorkflow({}));
});

test('a text for a seed is no text', () => {
  const prompt = (seed: string) => `{"1":{"class_type":"A","inputs":{"seed":"${seed}","text":"${text}"}}}`;
  const of = (seed: string) => longTextsDigest(readPrompt(parseJson(prompt(seed))));
  expect(of('twenty four letters and more')).toBe(of('1'));
});
