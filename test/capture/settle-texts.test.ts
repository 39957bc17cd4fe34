import { expect, test } from 'vitest';
import { settleTexts } from '../../src/capture/settle-texts.js';
import { toPrompt } from '../../src/workflow/convert.js';
import { readWorkflow } from '../../src/workflow/graph.js';
import { type JsonObject, toPlain } from '../../src/workflow/json.js';
import { document, objectInfo, sketch } from '../workflow/build.js';

const file = document(
  sketch([
    { id: 1, type: 'CLIPTextEncode', widgets_values: ['a {red|green|blue} car'] },
    { id: 2, type: 'SaveImage', widgets_values: ['%date:yyyy%/img'] },
  ]),
);
const now = new Date(2026, 5, 1);
const ready = () => ({ prompt: toPrompt(readWorkflow(file), objectInfo), workflow: file });
const inputs = (prompt: JsonObject, id: string) =>
  (toPlain(prompt) as Record<string, { inputs: Record<string, unknown> }>)[id]?.inputs;

test('texts are drawn as they are queued; the embedded workflow keeps what was written', () => {
  const before = ready();
  const { ready: queued, textSeed } = settleTexts(before, objectInfo, now, '4');
  const drawn = toPrompt(readWorkflow(file), objectInfo, { now, textSeed: '4' });
  expect(queued.prompt).toEqual(drawn);
  expect(inputs(queued.prompt, '2')).toEqual({ filename_prefix: '2026/img' });
  expect(queued.workflow).toBe(before.workflow);
  expect(textSeed).toBe('4');
});

test('without a seed every queueing draws', () => {
  const texts = Array.from(
    { length: 40 },
    () => inputs(settleTexts(ready(), objectInfo, now).ready.prompt, '1')?.['text'],
  );
  expect(new Set(texts).size).toBe(3);
});

test('a text that was set by hand stays', () => {
  const { prompt, workflow } = ready();
  const node = new Map(prompt.get('1') as JsonObject).set('inputs', new Map([['text', 'a {mine|yours}']]));
  const set = { prompt: new Map(prompt).set('1', node), workflow };
  expect(inputs(settleTexts(set, objectInfo, now, '4').ready.prompt, '1')).toEqual({ text: 'a {mine|yours}' });
});

test('nothing to draw: nobody is told of a seed', () => {
  const plain = document(sketch([{ id: 1, type: 'CLIPTextEncode', widgets_values: ['a car'] }]));
  const settled = settleTexts({ prompt: toPrompt(readWorkflow(plain), objectInfo), workflow: plain }, objectInfo, now);
  expect(settled.textSeed).toBeUndefined();
});
