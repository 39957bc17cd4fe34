import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findByDigest, listModels, resolve, resolveAll } from '../../src/models/find-model.js';
import { hashFile } from '../../src/models/hash-file.js';
import { quickSample } from '../../src/models/quick-sample.js';

const base = mkdtempSync(join(tmpdir(), 'git-comfy-find-'));
afterAll(() => rmSync(base, { recursive: true }));
const folders = new Map([
  ['checkpoints', [join(base, 'a'), join(base, 'b'), join(base, 'none')]],
  ['text_encoders', [join(base, 'te')]],
  ['loras', [join(base, 'loras')]],
  ['diffusers', [join(base, 'diffusers')]],
]);
const hash = (path: string) => hashFile(path, { signal: new AbortController().signal });

function put(path: string, content = path): string {
  const full = join(base, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
}

test('the first root that has the name wins, and the others are known to be hidden', async () => {
  const [first, second] = [put('a/both.safetensors'), put('b/both.safetensors')];
  expect(await resolve('checkpoints', 'both.safetensors', folders)).toBe(first);
  expect(await resolveAll('checkpoints', 'both.safetensors', folders)).toEqual([first, second]);
});

test('a later root is used where the first has none', async () => {
  const path = put('b/only.safetensors');
  expect(await resolve('checkpoints', 'only.safetensors', folders)).toBe(path);
});

test('names from Windows and the older folder names work', async () => {
  const path = put('te/sub/t5.safetensors');
  expect(await resolve('clip', 'sub\\t5.safetensors', folders)).toBe(path);
});

test('links are followed, broken ones are no file', async () => {
  symlinkSync(put('elsewhere.safetensors'), join(base, 'a', 'link.safetensors'));
  symlinkSync(join(base, 'gone'), join(base, 'a', 'broken.safetensors'));
  expect(await resolve('checkpoints', 'link.safetensors', folders)).toBe(join(base, 'a', 'link.safetensors'));
  expect(await resolve('checkpoints', 'broken.safetensors', folders)).toBeUndefined();
});

test.each(['../secret', '/etc/hostname', 'sub/../../secret', '..\\secret', 'C:\\secret', '', '.', 'a\0b'])(
  'the name %j never leaves its folder',
  async (name) => {
    put('secret');
    expect(await resolve('checkpoints', name, folders)).toBeUndefined();
  },
);

test('a folder is a model for diffusers only', async () => {
  put('diffusers/sd/model_index.json');
  put('a/folder/x.txt');
  expect(await resolve('diffusers', 'sd', folders)).toBe(join(base, 'diffusers', 'sd'));
  expect(await resolve('checkpoints', 'folder', folders)).toBeUndefined();
});

test('a LoRA is named without extension, in its folder or any other; a dot in its name is no extension', async () => {
  const [deep, plain] = [put('loras/style/glow.v2.safetensors'), put('loras/plain.pt')];
  put('loras/plain.txt');
  expect(await resolve('loras', 'style/glow.v2', folders)).toBe(deep);
  expect(await resolve('loras', 'glow.v2', folders)).toBe(deep);
  expect(await resolve('loras', 'plain', folders)).toBe(plain);
  expect(await resolve('loras', 'glow', folders)).toBeUndefined();
  expect(await resolve('checkpoints', 'only', folders)).toBeUndefined();
});

test.each(['.sft', '.SAFETENSORS', '.gguf'])('a file that ends with %s is one like any other', async (extension) => {
  const path = put(`a/model${extension}`);
  expect(await resolve('checkpoints', `model${extension}`, folders)).toBe(path);
});

test('a renamed file is found by its content, in its own folder first', async () => {
  const content = 'the same LoRA under two names';
  const own = put('loras/new name/ink.safetensors', content);
  put('a/copy.safetensors', content);
  put('loras/other.safetensors', content.replace('two', 'six'));
  const { digest, size } = await hash(own);
  expect(await findByDigest({ digest, size, folder: 'loras' }, folders, hash)).toMatchObject({
    folder: 'loras',
    name: 'new name/ink.safetensors',
  });
});

test('only files of the right size are read', async () => {
  const path = put('loras/exact.safetensors', 'exactly 24 bytes of text');
  const { digest, size } = await hash(path);
  const read: string[] = [];
  await findByDigest({ digest, size, folder: 'loras' }, folders, async (file) => {
    read.push(file);
    return hash(file);
  });
  expect(read).toEqual([path]);
});

test('of many files of that size only those with the right sample are read whole', async () => {
  const path = put('loras/tuned.safetensors', 'weights of one fine-tune');
  for (const name of ['a', 'b', 'c']) put(`loras/other ${name}.safetensors`, `weights of ${name}ne fine-tune`);
  const { digest, size } = await hash(path);
  const sought = { digest, size, folder: 'loras', sample: await quickSample(path) };
  const read: string[] = [];
  const found = await findByDigest(sought, folders, async (file) => {
    read.push(file);
    return hash(file);
  });
  expect(found?.path).toBe(path);
  expect(read).toEqual([path]);
});

test('a loop of links ends', async () => {
  mkdirSync(join(base, 'te', 'loop'), { recursive: true });
  symlinkSync(join(base, 'te'), join(base, 'te', 'loop', 'again'));
  const names = [];
  for await (const { name } of listModels('text_encoders', folders)) names.push(name);
  expect(names.length).toBeLessThan(40);
});

test('a quick sample tells size, head and tail, and not the middle', async () => {
  const bytes = Buffer.alloc(3 * 1024 * 1024, 1);
  const sample = async (change: (copy: Buffer) => void) => {
    const copy = Buffer.from(bytes);
    change(copy);
    return quickSample(put('sampled.bin', copy as unknown as string));
  };
  const same = await sample(() => {});
  expect(same).toMatch(/^[0-9a-f]{32}$/);
  expect(await sample((copy) => copy.fill(2, 0, 1))).not.toBe(same);
  expect(await sample((copy) => copy.fill(2, copy.length - 1))).not.toBe(same);
  expect(await sample((copy) => copy.fill(2, 1_500_000, 1_500_001))).toBe(same);
});
