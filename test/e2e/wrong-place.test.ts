// The built program where there is nothing to work on: no repository, no work tree, no commit.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../support/build.js';
import { makeRepository, type TestRepository, temporaryFolder } from '../support/git.js';
import { readyRepository, refused } from '../support/refusal.js';
import { simulated } from '../support/simulated.js';
import { smallWorkflow } from '../support/workflow.js';

const needWorkTree: readonly string[][] = [
  ['init'],
  ['deinit'],
  ['doctor'],
  ['status'],
  ['diff'],
  ['commit', '-m', 'x'],
  ['refresh'],
  ['lock'],
  ['check'],
  ['verify'],
  ['run', 'workflows/small.json'],
  ['reproduce', 'picture.png'],
];

describe('no git repository', () => {
  test.each([...needWorkTree, ['log'], ['record', 'picture.png'], ['sync']])('%s', async (...words) => {
    const { stderr } = await refused(temporaryFolder(), words);
    expect(stderr).toContain('this folder is in no git repository\n  go into one, or make one here: git init');
  });
});

describe('a bare repository', () => {
  test.each(needWorkTree)('%s', async (...words) => {
    const folder = temporaryFolder();
    execFileSync('git', ['init', '--quiet', '--bare'], { cwd: folder });
    const { stderr } = await refused(folder, words);
    expect(stderr).toContain('no work tree');
  });

  test('log and sync do without a work tree', async () => {
    const origin = temporaryFolder();
    execFileSync('git', ['init', '--quiet', '--bare'], { cwd: origin });
    const { path } = await readyRepository();
    const bare = join(temporaryFolder(), 'bare.git');
    execFileSync('git', ['clone', '--quiet', '--bare', path, bare]);
    execFileSync('git', ['remote', 'set-url', 'origin', origin], { cwd: bare });
    expect((await runProgram(bare, ['log'])).stdout).toContain('first');
    expect(await runProgram(bare, ['sync'])).toMatchObject({ code: 0 });
  });
});

describe('no commit yet', () => {
  const withoutCommit = async (): Promise<TestRepository> => {
    const repository = makeRepository();
    repository.write('workflows/small.json', smallWorkflow());
    await runProgram(repository.path, ['init']);
    return repository;
  };

  test.each([['log'], ['diff', 'HEAD'], ['show', 'HEAD'], ['reproduce', 'HEAD'], ['verify', 'HEAD']])(
    '%s %s',
    async (...words) => {
      const { path } = await withoutCommit();
      const { url } = await simulated();
      const { stderr } = await refused(path, words, { env: { GIT_COMFY_SERVER: url } });
      expect(stderr).toContain('this repository has no commit yet\n  make the first one: git comfy commit -m');
    },
  );

  test.each(['status', 'check', 'diff', 'lock', 'doctor'])('%s works all the same', async (name) => {
    const { path } = await withoutCommit();
    const { code, stderr } = await runProgram(path, [name]);
    expect(code, stderr).toBeLessThan(2);
  });
});

test.each(['status', 'check', 'commit', 'init'])('inside .git: %s', async (name) => {
  const { path } = await readyRepository();
  const { stderr } = await refused(join(path, '.git'), [name], { top: path });
  expect(stderr).toContain('belongs to git itself');
});

describe('a repository that is not set up', () => {
  test.each(['status', 'check', 'lock'])('%s says so', async (name) => {
    const repository = makeRepository();
    repository.commit({ 'workflows/small.json': smallWorkflow() });
    const { stdout } = await runProgram(repository.path, [name]);
    expect(stdout).toContain('no workflow is tracked here: git comfy init finds them');
  });

  test('deinit has nothing to take out', async () => {
    const { path } = makeRepository();
    expect((await runProgram(path, ['deinit'])).stdout).toBe('nothing of git comfy is here\n');
    expect((await runProgram(path, ['deinit', '--purge'])).stdout).toBe('nothing of git comfy is here\n');
  });
});

test('a linked work tree, a path with spaces and a sub-folder are no obstacle', async () => {
  const repository = await readyRepository();
  const other = join(temporaryFolder(), 'second tree');
  repository.git('worktree', 'add', '--quiet', '-b', 'second', other);
  for (const name of ['status', 'log', 'check', 'diff', 'lock', 'doctor']) {
    const { code, stderr } = await runProgram(join(other, 'workflows'), [name]);
    expect(code, `${name}: ${stderr}`).toBeLessThan(2);
  }
  expect(readFileSync(join(other, 'comfy.lock'), 'utf8')).toContain('workflows/small.json');
});
