import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Talk } from '../../src/context.js';
import { tidyLines } from '../../src/models/cache-file.js';
import { type CachePolicy, openHashCache } from '../../src/models/hash-cache.js';
import { hashModels } from '../../src/models/hash-models.js';
import { hasLooseInodes } from '../../src/models/loose-inodes.js';
import { temporaryFolder } from '../support/git.js';
import { bundleScript } from '../support/script.js';

const size = 5 * 1024 * 1024;
const hour = 3_600_000;
const signal = new AbortController().signal;
const sha256 = (path: string) => `sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}`;

interface Look {
  readonly policy?: CachePolicy;
  readonly loose?: boolean;
  readonly now?: number;
}

/** What a look at a file says, and how many bytes of it were hashed for that. */
async function look(
  cacheFolder: string,
  path: string,
  { policy = {}, loose = false, now = Date.now() + hour }: Look = {},
) {
  let read = 0;
  const progress: Talk['progress'] = (step) => {
    read = Math.max(read, step?.done ?? 0);
  };
  const talk: Talk = { say: () => {}, progress, confirm: async () => false };
  const cache = (await openHashCache(cacheFolder)).trusting(policy);
  const options = { cache, signal, talk, now: () => now, isLoose: async () => loose };
  return { found: (await hashModels([path], options)).get(path), read };
}

function model(fill = 'weights'): string {
  const path = join(temporaryFolder(), 'model.bin');
  writeFileSync(path, Buffer.alloc(size, fill));
  utimesSync(path, 1_700_000_000, 1_700_000_000);
  return path;
}

/** Changes lines of the cache, as a new mount changes what they say of a file. */
function rewriteLines(folder: string, change: (line: Record<string, unknown>) => void): void {
  const file = join(folder, 'model-hashes.jsonl');
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text));
  for (const line of lines) change(line);
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** A byte in the middle, where no sample looks; size and time of change stay. */
function damage(path: string): void {
  const file = openSync(path, 'r+');
  writeSync(file, 'X', size / 2);
  closeSync(file);
  utimesSync(path, 1_700_000_000, 1_700_000_000);
}

test('another device number alone costs a sample, not a reading, and the next look not even that', async () => {
  const [cache, path] = [temporaryFolder(), model()];
  await look(cache, path);
  rewriteLines(cache, (line) => Object.assign(line, { device: '1' }));
  expect(await look(cache, path)).toMatchObject({ found: { digest: sha256(path) }, read: 0 });
  expect(readFileSync(join(cache, 'model-hashes.jsonl'), 'utf8')).toContain(`"device":"${statSync(path).dev}"`);
});

test('other inodes count where they are stable, and on a network are settled by a sample', async () => {
  const [cache, path] = [temporaryFolder(), model()];
  await look(cache, path);
  rewriteLines(cache, (line) => Object.assign(line, { inode: '1', ctime: '1' }));
  expect(await look(cache, path, { loose: true })).toMatchObject({ found: { digest: sha256(path) }, read: 0 });
  rewriteLines(cache, (line) => Object.assign(line, { inode: '1', ctime: '1' }));
  expect(await look(cache, path)).toMatchObject({ read: size });
});

test('on a network too, another head, size or time is another file', async () => {
  const [cache, path] = [temporaryFolder(), model()];
  const loose = { loose: true };
  await look(cache, path);
  writeFileSync(path, Buffer.alloc(size, 'others'));
  utimesSync(path, 1_700_000_000, 1_700_000_000);
  expect(await look(cache, path, loose)).toMatchObject({ found: { digest: sha256(path) }, read: size });
  utimesSync(path, 1_700_000_000, 1_700_000_001);
  expect(await look(cache, path, loose)).toMatchObject({ read: size });
  truncateSync(path, size - 1);
  expect(await look(cache, path, loose)).toMatchObject({ read: size - 1 });
});

test.each([
  [{ since: Date.now() + 2 * hour }, size],
  [{ since: Date.now() }, 0],
])('what was read before a moment does not count after it', async (policy, bytes) => {
  const [cache, path] = [temporaryFolder(), model()];
  await look(cache, path);
  expect((await look(cache, path, { policy })).read).toBe(bytes);
});

test('a content that changed without a sign of it is told of until the file is another', async () => {
  const [cache, path] = [temporaryFolder(), model()];
  const before = sha256(path);
  await look(cache, path);
  damage(path);
  rewriteLines(cache, (line) => Object.assign(line, { ctime: String(statSync(path, { bigint: true }).ctimeNs) }));
  for (const hours of [2, 3]) {
    const now = Date.now() + hours * hour;
    await look(cache, path, { policy: { since: now }, now });
    const info = statSync(path, { bigint: true });
    const identity = {
      size,
      mtime: String(info.mtimeNs),
      ctime: String(info.ctimeNs),
      inode: String(info.ino),
      device: String(info.dev),
    };
    expect((await openHashCache(cache)).lookup(path, identity)).toMatchObject({ digest: sha256(path), before });
  }
});

test('trusted by sample: no digest is claimed, and it is read whole without that trust', async () => {
  const [cache, path] = [temporaryFolder(), model()];
  await look(cache, path);
  const copy = join(temporaryFolder(), 'copy.bin');
  copyFileSync(path, copy);
  damage(copy);
  const bySample = { policy: { bySample: true } } as const;
  expect(await look(cache, copy, bySample)).toEqual({ found: { size, alike: [sha256(path)] }, read: 0 });
  expect(await look(cache, copy)).toMatchObject({ found: { digest: sha256(copy) }, read: size });
  expect(await look(cache, model('nobody knows'), bySample)).toMatchObject({ read: size });
});

test('lines that another process set aside and could not put back are read', async () => {
  const [cache, path] = [temporaryFolder(), model()];
  await look(cache, path);
  const file = join(cache, 'model-hashes.jsonl');
  copyFileSync(file, `${file}.0123.aside`);
  truncateSync(file, 0);
  expect((await look(cache, path)).read).toBe(0);
  await tidyLines(file);
  expect(readdirSync(cache)).toEqual(['model-hashes.jsonl']);
  expect((await look(cache, path)).read).toBe(0);
});

test('processes that append while others tidy up lose no line', async () => {
  const folder = temporaryFolder();
  const identity = { size: 1, mtime: '1', ctime: '1', inode: '1', device: '1' };
  const program = await bundleScript(`
    import { openHashCache } from './src/models/hash-cache.ts';
    import { tidyLines } from './src/models/cache-file.ts';
    const [folder, name] = process.argv.slice(2);
    const cache = await openHashCache(folder);
    const hashed = { digest: 'sha256:' + '0'.repeat(64), size: 1, identity: ${JSON.stringify(identity)} };
    for (let at = 0; at < 150; at++) {
      await cache.remember(name + at, hashed, Date.now());
      if (at % 3 !== 0) await tidyLines(folder + '/model-hashes.jsonl').catch(() => {});
    }`);
  const names = ['/a', '/b', '/c'];
  await Promise.all(names.map((name) => promisify(execFile)(process.execPath, [program, folder, name])));
  const opened = await openHashCache(folder);
  const paths = names.flatMap((name) => Array.from({ length: 150 }, (_, at) => `${name}${at}`));
  expect(paths.filter((path) => opened.lookup(path, identity) === undefined)).toEqual([]);
});

test('which file systems are known for loose inodes', async () => {
  expect(await hasLooseInodes('\\\\server\\share\\model.bin', 'win32')).toBe(true);
  expect(await hasLooseInodes('C:\\models\\model.bin', 'win32')).toBe(false);
  expect(await hasLooseInodes('/proc/self/stat', 'linux')).toBe(false);
  expect(await hasLooseInodes('/gone', 'linux')).toBe(false);
});
