// Ctrl-C while git writes for us: no half of anything, and the same command finishes the work later.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../support/build.js';
import { repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { writeOutputs } from '../support/outputs.js';
import { gitThatHangsAt, interrupt, journalOf, leftovers, senders, start, until } from '../support/processes.js';
import { contentOf, readyRepository } from '../support/refusal.js';
import { smallWorkflow } from '../support/workflow.js';

/** A clone of a repository that has lineage, with a remote that has it. */
async function cloneWithLineage(): Promise<TestRepository> {
  const origin = await readyRepository();
  await runProgram(origin.path, ['record', ...writeOutputs(origin, 1)]);
  const path = join(temporaryFolder(), 'clone');
  execFileSync('git', ['clone', '--quiet', origin.path, path], { stdio: 'ignore' });
  return repositoryAt(path);
}

test('record of a folder: what was read waits in the journal, and nothing is twice afterwards', async () => {
  const repository = await readyRepository();
  const files = writeOutputs(repository, 30);
  const git = gitThatHangsAt('fast-import');
  const running = start(repository.path, ['record', ...files], git.env);
  await git.reached();
  await interrupt(running);
  expect(leftovers(repository)).toEqual([]);
  const again = await runProgram(repository.path, ['record', ...files, '--json']);
  expect(again.code, again.stderr).toBe(0);
  const lines = repository.git('notes', '--ref', 'comfy', 'show', 'HEAD').split('\n').filter(Boolean);
  expect(lines).toHaveLength(30);
  expect(journalOf(repository)).toEqual([]);
});

test.each(['fetch', 'push', 'fast-import'])('sync, at %s', async (words) => {
  const repository = await cloneWithLineage();
  await runProgram(repository.path, ['init']);
  await runProgram(repository.path, ['record', ...writeOutputs(repository, 3)]);
  repository.git('notes', '--ref', 'comfy', 'append', '-m', '{"record":1}', 'HEAD');
  const before = contentOf(repository.path);
  const git = gitThatHangsAt(words);
  const running = start(repository.path, ['sync'], git.env);
  await git.reached();
  await interrupt(running);
  expect(leftovers(repository)).toEqual([]);
  if (words === 'fetch') expect(contentOf(repository.path)).toEqual(before);
  expect(await runProgram(repository.path, ['sync'])).toMatchObject({ code: 0 });
});

test.each(['fetch', 'config'])('init, at %s: the next one finishes it', async (words) => {
  const repository = await cloneWithLineage();
  const git = gitThatHangsAt(words);
  const running = start(repository.path, ['init'], git.env);
  await git.reached();
  await interrupt(running);
  expect(leftovers(repository)).toEqual([]);
  expect(await runProgram(repository.path, ['init'])).toMatchObject({ code: 0 });
  expect((await runProgram(repository.path, ['init', '--json'])).stdout).toContain('"steps":[]');
});

test('commit, in a hook: lock and index are as they were', async () => {
  const repository = await readyRepository();
  await runProgram(repository.path, ['lock']);
  repository.git('add', 'comfy.lock');
  repository.git('commit', '--quiet', '--no-verify', '-m', 'lock');
  repository.write('workflows/more.json', smallWorkflow({ steps: 21 }));
  repository.git('add', '.');
  const mark = join(temporaryFolder(), 'reached');
  writeFileSync(join(repository.path, '.git/hooks/commit-msg'), `#!/bin/sh\n: >'${mark}'; exec tail -f /dev/null\n`);
  chmodSync(join(repository.path, '.git/hooks/commit-msg'), 0o755);
  const [lock, index] = [repository.read('comfy.lock'), repository.git('ls-files', '-s')];
  const running = start(repository.path, ['commit', '-m', 'more']);
  await until(() => existsSync(mark));
  await interrupt(running);
  expect(repository.read('comfy.lock')).toBe(lock);
  expect(repository.git('ls-files', '-s')).toBe(index);
  expect(leftovers(repository)).toEqual([]);
});

describe.each(senders)('Ctrl-C from %s', (sender) => {
  test('demo', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'git-comfy-demo-test-'));
    const folder = join(temporaryFolder(), 'demo');
    const running = start(temporaryFolder(), ['demo', folder], { TMPDIR: temporary });
    await until(() => running.out().includes('$ git comfy run'));
    await interrupt(running, sender);
    expect(readdirSync(temporary)).toEqual([]);
    expect(existsSync(folder)).toBe(true);
  });
});
