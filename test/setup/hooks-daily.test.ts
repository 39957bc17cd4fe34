// Our hooks and filter in what people do with git every day.
import { spawnSync } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { runProgram } from '../support/build.js';
import type { TestRepository } from '../support/git.js';
import { makeRepository } from '../support/git.js';
import { smallWorkflow } from '../support/workflow.js';

const path = 'workflows/small.json';
let repository: TestRepository;

/** Runs git with something typed into it. */
function git(args: string[], typed = '') {
  const done = spawnSync('git', args, { cwd: repository.path, encoding: 'utf8', input: typed });
  return { code: done.status, text: done.stdout + done.stderr };
}

async function firstCommit(): Promise<void> {
  repository.write(path, smallWorkflow());
  await runProgram(repository.path, ['init']);
  repository.git('add', '.');
  const { code, stderr } = await runProgram(repository.path, ['commit', '-m', 'first']);
  expect(code, stderr).toBe(0);
}

beforeEach(() => {
  repository = makeRepository();
});

test('git add -p stages one value of a workflow, and that alone is committed', async () => {
  await firstCommit();
  repository.write(path, smallWorkflow({ steps: 44 }).replace('[7,', '[99,'));
  expect(git(['add', '-p'], 's\ny\nn\n').code).toBe(0);
  expect(git(['commit', '-m', 'one value']).code).toBe(0);
  const committed = repository.git('show', `HEAD:${path}`);
  expect(committed).toMatch(/99,\s+"fixed",\s+20/);
  expect((await runProgram(repository.path, ['diff'])).stdout).toBe(`${path}\n  KSampler #2: steps 20 -> 44\n`);
});

test('git commit --amend passes the hook, and takes lineage along', async () => {
  await firstCommit();
  repository.git('notes', '--ref', 'comfy', 'add', '-m', 'a line', 'HEAD');
  expect(git(['commit', '--amend', '-m', 'better words']).code).toBe(0);
  expect(repository.git('notes', '--ref', 'comfy', 'show', 'HEAD')).toBe('a line');
  expect(repository.git('status', '--porcelain')).toBe('');
});

test('git comfy commit does the work of the post-commit hook itself; git commit has the hook do it', async () => {
  await firstCommit();
  const launcher = repository.read('.git/comfy/run');
  repository.write('.git/comfy/run', launcher.replace('\n', '\necho "$*" >> .git/started\n'));
  const started = async (commit: () => unknown, steps: number) => {
    repository.write('.git/started', '');
    repository.write(path, smallWorkflow({ steps }));
    await commit();
    expect(repository.git('status', '--porcelain')).toBe('');
    return repository.read('.git/started').match(/(?<=^hook ).*/gm);
  };
  expect(await started(() => runProgram(repository.path, ['commit', '-am', 'one']), 31)).toEqual(['pre-commit']);
  expect(await started(() => git(['commit', '-am', 'two']), 32)).toEqual(['pre-commit', 'post-commit']);
  // Of another repository, whose hook commits here too.
  const elsewhere = () =>
    spawnSync('git', ['commit', '-qam', 'three'], {
      cwd: repository.path,
      env: { ...process.env, GIT_COMFY_COMMIT: join(repository.path, path) },
    });
  expect(await started(elsewhere, 33)).toEqual(['pre-commit', 'post-commit']);
});

test('git stash keeps an edit, and gives it back with its layout', async () => {
  await firstCommit();
  repository.write(path, smallWorkflow({ steps: 30, x: 777 }));
  expect(git(['stash']).code).toBe(0);
  expect(repository.git('status', '--porcelain')).toBe('');
  expect(repository.read(path)).toContain('10');
  expect(git(['stash', 'pop']).code).toBe(0);
  expect((await runProgram(repository.path, ['diff'])).stdout).toContain('steps 20 -> 30');
  expect(repository.read(path)).toContain('777');
});

test('a pre-commit framework that stashes what is not staged (lint-staged) loses nothing', async () => {
  await firstCommit();
  repository.write('.git/hooks/pre-commit', `#!/bin/sh\ngit stash --quiet --keep-index && git stash pop --quiet\n`);
  chmodSync(join(repository.path, '.git/hooks/pre-commit'), 0o755);
  await runProgram(repository.path, ['init']);
  repository.write(path, smallWorkflow({ steps: 30 }));
  repository.write('other.txt', 'staged');
  repository.git('add', 'other.txt');
  expect(git(['commit', '-m', 'other']).code).toBe(0);
  expect(repository.git('show', '--name-only', '--format=', 'HEAD')).toBe('other.txt');
  expect((await runProgram(repository.path, ['diff'])).stdout).toContain('steps 20 -> 30');
});

test('with husky our lines go into its hook, which has no bit to be run and no first line', async () => {
  repository.git('config', 'core.hooksPath', '.husky/_');
  const runner = '#!/bin/sh\ns=$(dirname "$(dirname "$0")")/$(basename "$0")\n[ ! -f "$s" ] || sh -e "$s" "$@"\n';
  for (const name of ['pre-commit', 'post-commit']) {
    repository.write(`.husky/_/${name}`, runner);
    chmodSync(join(repository.path, `.husky/_/${name}`), 0o755);
  }
  repository.write('.husky/_/.gitignore', '*');
  repository.write('.husky/pre-commit', 'echo lint-staged >> ran\n');
  const mode = statSync(join(repository.path, '.husky/pre-commit')).mode;
  await firstCommit();
  expect(repository.read('ran')).toBe('lint-staged\n');
  repository.write('.git/raw.json', smallWorkflow({ steps: 5 }));
  const blob = repository.git('hash-object', '-w', '--no-filters', '.git/raw.json');
  repository.git('update-index', '--add', '--cacheinfo', `100644,${blob},workflows/raw.json`);
  const refused = git(['commit', '-m', 'raw']);
  expect(refused).toMatchObject({ code: 1, text: expect.stringContaining('workflows/raw.json is not in normal form') });
  await runProgram(repository.path, ['deinit']);
  expect(repository.read('.husky/pre-commit')).toBe('echo lint-staged >> ran\n');
  expect(statSync(join(repository.path, '.husky/pre-commit')).mode).toBe(mode);
});
