import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Progress, Talk } from '../../src/context.js';
import { openHashCache } from '../../src/models/hash-cache.js';
import { hashModels } from '../../src/models/hash-models.js';
import { startFileHasher, startLoneHasher } from '../../src/models/hash-pool.js';
import { temporaryFolder } from '../support/git.js';

const mebibyte = 1024 * 1024;
const silent: Talk = { say: () => {}, progress: () => {}, confirm: async () => false };
const signal = new AbortController().signal;
const sha256 = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const open = async (folder?: string) => ({ cache: await openHashCache(folder), signal, talk: silent });

/** Mostly a hole, which costs no disk; the ends tell it from others. */
function largeFile(name: string, size: number, start: Uint8Array = Buffer.from(name)): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, start);
  truncateSync(path, size);
  const file = openSync(path, 'r+');
  writeSync(file, name, size - name.length);
  closeSync(file);
  return path;
}

function header(length: number): Buffer {
  const bytes = Buffer.alloc(8 + length, ' ');
  bytes.writeBigUInt64LE(BigInt(length));
  bytes.write('{}', 8);
  return bytes;
}

test('several large files on several threads get the digests that one thread gives', async () => {
  const plain = [5, 9, 7].map((size, at) => largeFile(`${at}.bin`, size * mebibyte + at));
  const tensors = largeFile('t.safetensors', 6 * mebibyte, header(300_000));
  const found = await hashModels([...plain, tensors], await open());
  for (const path of plain) expect(found.get(path)).toMatchObject({ digest: sha256(readFileSync(path)) });
  const bytes = readFileSync(tensors);
  expect(found.get(tensors)).toEqual({
    digest: sha256(bytes),
    tensors: sha256(bytes.subarray(300_008)),
    size: bytes.length,
  });
});

test.each([2, 100_000, 5 * mebibyte])(
  'a safetensors file that is alone: tensors on a second thread, header of %i bytes',
  async (length) => {
    const path = largeFile('alone.safetensors', 21 * mebibyte + 5, header(length));
    const bytes = readFileSync(path);
    expect((await hashModels([path], await open())).get(path)).toEqual({
      digest: sha256(bytes),
      tensors: sha256(bytes.subarray(8 + length)),
      size: bytes.length,
    });
  },
);

test('the second thread serves one file after another', async () => {
  const hasher = await startLoneHasher(true);
  try {
    for (const length of [2, 4]) {
      const path = largeFile('alone.safetensors', 9 * mebibyte, header(length));
      const { tensors } = await hasher.hash(path, { signal, onBytes: () => {} });
      expect(tensors).toBe(sha256(readFileSync(path).subarray(8 + length)));
    }
  } finally {
    hasher.close();
  }
});

test('names of one file are one reading', async () => {
  const path = largeFile('model.bin', 20 * mebibyte);
  const link = join(temporaryFolder(), 'link.bin');
  symlinkSync(path, link);
  let read = 0;
  const progress = (step: Progress | undefined) => {
    read = Math.max(read, step?.done ?? 0);
  };
  const found = await hashModels([path, link], { ...(await open()), talk: { ...silent, progress } });
  expect(found.get(link)).toEqual(found.get(path));
  expect(read).toBe(20 * mebibyte);
});

test('progress tells of all files and of the largest that is being read', async () => {
  const files = [8, 10, 12].map((size) => largeFile(`${size}.bin`, size * mebibyte));
  const steps: Progress[] = [];
  const progress = (step: Progress | undefined) => void (step !== undefined && steps.push(step));
  await hashModels(files, { ...(await open()), talk: { ...silent, progress } });
  expect(steps.map(({ part }) => part?.label)).toContain('12.bin');
  expect(steps.at(-1)).toMatchObject({ done: 30 * mebibyte, total: 30 * mebibyte });
  expect(steps.at(-1)?.shown).toBe('hashing models (3 of 3 done)');
});

test('a thread stops in the middle of a file when it is told to', async () => {
  const hasher = await startFileHasher();
  const stop = new AbortController();
  try {
    const path = largeFile('long.bin', 200 * mebibyte);
    const work = hasher.hash(path, { signal: stop.signal, onBytes: () => stop.abort() });
    await expect(work).rejects.toMatchObject({ code: 'interrupted' });
  } finally {
    hasher.close();
  }
});

test('what a thread cannot hash it says like this one would', async () => {
  const hasher = await startFileHasher();
  try {
    const hashing = { signal, onBytes: () => {} };
    await expect(hasher.hash(temporaryFolder(), hashing)).rejects.toMatchObject({ code: 'not-a-file' });
    await expect(hasher.hash(join(temporaryFolder(), 'gone'), hashing)).rejects.toThrow(/ENOENT/);
  } finally {
    hasher.close();
  }
});

test('who asks a thread that has ended is told so, at once and later', async () => {
  const hasher = await startFileHasher();
  hasher.close();
  const path = largeFile('late.bin', mebibyte);
  for (let turn = 0; turn < 2; turn++) {
    await expect(hasher.hash(path, { signal, onBytes: () => {} })).rejects.toThrow('the thread hash-worker.js ended');
  }
});

test('Ctrl-C keeps every file that a thread had finished', async () => {
  const folder = temporaryFolder();
  const files = [9, 10, 300].map((size) => largeFile(`${size}.bin`, size * mebibyte));
  const stop = new AbortController();
  const later = () => Date.now() + 3_600_000;
  const progress = (step: Progress | undefined) => void (step?.shown?.includes('2 of 3') === true && stop.abort());
  const options = { ...(await open(folder)), now: later, signal: stop.signal, talk: { ...silent, progress } };
  await expect(hashModels(files, options)).rejects.toMatchObject({ code: 'interrupted' });
  const second = await hashModels(files, { ...(await open(folder)), budgetMs: 0 });
  expect(files.map((path) => 'digest' in (second.get(path) ?? {}))).toEqual([true, true, false]);
});

test.each([
  ['cut short', (path: string) => truncateSync(path, mebibyte)],
  ['written to', (path: string) => appendFileSync(path, 'more')],
  ['replaced by another of its size', (path: string) => renameSync(largeFile('new.bin', 60 * mebibyte), path)],
])('a file that is %s while a thread reads it has no hash, and the cache learns nothing', async (_, change) => {
  const folder = temporaryFolder();
  const [path, other] = [largeFile('old.bin', 60 * mebibyte), largeFile('other.bin', mebibyte)];
  const said: string[] = [];
  let changed = false;
  const progress = (step: Progress | undefined) => {
    if (changed || (step?.part?.done ?? 0) < 8 * mebibyte) return;
    changed = true;
    change(path);
  };
  const talk = { ...silent, progress, say: (line: string) => void said.push(line) };
  const found = await hashModels([path, other], { ...(await open(folder)), talk, now: () => Date.now() + 3_600_000 });
  expect(found.get(path)).toEqual({ size: 60 * mebibyte, problem: expect.stringContaining('changed') });
  expect(found.get(other)).toHaveProperty('digest');
  expect(said).toEqual([`not hashed: ${path} changed while it was read`]);
  expect(readFileSync(join(folder, 'model-hashes.jsonl'), 'utf8')).not.toContain('old.bin');
});
