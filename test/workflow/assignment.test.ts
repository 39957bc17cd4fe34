import { expect, test } from 'vitest';
import { findTarget, parseAssignment, valueFor, withValue } from '../../src/workflow/assignment.js';
import { fromPlain, type JsonObject, writeJson } from '../../src/workflow/json.js';
import { readPrompt } from '../../src/workflow/prompt.js';

const source = fromPlain({
  '3': { class_type: 'KSampler', inputs: { steps: 20, cfg: 7, latent_image: ['5', 0] }, _meta: { title: 'base' } },
  '12:5': { class_type: 'KSampler', inputs: { steps: 12, cfg: 7 }, _meta: { title: 'hires v1.5' } },
  '7': { class_type: 'Resize', inputs: { resize_type: 'by', 'resize_type.multiplier': 2 } },
}) as JsonObject;
const prompt = readPrompt(source);

test.each([
  ['3.steps', '3', 'steps'],
  ['base.steps', '3', 'steps'],
  ['12:5.cfg', '12:5', 'cfg'],
  ['hires v1.5.steps', '12:5', 'steps'],
  ['resize_type.multiplier', '7', 'resize_type.multiplier'],
  ['Resize.resize_type.multiplier', '7', 'resize_type.multiplier'],
  ['resize_type', '7', 'resize_type'],
])('%s means one input', (place, node, input) => {
  expect(findTarget(prompt, place)).toEqual({ node, input });
});

test('what fits several nodes lists them', () => {
  expect(() => findTarget(prompt, 'steps')).toThrow(
    expect.objectContaining({
      code: 'usage',
      message: '"steps" fits 2 nodes',
      hint: 'say which: 3.steps (base), 12:5.steps (hires v1.5)',
    }),
  );
  expect(() => findTarget(prompt, 'KSampler.cfg')).toThrow('fits 2 nodes');
});

test('what fits none says what there is, or where the value comes from', () => {
  expect(() => findTarget(prompt, 'base.stops')).toThrow(
    expect.objectContaining({ hint: 'KSampler #3 has: steps, cfg' }),
  );
  expect(() => findTarget(prompt, '3.latent_image')).toThrow(
    expect.objectContaining({ hint: "it comes from node 5: set that one's value" }),
  );
  expect(() => findTarget(prompt, 'nothing')).toThrow('no node has an input "nothing"');
});

test('a value keeps every digit, and text that holds an equals sign stays whole', () => {
  expect(valueFor(1, '18446744073709551615')).toEqual({ lexeme: '18446744073709551615' });
  expect(valueFor({ lexeme: '7.0' }, '6.5')).toBe(6.5);
  expect(valueFor(true, 'false')).toBe(false);
  expect(valueFor('a', '30')).toBe('30');
  expect(parseAssignment('positive.text=a=b')).toEqual({ place: 'positive.text', value: 'a=b' });
});

test('a value that does not fit is refused', () => {
  expect(() => valueFor(20, 'many')).toThrow(
    expect.objectContaining({ hint: 'this input takes a number, such as 20' }),
  );
  expect(() => valueFor(true, '1')).toThrow(expect.objectContaining({ hint: 'this input takes true or false' }));
  expect(() => parseAssignment('steps')).toThrow('"steps" sets nothing');
});

test('the prompt itself is not changed', () => {
  const before = writeJson(source);
  const changed = withValue(source, { node: '3', input: 'steps' }, 30);
  expect(readPrompt(changed).nodes.get('3')?.inputs.get('steps')).toBe(30);
  expect(writeJson(source)).toBe(before);
});
