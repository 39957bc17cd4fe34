import { describe, expect, test } from 'vitest';
import { writePng } from '../../src/image/write-png.js';
import { nodesThatMatter, withNonce } from '../../src/reproduce/defeat-cache.js';
import { withOwnPrefix } from '../../src/reproduce/own-prefix.js';
import { prove } from '../../src/reproduce/prove.js';
import { fromPlain, type JsonObject, parseJson, toPlain, writeJson } from '../../src/workflow/json.js';
import { promptIdentity, readPrompt } from '../../src/workflow/prompt.js';

const prompt = parseJson(`{
  "10": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "client/hero"}},
  "2": {"class_type": "ImageAddNoise", "inputs": {"image": ["1", 0], "seed": 18446744073709551615, "strength": 0.50}},
  "1": {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 48}},
  "7": {"class_type": "PreviewImage", "inputs": {"images": ["6", 0]}},
  "6": {"class_type": "LoadImage", "inputs": {"image": "in.png"}, "_meta": {"title": "reference"}}
}`) as JsonObject;

const inputsOf = (json: JsonObject, id: string) => toPlain((json.get(id) as JsonObject).get('inputs') ?? null);

describe('a prompt that runs again', () => {
  test('saves below a folder of its own, under the old last name', () => {
    const changed = withOwnPrefix(prompt, 'abcd1234');
    expect(inputsOf(changed, '10')).toMatchObject({ filename_prefix: 'git-comfy/abcd1234/hero' });
    expect(inputsOf(changed, '7')).toEqual({ images: ['6', 0] });
  });

  test('keeps every number as it was, the order of nodes, and the recorded prompt itself', () => {
    const text = writeJson(prompt);
    const changed = writeJson(withNonce(withOwnPrefix(prompt, 'x'), 'n'));
    expect(changed).toContain('"seed":18446744073709551615,"strength":0.50');
    expect([...withNonce(prompt, 'n').keys()]).toEqual(['10', '2', '1', '7', '6']);
    expect(writeJson(prompt)).toBe(text);
  });

  test('carries a nonce on the nodes without links only, and is the same prompt all the same', () => {
    const changed = withNonce(prompt, 'nonce-1');
    const carrying = [...changed.keys()].filter((id) =>
      Object.hasOwn(inputsOf(changed, id) as object, '_git_comfy_nonce'),
    );
    expect(carrying).toEqual(['1', '6']);
    expect(promptIdentity(readPrompt(changed))).toBe(promptIdentity(readPrompt(prompt)));
  });

  test('survives nodes that are no nodes, and links in a circle', () => {
    const odd = fromPlain({ a: 'text', b: { class_type: 'X', inputs: { y: ['b', 0] } } }) as JsonObject;
    expect(toPlain(withNonce(odd, 'n'))).toEqual(toPlain(odd));
    expect([...nodesThatMatter(odd, ['b', 'a', 'gone'])].sort()).toEqual(['a', 'b', 'gone']);
  });
});

describe('proof that it ran', () => {
  const queued = withNonce(prompt, 'nonce-1');
  const claims = { prompt: queued, nonce: 'nonce-1', outputs: ['10'], ran: queued, cached: [], made: [] };
  const made = (...texts: [string, string][]) => [{ name: 'a.png', bytes: writePng(1, 1, new Uint8Array(3), texts) }];

  test('a cached node counts where the compared output is made from it', () => {
    expect(prove({ ...claims, cached: ['1', '6'] })).toEqual({ proven: false, cached: ['1'], doubts: [] });
  });

  test('a cached node of another branch does not matter', () => {
    expect(prove({ ...claims, cached: ['6', '7'] })).toEqual({ proven: true, cached: [], doubts: [] });
  });

  test('a history that holds another prompt proves nothing; the server’s spelling of a number is no other prompt', () => {
    const ran = (from: string, to: string) => parseJson(writeJson(queued).replace(from, to)) as JsonObject;
    expect(prove({ ...claims, ran: ran('615', '614') }).doubts).toEqual([
      'the server ran another prompt than it was given',
    ]);
    expect(prove({ ...claims, ran: ran('"width":64', '"width":64.0') }).proven).toBe(true);
  });

  test('a file with another nonce in it is of another run; one without any says nothing', () => {
    const doubts = ['a.png is of another run, by what is embedded in it'];
    const older = writeJson(withNonce(prompt, 'nonce-0'));
    expect(prove({ ...claims, made: made(['prompt', older]) })).toEqual({ proven: false, cached: [], doubts });
    expect(prove({ ...claims, made: made(['prompt', writeJson(queued)]) }).proven).toBe(true);
    expect(prove({ ...claims, made: [...made(), ...made(['prompt', writeJson(prompt)])] }).proven).toBe(true);
  });
});
