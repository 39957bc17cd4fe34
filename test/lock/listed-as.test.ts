import { expect, test } from 'vitest';
import { listedAs } from '../../src/lock/listed-as.js';

test.each([
  ['checkpoints', 'sub/a.safetensors', ['sub\\a.safetensors'], 'sub\\a.safetensors'],
  ['checkpoints', 'a', ['a.safetensors'], undefined],
  ['embeddings', 'easyneg', ['style/easyneg.pt', 'easyneg.safetensors'], 'easyneg.safetensors'],
  ['embeddings', 'easyneg', ['deep/style/easyneg.pt', 'style/easyneg.bin'], 'style/easyneg.bin'],
  ['embeddings', 'style/x', ['style\\x.pt'], 'style\\x.pt'],
  ['embeddings', 'neg', ['easyneg.pt'], undefined],
  ['vae_approx', 'taesd_encoder', ['taesdxl_encoder.pth', 'taesd_encoder.safetensors'], 'taesd_encoder.safetensors'],
  ['loras', 'ink.v2', ['style/ink.v2.safetensors'], 'style/ink.v2.safetensors'],
  ['loras', 'ink.safetensors', ['style/ink.safetensors'], undefined],
])('%s %s in %j is %s', (folder, name, files, expected) => {
  expect(listedAs(folder, name, files)).toBe(expected);
});
