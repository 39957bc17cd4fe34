import { expect, test } from 'vitest';
import { looseHits } from '../../src/models/loose-names.js';

test.each<[string, string, string[], string[]]>([
  [
    'embeddings',
    'neg',
    ['neg.bin', 'neg.pt', 'style/neg.safetensors', 'easyneg.pt'],
    ['neg.pt', 'style/neg.safetensors'],
  ],
  ['embeddings', 'neg.pt', ['neg.pt', 'neg.pt.bin'], ['neg.pt']],
  ['embeddings', 'style/neg', ['style/neg.pt', 'deep/style/neg.pt', 'neg.pt'], ['style/neg.pt', 'deep/style/neg.pt']],
  ['loras', 'ink', ['z/ink.pt', 'a/ink.safetensors', 'ink.txt'], ['a/ink.safetensors', 'z/ink.pt']],
  ['loras', 'ink', ['ink.safetensors', 'a/ink.safetensors'], ['ink.safetensors']],
  ['loras', 'a/ink', ['b/a/ink.pt'], []],
])('%s %s in %j', (type, name, files, expected) => {
  expect(looseHits(type, name, files)).toEqual(expected);
});
