import { expect, test } from 'vitest';
import { writeJson } from '../../src/workflow/json.js';
import { promptIdentity, readPrompt, seedsOf, withoutVolatile } from '../../src/workflow/prompt.js';
import { document } from './build.js';

const read = (text: string) => readPrompt(document(text));

test('a prompt is read with or without the wrapper of a request', () => {
  const node = '{"3":{"class_type":"KSampler","inputs":{"seed":5},"_meta":{"title":"base"}}}';
  expect(read(node).nodes.get('3')).toMatchObject({ classType: 'KSampler', title: 'base' });
  expect(read(`{"prompt":${node},"client_id":"x"}`).nodes.size).toBe(1);
});

test.each(['{}', '{"nodes":[]}', '{"3":{"class_type":"KSampler"}}'])('%s is not a prompt', (text) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ code: 'not-a-prompt' }));
});

test('seeds keep every digit, whichever input they come through', () => {
  const prompt = read(`{
    "3":{"class_type":"KSampler","inputs":{"seed":18446744073709551615,"steps":20}},
    "4":{"class_type":"RandomNoise","inputs":{"noise_seed":7.0}},
    "5":{"class_type":"KSampler","inputs":{"seed":["6",0]}},
    "6":{"class_type":"PrimitiveInt","inputs":{"value":9}},
    "7":{"class_type":"Show","inputs":{"seed":"text"}}}`);
  expect(seedsOf(prompt)).toEqual({ '3.seed': '18446744073709551615', '4.noise_seed': '7', '6.value': '9' });
});

test('what the server and we add is taken out, and nothing else', () => {
  const added = '{"3":{"class_type":"A","inputs":{"x":NaN,"_git_comfy_nonce":"n"},"is_changed":[NaN]}}';
  expect(writeJson(withoutVolatile(document(added)))).toBe('{"3":{"class_type":"A","inputs":{"x":NaN}}}');
});

test('identity: titles, order, spelling of numbers and is_changed do not count; values do', () => {
  const plain = read('{"3":{"class_type":"A","inputs":{"a":7,"b":["4",0]}},"4":{"class_type":"B","inputs":{}}}');
  const server = read(
    '{"4":{"inputs":{},"class_type":"B","is_changed":["x"]},"3":{"inputs":{"b":["4",0],"a":7.0},"class_type":"A","_meta":{"title":"t"}}}',
  );
  const other = read('{"3":{"class_type":"A","inputs":{"a":8,"b":["4",0]}},"4":{"class_type":"B","inputs":{}}}');
  expect(promptIdentity(server)).toBe(promptIdentity(plain));
  expect(promptIdentity(other)).not.toBe(promptIdentity(plain));
  expect(promptIdentity(plain)).toMatch(/^[0-9a-f]{64}$/);
});

test('identity tells large seeds apart that are one double', () => {
  const seed = (text: string) => promptIdentity(read(`{"3":{"class_type":"A","inputs":{"seed":${text}}}}`));
  expect(seed('18446744073709551615')).not.toBe(seed('18446744073709551614'));
});
