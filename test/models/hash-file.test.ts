import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, linkSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { hashFile } from '../../src/models/hash-file.js';

const folder = mkdtempSync(join(tmpdir(), 'git-comfy-hash-'));
afterAll(() => rmSync(folder, { recursive: true }));
const signal = new AbortController().signal;
const sha256 = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function safetensors(header: string, tensors: Uint8Array, length = BigInt(header.length)): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(length);
  return Buffer.concat([size, Buffer.from(header), tensors]);
}

test.each([0, 1, 2 * 1024 * 1024 - 1, 2 * 1024 * 1024, 5 * 1024 * 1024 + 3])('a file of %i bytes', async (size) => {
  const bytes = Buffer.alloc(size, 'weights');
  expect(await hashFile(file(`model-${size}.bin`, bytes), { signal })).toMatchObject({ digest: sha256(bytes), size });
});

test('tensors are what follows the header, also when the header is longer than a chunk', async () => {
  const tensors = Buffer.alloc(3 * 1024 * 1024, 'tensors');
  for (const header of ['{}', `{"__metadata__":{"title":"${'x'.repeat(2_500_000)}"}}`]) {
    const bytes = safetensors(header, tensors);
    const hashed = await hashFile(file('style.safetensors', bytes), { signal });
    expect(hashed.digest).toBe(sha256(bytes));
    expect(hashed.tensors).toBe(sha256(tensors));
  }
});

test.each([
  ['a header longer than the file', safetensors('{}', Buffer.alloc(4), 1000n)],
  ['a header of 2^63 bytes', safetensors('{}', Buffer.alloc(4), 2n ** 63n)],
  ['no JSON after the length', safetensors('<>', Buffer.alloc(4))],
  ['four bytes', Buffer.alloc(4)],
])('no tensors are claimed for %s', async (_, bytes) => {
  const hashed = await hashFile(file('hostile.safetensors', bytes), { signal });
  expect(hashed.digest).toBe(sha256(bytes));
  expect(hashed.tensors).toBeUndefined();
});

test('every byte is told of', async () => {
  let told = 0;
  const bytes = Buffer.alloc(5_000_000);
  const onBytes = (count: number) => {
    told += count;
  };
  await hashFile(file('told.bin', bytes), { signal, onBytes });
  expect(told).toBe(bytes.length);
});

test('a file that grows while it is read has no hash', async () => {
  const path = file('growing.bin', Buffer.alloc(8 * 1024 * 1024));
  let grown = false;
  const onBytes = () => {
    if (!grown) appendFileSync(path, 'more');
    grown = true;
  };
  await expect(hashFile(path, { signal, onBytes })).rejects.toMatchObject({ code: 'file-changed' });
});

test('Ctrl-C ends it between two chunks', async () => {
  const stop = new AbortController();
  const path = file('long.bin', Buffer.alloc(8 * 1024 * 1024));
  await expect(hashFile(path, { signal: stop.signal, onBytes: () => stop.abort() })).rejects.toMatchObject({
    code: 'interrupted',
  });
});

test('a folder is not a file', async () => {
  await expect(hashFile(folder, { signal })).rejects.toThrow();
});

test('a pipe in place of a file is said at once, and nobody waits for a writer', async () => {
  const pipe = join(folder, 'pipe.bin');
  execFileSync('mkfifo', [pipe]);
  await expect(hashFile(pipe, { signal })).rejects.toMatchObject({ code: 'not-a-file' });
});

test('a file that is put in the place of the one that is read has no hash', async () => {
  const path = file('replaced.bin', Buffer.alloc(8 * 1024 * 1024));
  const other = file('other.bin', Buffer.alloc(8 * 1024 * 1024));
  linkSync(path, join(folder, 'second-name.bin'));
  let replaced = false;
  const onBytes = () => {
    if (!replaced) renameSync(other, path);
    replaced = true;
  };
  await expect(hashFile(path, { signal, onBytes })).rejects.toMatchObject({ code: 'file-changed' });
});
