import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ownerName } from '../../src/files/alive.js';
import { writeFileAtomic, writeNewFile } from '../../src/files/atomic.js';
import { removeTemporariesOf } from '../../src/files/temporary.js';
import { temporaryFolder } from '../support/git.js';

test('a file is replaced, folders are made, and nothing else is left', async () => {
  const folder = temporaryFolder();
  await writeFileAtomic(join(folder, 'a/b.txt'), 'first');
  await writeFileAtomic(join(folder, 'a/b.txt'), 'second');
  expect(readFileSync(join(folder, 'a/b.txt'), 'utf8')).toBe('second');
  expect(readdirSync(join(folder, 'a'))).toEqual(['b.txt']);
});

test.skipIf(process.platform === 'win32')('a pipe stays a pipe and is written to', async () => {
  const pipe = join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = spawn('cat', [pipe]);
  const [text] = await Promise.all([once(reader.stdout, 'data'), writeFileAtomic(pipe, 'through')]);
  expect(String(text)).toBe('through');
  expect(lstatSync(pipe).isFIFO()).toBe(true);
  await writeFileAtomic('/dev/null', 'away');
  expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
});

test.skipIf(!existsSync('/dev/shm'))('a folder below /dev is one like any other', async () => {
  const folder = mkdtempSync('/dev/shm/git-comfy-test-');
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await writeFileAtomic(join(folder, 'a/b.txt'), 'first');
  expect(readFileSync(join(folder, 'a/b.txt'), 'utf8')).toBe('first');
});

test('what is in the way of a folder is told, and stays', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), 'mine');
  await expect(writeFileAtomic(join(folder, 'file/below'), 'x')).rejects.toThrow();
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('mine');
});

test('a new file has its name only with all that is in it, and takes none from another', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'a/b.png');
  const bytes = Buffer.alloc(20_000_000, 'pixels ');
  const sizes = new Set<number | undefined>();
  const look = setInterval(() => sizes.add(statSync(path, { throwIfNoEntry: false })?.size), 0);
  onTestFinished(() => clearInterval(look));
  await writeNewFile(path, bytes);
  expect([...sizes].filter((size) => size !== undefined && size !== bytes.length)).toEqual([]);
  await expect(writeNewFile(path, 'other')).rejects.toMatchObject({ code: 'EEXIST' });
  expect(statSync(path).size).toBe(bytes.length);
  expect(readdirSync(join(folder, 'a'))).toEqual(['b.png']);
});

test('a name may be as long as the system takes', async () => {
  const folder = temporaryFolder();
  const name = `${'x'.repeat(251)}.png`;
  await writeNewFile(join(folder, name), 'pixels');
  await writeFileAtomic(join(folder, name), 'others');
  expect(readdirSync(folder)).toEqual([name]);
});

test('what was killed while it wrote a file has left a temporary one, which goes away; those of others stay', async () => {
  const folder = temporaryFolder();
  const nobody = ownerName.replace(/-\d+$/, '-999999999');
  const stay = [
    `a.lock.${ownerName}.0123abcd.tmp`,
    'a.lock.ffffffff-1.0123abcd.tmp',
    `b.lock.${nobody}.0123abcd.tmp`,
    'a.lock.tmp',
  ];
  for (const name of [...stay, `a.lock.${nobody}.0123abcd.tmp`]) writeFileSync(join(folder, name), '');
  await removeTemporariesOf(join(folder, 'a.lock'));
  expect(readdirSync(folder).sort()).toEqual(stay.sort());
});
