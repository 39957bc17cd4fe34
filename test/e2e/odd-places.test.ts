// The built program where names and repositories are unusual, as people have them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Ran, runProgram } from '../support/build.js';
import { makeRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { readyRepository, refused } from '../support/refusal.js';
import { smallWorkflow } from '../support/workflow.js';

const names = [
  'a b.json',
  `quo"te's.json`,
  'new\nline.json',
  '-dash.json',
  'ümläut 日本.json',
  '[a]*?.json',
  ':colon.json',
];

/** Everything that a person does in a day; each has to work. */
async function oneDay(
  repository: TestRepository,
  cwd = repository.path,
  env: Record<string, string> = {},
): Promise<Ran> {
  const type = async (...words: string[]) => {
    const ran = await runProgram(cwd, words, env);
    expect(ran.code, `git comfy ${words.join(' ')}: ${ran.stderr}`).toBe(0);
    return ran;
  };
  await type('init');
  repository.git('add', '.');
  await type('commit', '-m', 'first');
  for (const path of repository
    .git('-c', 'core.quotePath=false', 'ls-files', '-z', '*.json')
    .split('\0')
    .filter(Boolean)) {
    repository.write(path, smallWorkflow({ steps: 30, x: 900 }));
  }
  expect((await type('diff')).stdout).toContain('steps 20 -> 30');
  await type('commit', '-am', 'second');
  await type('lock');
  await type('refresh');
  await type('log');
  return type('status');
}

test('names with spaces, quotes, line breaks, dashes, wildcards, other scripts', async () => {
  const repository = makeRepository();
  for (const name of names) repository.write(`work flows/${name}`, smallWorkflow());
  const { stdout } = await oneDay(repository);
  expect(stdout).toContain('as in the last commit');
  const checked = await runProgram(repository.path, ['check', '--json']);
  expect(JSON.parse(checked.stdout).result.workflows).toBe(names.length);
  const { stdout: one } = await runProgram(join(repository.path, 'work flows'), ['diff', 'HEAD~1', '--', '-dash.json']);
  expect(one).toBe('work flows/-dash.json\n  KSampler #2: steps 20 -> 30\n');
  repository.git('checkout', '--quiet', 'HEAD~1');
  expect(repository.git('status', '--porcelain')).toBe('');
});

test.each<[string, () => TestRepository]>([
  ['a repository with SHA-256', () => makeRepository('--object-format=sha256')],
  [
    'a detached HEAD',
    () => {
      const repository = makeRepository();
      repository.commit({ a: 'a' });
      repository.git('checkout', '--quiet', '--detach');
      return repository;
    },
  ],
  [
    'a submodule',
    () => {
      const [inner, outer] = [makeRepository(), makeRepository()];
      inner.commit({ a: 'a' });
      outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.path, 'mod ule');
      return repositoryAt(join(outer.path, 'mod ule'));
    },
  ],
  [
    'a shallow clone',
    () => {
      const origin = makeRepository();
      origin.commit({ a: 'a' });
      origin.commit({ a: 'b' });
      const path = join(temporaryFolder(), 'clone');
      execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${origin.path}`, path]);
      return repositoryAt(path);
    },
  ],
  [
    'a git directory elsewhere',
    () => {
      const path = temporaryFolder();
      execFileSync('git', ['init', '--quiet', '--separate-git-dir', join(temporaryFolder(), 'git dir'), path]);
      return repositoryAt(path);
    },
  ],
])('%s', async (_, make) => {
  const repository = make();
  repository.write('workflows/small.json', smallWorkflow());
  expect((await oneDay(repository)).stdout).toContain('as in the last commit');
  const below = join(repository.path, 'workflows');
  expect((await runProgram(below, ['status'])).stdout).toContain('as in the last commit');
});

test('GIT_DIR and GIT_WORK_TREE, relative, from a folder outside', async () => {
  const repository = makeRepository();
  repository.write('workflows/small.json', smallWorkflow());
  const outside = join(repository.path, '..');
  const env = { GIT_DIR: 'repository/.git', GIT_WORK_TREE: 'repository' };
  expect((await oneDay(repository, outside, env)).stdout).toContain('as in the last commit');
});

test('an index that another git holds: what only looks works, what writes says so and changes nothing', async () => {
  const repository = await readyRepository();
  // Of another size: git compares times by the second, and a drag that changes no size may be none to it.
  repository.write('workflows/small.json', smallWorkflow({ x: 1234567 }));
  repository.write('.git/index.lock', '');
  for (const name of ['status', 'diff', 'log', 'check', 'doctor']) {
    const { code, stderr } = await runProgram(repository.path, [name]);
    expect(code, `${name}: ${stderr}`).toBeLessThan(2);
  }
  for (const words of [['refresh'], ['commit', '-am', 'x']]) {
    const { code, stderr } = await runProgram(repository.path, words);
    expect(code, words.join(' ')).not.toBe(0);
    expect(stderr).toContain('index.lock');
  }
  expect(repository.git('log', '--format=%s')).toBe('first');
});

test('a folder that is no repository is in the way of nothing: show and compare', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'a b'));
  writeFileSync(join(folder, 'a b/w.json'), smallWorkflow());
  writeFileSync(join(folder, 'other.json'), smallWorkflow({ steps: 21 }));
  const { stdout } = await runProgram(folder, ['diff', 'a b/w.json', 'other.json']);
  expect(stdout).toContain('steps 20 -> 21');
});

test.each(['', ' ', '../elsewhere/*.json', '!not.json', 'a\nb'])('init refuses the pattern %j', async (pattern) => {
  const { path } = makeRepository();
  const { stderr } = await refused(path, ['init', '--track', pattern]);
  expect(stderr).toContain("git comfy init --track 'graphs/**/*.json'");
});
