import { rmSync } from 'node:fs';
// What an artist sees who drags nodes: real git, the program as it is installed, a repository set up by `init`.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isObject, type JsonObject, parseJson } from '../../src/workflow/json.js';
import { runProgram } from '../support/build.js';
import { makeRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { overlaps } from '../support/overlaps.js';
import { smallWorkflow } from '../support/workflow.js';

const file = 'workflows/a b.json';

async function comfy(repository: TestRepository, ...words: string[]) {
  const ran = await runProgram(repository.path, words);
  expect(ran.code, ran.stderr).toBe(0);
  return ran.stdout;
}

/** A repository that was set up, with the workflow as its author saved it. */
async function studio(): Promise<TestRepository> {
  const repository = makeRepository();
  await comfy(repository, 'init', '--track', 'workflows/**/*.json');
  repository.write(file, smallWorkflow());
  repository.git('add', '.');
  repository.git('commit', '--quiet', '--no-verify', '-m', 'first');
  return repository;
}

/** Saves and commits a version, past the lock: this is about layout. */
const save = (repository: TestRepository, version: { steps?: number; x?: number }, message = 'edit') => {
  repository.write(file, smallWorkflow(version));
  repository.git('add', file);
  repository.git('commit', '--quiet', '--no-verify', '-m', message);
};

/** On `main` again, with a branch `side` on which the workflow differs. */
async function studioWithBranch(): Promise<TestRepository> {
  const repository = await studio();
  repository.git('switch', '--quiet', '-c', 'side');
  save(repository, { steps: 30, x: 77 });
  repository.git('switch', '--quiet', 'main');
  return repository;
}

async function cloned(author: TestRepository): Promise<TestRepository> {
  const repository = repositoryAt(join(temporaryFolder(), 'clone'));
  author.git('clone', '--quiet', join(author.path, '..', 'hub.git'), repository.path);
  return repository;
}

/** An author who pushed the branch, but no lineage or layouts. */
async function publishing(): Promise<TestRepository> {
  const author = await studio();
  author.git('clone', '--quiet', '--bare', '.', '../hub.git');
  author.git('remote', 'add', 'origin', '../hub.git');
  return author;
}

const drag = (repository: TestRepository) => repository.write(file, smallWorkflow({ x: 1234567 }));
const status = (repository: TestRepository) => repository.git('status', '--porcelain');
const workflow = (repository: TestRepository) => parseJson(repository.read(file)) as JsonObject;

function firstX(repository: TestRepository): string | undefined {
  const nodes = workflow(repository).get('nodes');
  const pos = Array.isArray(nodes) && isObject(nodes[0]) ? nodes[0].get('pos') : undefined;
  return Array.isArray(pos) ? String(pos[0]) : undefined;
}

test('git alone calls a dragged file modified, shows no difference, and refuses to switch', async () => {
  const repository = await studioWithBranch();
  drag(repository);
  expect(repository.git('diff')).toBe('');
  expect(status(repository)).toContain(' M ');
  expect(() => repository.git('switch', '--quiet', 'side')).toThrow();
  expect(firstX(repository)).toBe('1234567');
});

describe.each([['status'], ['diff'], ['refresh']])('after a drag and git comfy %s', (command) => {
  async function dragged() {
    const repository = await studioWithBranch();
    drag(repository);
    await comfy(repository, command);
    expect(status(repository)).toBe('');
    return repository;
  }

  test('git status is clean, another branch can be switched to, and the dragged layout comes back', async () => {
    const repository = await dragged();
    repository.git('switch', '--quiet', 'side');
    expect(firstX(repository)).toBe('77');
    repository.git('switch', '--quiet', 'main');
    expect(firstX(repository)).toBe('1234567');
  });
});

describe('after a drag and git comfy refresh', () => {
  test('a pull passes, and nodes that stay have their dragged places', async () => {
    const author = await publishing();
    const repository = await cloned(author);
    await comfy(repository, 'init');
    save(author, { steps: 30 });
    author.git('push', '--quiet', 'origin', 'main');
    drag(repository);
    await comfy(repository, 'refresh');
    repository.git('pull', '--quiet', '--ff-only');
    expect(repository.read(file)).toMatch(/^ +30$/m);
    expect(firstX(repository)).toBe('1234567');
  });

  test('a rebase passes, and so does taking a stash back', async () => {
    const repository = await studioWithBranch();
    repository.commit({ notes: 'of another matter' });
    drag(repository);
    repository.write('notes', 'half done');
    await comfy(repository, 'refresh');
    repository.git('stash', '--quiet');
    repository.git('rebase', '--quiet', 'side');
    repository.git('stash', 'pop', '--quiet');
    expect(status(repository)).toBe(' M notes');
    expect(repository.git('log', '--format=%s', '-3')).toBe('commit\nedit\nfirst');
  });
});

test('a layout that plain git took in outlives switching', async () => {
  const repository = await studioWithBranch();
  drag(repository);
  repository.git('add', '--all');
  expect(status(repository)).toBe('');
  repository.git('switch', '--quiet', 'side');
  repository.git('switch', '--quiet', 'main');
  expect(firstX(repository)).toBe('1234567');
});

test('other steps are a diff of one line, in words and in the file, whatever else was dragged', async () => {
  const repository = await studio();
  repository.write(file, smallWorkflow({ steps: 30, x: 1234567 }));
  const changed = (...options: string[]) =>
    repository
      .git('diff', '-U0', ...options)
      .split('\n')
      .filter((line) => /^[-+](?![-+])/.test(line));
  expect(changed()).toEqual(['-KSampler #2  steps: 20', '+KSampler #2  steps: 30']);
  expect(changed('--no-textconv').map((line) => line.replace(/ +/, ''))).toEqual(['-20', '+30']);
});

test('an older commit has the layout of that commit, a newer one that of the newer', async () => {
  const repository = await studio();
  save(repository, { steps: 30, x: 500 });
  save(repository, { steps: 40, x: 900 });
  const places = ['HEAD~2', 'HEAD~1', 'main'].map((commit) => {
    const id = repository.git('rev-parse', commit === 'main' ? 'main' : commit.replace('HEAD', 'main'));
    repository.git('checkout', '--quiet', id);
    return firstX(repository);
  });
  expect(places).toEqual(['10', '500', '900']);
});

describe('a clone', () => {
  test('of a remote that has the store gets the author’s layout at init', async () => {
    const author = await publishing();
    await comfy(author, 'sync');
    const clone = await cloned(author);
    expect(firstX(clone)).toBeUndefined();
    await comfy(clone, 'init');
    expect(clone.read(file)).toBe(smudged(author));
    expect(status(clone)).toBe('');
  });

  test('gets it by sync where the author published it later', async () => {
    const author = await publishing();
    const clone = await cloned(author);
    await comfy(clone, 'init');
    await comfy(author, 'sync');
    expect(await comfy(clone, 'sync')).toContain(`${file} has its author's layout now`);
    expect(status(clone)).toBe('');
    expect(firstX(clone)).toBe('10');
  });

  test('keeps what was dragged there before the author’s layout came', async () => {
    const author = await publishing();
    const clone = await cloned(author);
    await comfy(clone, 'init');
    drag(clone);
    await comfy(author, 'sync');
    await comfy(clone, 'sync');
    expect(firstX(clone)).toBe('1234567');
  });

  test('of a remote without the store has every node in a place of its own', async () => {
    const clone = await cloned(await publishing());
    await comfy(clone, 'init');
    expect(overlaps(workflow(clone))).toBe(0);
    expect(status(clone)).toBe('');
  });

  /** The author's file as a checkout makes it where the saved one is at hand no more. */
  const smudged = (author: TestRepository) => {
    rmSync(join(author.path, '.git', 'comfy', 'cache'), { recursive: true });
    author.git('rm', '--quiet', '--cached', file);
    author.git('reset', '--quiet', '--hard');
    return author.read(file);
  };
});
