import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findByDigest } from '../../src/models/find-model.js';
import { openHashCache } from '../../src/models/hash-cache.js';
import { hashFile } from '../../src/models/hash-file.js';
import { hashModels } from '../../src/models/hash-models.js';
import { readHints } from '../../src/models/hints.js';
import { temporaryFolder } from '../support/git.js';

const signal = new AbortController().signal;
const hex = (text: string) => createHash('sha256').update(text).digest('hex');
const digest = hex('weights');

function put(folder: string, path: string, text: string): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  return join(folder, path);
}

const sidecars: [string, string][] = [
  ['ink.safetensors.sha256', `${digest}  ink.safetensors\n`],
  ['ink.safetensors.sha256', digest.toUpperCase()],
  ['ink.sha256', `${digest} *.\\loras\\ink.safetensors\r\n`],
  ['.cache/huggingface/download/ink.safetensors.metadata', `${'0'.repeat(40)}\n${digest}\n1700000000.5\n`],
  ['../.cache/huggingface/download/loras/ink.safetensors.metadata', `${'0'.repeat(40)}\n${digest}\n1700000000.5\n`],
  [
    'ink.civitai.info',
    JSON.stringify({ files: [{ hashes: { SHA256: hex('pruned') } }, { hashes: { SHA256: digest.toUpperCase() } }] }),
  ],
  ['ink.cm-info.json', JSON.stringify({ Hashes: { SHA256: digest, BLAKE3: 'x' } })],
  ['ink.metadata.json', JSON.stringify({ sha256: digest })],
];

test.each(sidecars)('%s says what the model is: %j', async (name, text) => {
  const folder = temporaryFolder();
  const model = put(folder, 'loras/ink.safetensors', 'weights');
  put(folder, join('loras', name), text);
  const [hint] = await readHints(model);
  expect(hint?.digests).toContain(`sha256:${digest}`);
});

test('a download cache names what it keeps by content', async () => {
  const model = put(temporaryFolder(), `blobs/${digest}`, 'weights');
  expect(await readHints(model)).toMatchObject([{ digests: [`sha256:${digest}`] }]);
});

test.each([
  ['ink.sha256', `${digest}  ink.ckpt\n`],
  ['ink.safetensors.sha256', 'abc'],
  ['ink.civitai.info', '{"files":[{"hashes":null},7]}'],
  ['ink.civitai.info', '{"files"'],
  ['ink.cm-info.json', '{"Hashes":{"SHA256":7}}'],
  ['ink.metadata.json', '[]'],
  ['.cache/huggingface/download/ink.safetensors.metadata', 'abc\n"etag"\n'],
])('%s of %j says nothing', async (name, text) => {
  const folder = temporaryFolder();
  const model = put(folder, 'ink.safetensors', 'weights');
  put(folder, name, text);
  expect(await readHints(model)).toEqual([]);
});

test('what was read counts, and a hint that says otherwise is told of once', async () => {
  const folder = temporaryFolder();
  const model = put(folder, 'ink.safetensors', 'weights');
  put(folder, 'ink.safetensors.sha256', hex('whole'));
  const said: string[] = [];
  const talk = { say: (line: string) => void said.push(line), progress: () => {}, confirm: async () => false };
  const cache = await openHashCache(temporaryFolder());
  const options = { cache, signal, talk, now: () => Date.now() + 3_600_000 };
  for (let look = 0; look < 2; look++) {
    expect((await hashModels([model], options)).get(model)).toMatchObject({ digest: `sha256:${digest}` });
  }
  expect(said).toEqual([
    `ink.safetensors is sha256:${digest.slice(0, 12)}, and ink.safetensors.sha256 says sha256:${hex('whole').slice(0, 12)}: damaged, or replaced`,
  ]);
});

test('a file that is said to be the one is read first, and believed only then', async () => {
  const folder = temporaryFolder();
  for (const name of ['a', 'b', 'c']) put(folder, `${name}.safetensors`, `weight${name}`);
  const liar = put(folder, 'liar.safetensors', 'WEIGHTS');
  put(folder, 'liar.safetensors.sha256', digest);
  const right = put(folder, 'right.safetensors', 'weights');
  put(folder, 'right.safetensors.sha256', digest);
  const read: string[] = [];
  const hash = (path: string) => {
    read.push(path);
    return hashFile(path, { signal });
  };
  const sought = { digest: `sha256:${digest}` as const, size: 7, folder: 'loras' };
  expect(await findByDigest(sought, new Map([['loras', [folder]]]), hash)).toMatchObject({ path: right });
  expect(read.filter((path) => path !== liar)).toEqual([right]);
});
