import { execFile } from 'node:child_process';
import { appendFileSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Talk } from '../../src/context.js';
import { identityOf, isRacy } from '../../src/models/file-identity.js';
import { openHashCache } from '../../src/models/hash-cache.js';
import { hashFile } from '../../src/models/hash-file.js';
import { hashModels } from '../../src/models/hash-models.js';
import { quickSample } from '../../src/models/quick-sample.js';
import { temporaryFolder } from '../support/git.js';
import { bundleScript } from '../support/script.js';

const signal = new AbortController().signal;
const talk: Talk = { say: () => {}, progress: () => {}, confirm: async () => false };
/** A clock an hour ahead: files made by a test are old to it. */
const later = () => Date.now() + 3_600_000;
const options = async (cacheFolder: string) => ({ cache: await openHashCache(cacheFolder), signal, talk, now: later });

/** Counts the bytes that hashing read. */
async function bytesRead(cacheFolder: string, paths: string[], now = later): Promise<number> {
  let done = 0;
  const progress: Talk['progress'] = (step) => {
    done = Math.max(done, step?.done ?? 0);
  };
  await hashModels(paths, { ...(await options(cacheFolder)), talk: { ...talk, progress }, now });
  return done;
}

function model(content = 'weights'): string {
  const path = join(temporaryFolder(), 'model.bin');
  writeFileSync(path, content);
  return path;
}

test('a second look reads no byte of an unchanged file', async () => {
  const cache = temporaryFolder();
  const path = model();
  expect(await bytesRead(cache, [path])).toBe(7);
  expect(await bytesRead(cache, [path])).toBe(0);
});

test('the answer from the cache is the whole answer', async () => {
  const cache = temporaryFolder();
  const path = join(temporaryFolder(), 'm.safetensors');
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(2n);
  writeFileSync(path, Buffer.concat([size, Buffer.from('{}tensors')]));
  const first = await hashModels([path], await options(cache));
  expect(await hashModels([path], await options(cache))).toEqual(first);
  expect(first.get(path)).toHaveProperty('tensors');
});

test('same size and same time, put there by renaming: another file', async () => {
  const cache = temporaryFolder();
  const path = model('aaaaaaa');
  utimesSync(path, 1_700_000_000, 1_700_000_000);
  await bytesRead(cache, [path]);
  writeFileSync(`${path}.new`, 'bbbbbbb');
  utimesSync(`${path}.new`, 1_700_000_000, 1_700_000_000);
  renameSync(`${path}.new`, path);
  expect(await bytesRead(cache, [path])).toBe(7);
});

test('a file as young as the clock can tell is not trusted', async () => {
  const cache = temporaryFolder();
  const path = model();
  const now = Number(statSync(path, { bigint: true }).ctimeNs / 1_000_000n);
  expect(await bytesRead(cache, [path], () => now)).toBe(7);
  expect(await bytesRead(cache, [path], () => now)).toBe(7);
});

test('whole seconds make a wider berth than nanoseconds', () => {
  const at = (ctime: bigint) => ({ ...identityOf(statSync('.', { bigint: true })), ctime: String(ctime) });
  expect(isRacy(at(1_000_000_000_500_000_001n), 1_000_000_000_700 / 1)).toBe(false);
  expect(isRacy(at(1_000_000_000_500_000_001n), 1_000_000_000_550)).toBe(true);
  expect(isRacy(at(1_000_000_000_000_000_000n), 1_000_000_001_500)).toBe(true);
  expect(isRacy(at(1_000_000_000_000_000_000n), 1_000_000_002_500)).toBe(false);
});

test('damaged and foreign lines are skipped', async () => {
  const cache = temporaryFolder();
  const path = model();
  await bytesRead(cache, [path]);
  appendFileSync(join(cache, 'model-hashes.jsonl'), '{"path":"/x","size":1\nnull\n{"path":1}\n\u0000\n');
  expect(await bytesRead(cache, [path])).toBe(0);
});

test('after a line that a crash cut short, the next is still read', async () => {
  const cache = temporaryFolder();
  writeFileSync(join(cache, 'model-hashes.jsonl'), '{"path":"/x","si');
  const path = model();
  await bytesRead(cache, [path]);
  expect(await bytesRead(cache, [path])).toBe(0);
});

test('stale lines are dropped, those that count are not', async () => {
  const cache = temporaryFolder();
  const path = model();
  const hashed = await hashFile(path, { signal });
  const { identity } = hashed;
  const opened = await openHashCache(cache);
  for (let at = 0; at < 1100; at++) {
    await opened.remember('/gone', { ...hashed, identity: { ...identity, inode: String(at) } }, later());
  }
  await opened.remember(path, hashed, later());
  expect((await openHashCache(cache)).lookup(path, identity)).toMatchObject({ digest: hashed.digest });
  expect(readFileSync(join(cache, 'model-hashes.jsonl'), 'utf8').trim().split(/\n+/)).toHaveLength(2);
});

test('a cache that cannot be written costs time, not the answer', async () => {
  const path = model();
  const file = model();
  expect(await bytesRead(join(file, 'not-a-folder'), [path])).toBe(7);
});

test('processes that write at once leave a cache with every entry', async () => {
  const cache = temporaryFolder();
  const identity = { size: 1, mtime: '1', ctime: '1', inode: '1', device: '1' };
  const program = await bundleScript(`
    import { openHashCache } from './src/models/hash-cache.ts';
    const cache = await openHashCache(process.argv[2]);
    const hashed = { digest: 'sha256:' + '0'.repeat(64), size: 1, identity: ${JSON.stringify(identity)} };
    for (let at = 0; at < 200; at++) {
      await cache.remember(process.argv[3] + at + 'x'.repeat(300), hashed, Date.now());
    }`);
  const names = ['/a', '/b', '/c'];
  await Promise.all(names.map((name) => promisify(execFile)(process.execPath, [program, cache, name])));
  const opened = await openHashCache(cache);
  const lost = names.flatMap((name) =>
    Array.from({ length: 200 }, (_, at) => `${name}${at}${'x'.repeat(300)}`).filter(
      (path) => opened.lookup(path, identity) === undefined,
    ),
  );
  expect(lost).toEqual([]);
});

test('Ctrl-C keeps what was finished', async () => {
  const cache = temporaryFolder();
  const small = model('small');
  const large = join(temporaryFolder(), 'large.bin');
  writeFileSync(large, Buffer.alloc(6 * 1024 * 1024));
  const stop = new AbortController();
  const stopping: Talk = { ...talk, progress: (step) => void ((step?.done ?? 0) > 2_000_000 && stop.abort()) };
  const work = hashModels([large, small], { ...(await options(cache)), talk: stopping, signal: stop.signal });
  await expect(work).rejects.toMatchObject({ code: 'interrupted' });
  expect(await bytesRead(cache, [small])).toBe(0);
});

test('what there is no time for is left, with its size', async () => {
  const path = model();
  const done = await hashModels([path], { ...(await options(temporaryFolder())), budgetMs: 0 });
  expect(done.get(path)).toEqual({ size: 7 });
});

test('a file that is still being written is told of and left, the others are hashed', async () => {
  const [growing, whole] = [join(temporaryFolder(), 'download.bin'), model()];
  writeFileSync(growing, Buffer.alloc(3 * 1024 * 1024));
  const said: string[] = [];
  const progress: Talk['progress'] = (step) => {
    if ((step?.done ?? 0) > 7) appendFileSync(growing, 'more');
  };
  const talking = { ...talk, progress, say: (line: string) => said.push(line) };
  const done = await hashModels([growing, whole], { ...(await options(temporaryFolder())), talk: talking });
  expect(done.get(growing)).toEqual({ size: 3 * 1024 * 1024, problem: expect.stringContaining('changed') });
  expect(done.get(whole)).toHaveProperty('digest');
  expect(said).toHaveLength(1);
});

test('the quick sample of a large file stays known when the file has another name, and another content', async () => {
  const cache = temporaryFolder();
  const path = join(temporaryFolder(), 'large.bin');
  writeFileSync(path, Buffer.alloc(5 * 1024 * 1024, 1));
  const sample = await quickSample(path);
  const first = (await hashModels([path], await options(cache))).get(path) as { digest: `sha256:${string}` };
  expect(first).not.toHaveProperty('sample');
  writeFileSync(path, Buffer.alloc(5 * 1024 * 1024, 2));
  await hashModels([path], await options(cache));
  const opened = await openHashCache(cache);
  expect(opened.sampleOf(first.digest)).toBe(sample);
  expect(opened.sampleOf(`sha256:${'0'.repeat(64)}`)).toBeUndefined();
});
