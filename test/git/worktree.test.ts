import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gitFailed } from '../../src/git/exec.js';
import { withTemporaryWorktree } from '../../src/git/worktree.js';
import { makeRepository, type TestRepository } from '../support/git.js';
import { bundleScript } from '../support/script.js';

const state = (made: TestRepository) => [
  made.git('status', '--porcelain=v2', '--branch'),
  made.git('worktree', 'list', '--porcelain'),
  made.git('for-each-ref'),
];

function prepared() {
  const made = makeRepository();
  const old = made.commit({ 'a.json': 'old', '.gitattributes': '*.json filter=comfy\n' });
  made.commit({ 'a.json': 'new' });
  made.git('config', 'filter.comfy.clean', 'cat');
  made.git('config', 'filter.comfy.smudge', 'false');
  made.git('config', 'filter.comfy.required', 'true');
  made.write('.git/hooks/post-checkout', '#!/bin/sh\ntouch "$(git rev-parse --git-common-dir)/hook-ran"\n');
  made.write('unstaged', 'unstaged');
  return { made, old };
}

test('the commit is checked out beside, as it is, without filter and hooks, and goes away', async () => {
  const { made, old } = prepared();
  const before = state(made);
  const seen = await withTemporaryWorktree(await made.open(), old, async (path) => [
    path,
    readFileSync(join(path, 'a.json'), 'utf8'),
  ]);
  expect(seen[1]).toBe('old');
  expect(existsSync(seen[0] ?? '')).toBe(false);
  expect(existsSync(join(made.path, '.git/hook-ran'))).toBe(false);
  expect(state(made)).toEqual(before);
});

test('it goes away after an error too', async () => {
  const { made, old } = prepared();
  const before = state(made);
  const failing = withTemporaryWorktree(await made.open(), old, () => Promise.reject(new Error('of the user')));
  await expect(failing).rejects.toThrow('of the user');
  expect(state(made)).toEqual(before);
});

test('a commit that is not there is an error, and leaves nothing', async () => {
  const { made } = prepared();
  const before = state(made);
  await expect(withTemporaryWorktree(await made.open(), 'nowhere', async () => 0)).rejects.toThrow('nowhere');
  expect(state(made)).toEqual(before);
});

const waiting = `
import { openRepository } from './src/git/repository.ts';
import { withTemporaryWorktree } from './src/git/worktree.ts';
const stop = new AbortController();
process.on('SIGINT', () => stop.abort());
const alive = setInterval(() => {}, 1000);
try {
  await withTemporaryWorktree(await openRepository(process.cwd()), process.argv[2], (path) => new Promise((_, no) => {
    stop.signal.addEventListener('abort', () => no(new Error('stopped')));
    process.stdout.write(path);
  }), stop.signal);
} catch { clearInterval(alive); process.exitCode = 130; }
`;

test('it goes away after Ctrl-C', async () => {
  const { made, old } = prepared();
  const before = state(made);
  const running = spawn(process.execPath, [await bundleScript(waiting), old], { cwd: made.path });
  const path = await new Promise<string>((done) => running.stdout.once('data', (data) => done(String(data))));
  expect(existsSync(path)).toBe(true);
  running.kill('SIGINT');
  expect(await new Promise((done) => running.once('exit', done))).toBe(130);
  expect(existsSync(path)).toBe(false);
  expect(state(made)).toEqual(before);
});

test('where git says that the disk is full, that is what to mend', () => {
  const stderr = "fatal: could not write to '.git/worktrees/tree/locked': No space left on device\n";
  const failed = gitFailed(['worktree', 'add'], { code: 128, stdout: Buffer.of(), stderr });
  expect(failed).toMatchObject({ code: 'git-failed', hint: expect.stringContaining('make room') });
});
