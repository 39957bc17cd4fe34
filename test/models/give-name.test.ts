import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { renameInto } from '../../src/files/take-name.js';
import { copyModel } from '../../src/models/copy-model.js';
import { giveName } from '../../src/models/give-name.js';
import { linkModel } from '../../src/reproduce/provide/link-model.js';
import { temporaryFolder } from '../support/git.js';

const signal = new AbortController().signal;
const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}` as const;

test('a name that cannot be given leaves no folder behind, and folders that were there stay', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'there'));
  await expect(giveName(join(folder, 'nothing'), join(folder, 'there/a/b/c.safetensors'))).rejects.toThrow();
  expect(readdirSync(folder, { recursive: true })).toEqual(['there']);
});

test('where there are no links a name is given by renaming, and never taken from a file that has it', async () => {
  const folder = temporaryFolder();
  const [from, to] = [join(folder, 'part'), join(folder, 'model')];
  writeFileSync(from, 'new');
  await renameInto(from, to);
  expect(readFileSync(to, 'utf8')).toBe('new');
  writeFileSync(from, 'other');
  await expect(renameInto(from, to)).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(renameInto(join(folder, 'nothing'), join(folder, 'free'))).rejects.toThrow();
  expect(readdirSync(folder).sort()).toEqual(['model', 'part']);
  expect(readFileSync(to, 'utf8')).toBe('new');
});

test('a copy gets its name when its content is right', async () => {
  const folder = temporaryFolder();
  const [from, to] = [join(folder, 'a'), join(folder, 'b')];
  writeFileSync(from, 'weights');
  await copyModel({ from, to, folder, digest: digestOf('weights') }, signal);
  expect(readFileSync(to, 'utf8')).toBe('weights');
  expect(statSync(to).ino).not.toBe(statSync(from).ino);
  const wrong = copyModel({ from, to: join(folder, 'c'), folder, digest: digestOf('other') }, signal);
  await expect(wrong).rejects.toMatchObject({ code: 'file-changed' });
  const taken = copyModel({ from, to, folder, digest: digestOf('weights') }, signal);
  await expect(taken).rejects.toMatchObject({ code: 'name-taken' });
  expect(
    readdirSync(folder)
      .filter((name) => !name.endsWith('.part'))
      .sort(),
  ).toEqual(['a', 'b']);
});

/** Another file system, where this machine has one at hand. */
const elsewhere = '/dev/shm';
const isElsewhere = existsSync(elsewhere) && statSync(elsewhere).dev !== statSync(temporaryParent()).dev;

function temporaryParent(): string {
  return process.env['TMPDIR'] ?? '/tmp';
}

test.skipIf(!isElsewhere)('a model on another disk gets a symbolic link', async () => {
  const folder = temporaryFolder();
  const other = mkdtempSync(join(elsewhere, 'git-comfy-'));
  onTestFinished(() => rmSync(other, { recursive: true }));
  const [from, to] = [join(other, 'a'), join(folder, 'sub/b')];
  writeFileSync(from, 'weights');
  const step = {
    kind: 'link',
    key: 'loras/b',
    name: 'loras/b',
    from,
    to,
    folder,
    digest: digestOf('weights'),
    size: 7,
  } as const;
  expect(await linkModel(step, { copy: false, signal })).toBe('symbolic link');
  expect(lstatSync(to).isSymbolicLink()).toBe(true);
  expect(readFileSync(to, 'utf8')).toBe('weights');
  await expect(linkModel(step, { copy: true, signal })).rejects.toMatchObject({ code: 'name-taken' });
});
