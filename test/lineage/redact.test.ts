import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redact, secretMarker } from '../../src/lineage/redact.js';
import { type JsonObject, parseJson, writeJson } from '../../src/workflow/json.js';

const object = (text: string) => parseJson(text) as JsonObject;
const clean = (text: string) => writeJson(redact('prompt', object(text)).json);

test('a member named as a credential is taken out, and where it stood is told', () => {
  const found = redact('prompt', object('{"3":{"inputs":{"api_key":"abc","steps":20}}}'));
  expect(writeJson(found.json)).toBe(`{"3":{"inputs":{"api_key":"${secretMarker}","steps":20}}}`);
  expect(found.paths).toEqual(['prompt.3.inputs.api_key']);
});

test('a secret of the prompt is taken out of the widget values too', () => {
  const prompt = object('{"3":{"inputs":{"openai_api_key":"my own words"}}}');
  const workflow = object('{"nodes":[{"widgets_values":["my own words",7]}]}');
  expect(writeJson(redact('workflow', workflow, prompt).json)).not.toContain('my own words');
});

test.each([
  ['a Hugging Face token', `hf_${'a'.repeat(34)}`],
  ['a bearer header', `Authorization: Bearer ${'b'.repeat(30)}`],
  ['a token in a URL', `https://example.org/model?token=${'c'.repeat(32)}`],
  ['a password in a URL', 'https://ada:hunter2secret@example.org/x'],
])('%s is taken out of any text', (_, text) => {
  const cleaned = clean(JSON.stringify({ a: [text] }));
  expect(cleaned).toContain(secretMarker);
  expect(cleaned).not.toMatch(/aaaa|bbbb|cccc|hunter2/);
});

test.each(['/home/ada/pictures/in.png', 'C:\\Users\\Ada\\in.png', '\\\\nas\\share\\in.png', 'file:///home/ada/in.png'])(
  'the folders of %s are taken out, the name stays',
  (path) => {
    expect(clean(JSON.stringify({ path }))).toBe('{"path":"<absolute path>/in.png"}');
  },
);

test('client ids never stay', () => {
  expect(clean('{"client_id":"537593"}')).not.toContain('537593');
});

test.each([
  '/imagine a cat, 8k',
  'a token of love',
  'sub/in.png',
  'half / half',
  'loras\\ink.safetensors',
  'secretary',
])('"%s" stays as it is', (text) => {
  const json = JSON.stringify({ text, seed: 3, values: [text] });
  expect(clean(json)).toBe(json);
});

test('numbers and the order of keys stay as they were', () => {
  const text = '{"10":{"seed":18446744073709551615},"9":{"cfg":7.0,"x":NaN}}';
  expect(clean(text)).toBe(text);
});

test('redacting twice is redacting once', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const once = redact('x', new Map([['a', parseJson(JSON.stringify(value))]])).json;
      expect(writeJson(redact('x', once).json)).toBe(writeJson(once));
    }),
  );
});
