import { expect, test } from 'vitest';
import { civitaiHashes } from '../../src/lock/civitai-hashes.js';

test('AutoV2 is of the file, AutoV3 of its tensors, in the spelling of Civitai', () => {
  const digest = `sha256:9aba26abdf${'0'.repeat(54)}` as const;
  const tensors = `sha256:abcdef012345${'0'.repeat(52)}` as const;
  expect(civitaiHashes({ digest, tensors })).toEqual({ AutoV2: '9ABA26ABDF', AutoV3: 'ABCDEF012345' });
  expect(civitaiHashes({ digest })).toEqual({ AutoV2: '9ABA26ABDF' });
  expect(civitaiHashes({ digest: 'unhashed', size: 1 })).toBeUndefined();
});
