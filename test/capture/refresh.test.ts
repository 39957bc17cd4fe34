import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { refresh } from '../../src/capture/refresh.js';
import { captured } from '../support/context.js';
import { filteredRepository } from '../support/filtered-repository.js';
import type { TestRepository } from '../support/git.js';
import { smallWorkflow } from '../support/workflow.js';

const file = 'workflows/a b.json';
const other = 'workflows/other.json';

async function refreshed(repository: TestRepository): Promise<readonly string[]> {
  return (await refresh(await repository.open(), captured(repository.path).context.talk)).refreshed;
}

/** Two branches on which the workflow differs; `main` is checked out. */
function twoBranches(): TestRepository {
  const repository = filteredRepository();
  repository.commit({ [file]: smallWorkflow({ x: 1 }), [other]: smallWorkflow({ x: 1, steps: 5 }) });
  repository.git('switch', '--quiet', '-c', 'side');
  repository.commit({ [file]: smallWorkflow({ x: 2, steps: 30 }) });
  repository.git('switch', '--quiet', 'main');
  return repository;
}

const status = (repository: TestRepository) => repository.git('status', '--porcelain');

describe('after a mere drag', () => {
  test('git status is clean, switching passes, and the dragged layout comes back', async () => {
    const repository = twoBranches();
    repository.write(file, smallWorkflow({ x: 1234567 }));
    expect(status(repository)).not.toBe('');
    expect(await refreshed(repository)).toEqual([file]);
    expect(status(repository)).toBe('');
    repository.git('switch', '--quiet', 'side');
    repository.git('switch', '--quiet', 'main');
    expect(repository.read(file)).toBe(smallWorkflow({ x: 1234567 }));
  });

  test('many files at once, and none when there is nothing to do', async () => {
    const repository = filteredRepository();
    const names = Array.from({ length: 40 }, (_, index) => `many/${index}.json`);
    repository.commit(Object.fromEntries(names.map((name) => [name, smallWorkflow()])));
    for (const name of names) repository.write(name, smallWorkflow({ x: 9999999 }));
    expect([...(await refreshed(repository))].sort()).toEqual([...names].sort());
    expect(await refreshed(repository)).toEqual([]);
  });

  test('what is staged beside it stays as it is', async () => {
    const repository = twoBranches();
    repository.write(other, smallWorkflow({ steps: 99 }));
    repository.git('add', other);
    repository.write(file, smallWorkflow({ x: 1234567 }));
    await refreshed(repository);
    expect(status(repository)).toBe(`M  ${other}`);
  });
});

describe('left alone is', () => {
  test('a conflict whose file is as ours: nobody has decided yet', async () => {
    const repository = twoBranches();
    repository.commit({ [file]: smallWorkflow({ x: 1, steps: 50 }) });
    spawnSync('git', ['merge', 'side'], { cwd: repository.path });
    repository.write(file, smallWorkflow({ x: 1234567, steps: 50 }));
    expect(status(repository)).toBe(`UU "${file}"`);
    expect(await refreshed(repository)).toEqual([]);
    expect(status(repository)).toBe(`UU "${file}"`);
  });

  test('a real edit', async () => {
    const repository = twoBranches();
    const before = repository.git('ls-files', '-s');
    repository.write(file, smallWorkflow({ x: 7, steps: 21 }));
    expect(await refreshed(repository)).toEqual([]);
    expect(repository.git('ls-files', '-s')).toBe(before);
    expect(status(repository)).toContain(' M ');
  });

  test('a deleted file, and one that became a link', async () => {
    const repository = twoBranches();
    rmSync(join(repository.path, file));
    unlinkSync(join(repository.path, other));
    symlinkSync('elsewhere', join(repository.path, other));
    expect(await refreshed(repository)).toEqual([]);
  });

  test('a file whose mode changed', async () => {
    const repository = twoBranches();
    repository.git('config', 'core.fileMode', 'true');
    chmodSync(join(repository.path, file), 0o755);
    expect(await refreshed(repository)).toEqual([]);
    expect(repository.git('ls-files', '-s', '--', file)).toMatch(/^100644/);
  });

  test('a file in conflict', async () => {
    const repository = twoBranches();
    repository.commit({ [file]: smallWorkflow({ x: 1, steps: 40 }) });
    expect(() => repository.git('merge', 'side')).toThrow();
    const before = repository.git('ls-files', '-s', '-u');
    expect(await refreshed(repository)).toEqual([]);
    expect(repository.git('ls-files', '-s', '-u')).toBe(before);
  });

  test('a file that was committed with its layout, before there was a filter', async () => {
    const repository = filteredRepository();
    repository.git('config', 'filter.comfy.required', 'false');
    repository.git('-c', 'filter.comfy.process=', '-c', 'filter.comfy.clean=', 'add', '.gitattributes');
    repository.write(file, smallWorkflow());
    repository.git('-c', 'filter.comfy.process=', '-c', 'filter.comfy.clean=cat', 'add', file);
    repository.git('commit', '--quiet', '-m', 'raw');
    const before = repository.git('ls-files', '-s');
    repository.write(file, `${smallWorkflow()}\n`);
    expect(await refreshed(repository)).toEqual([]);
    expect(repository.git('ls-files', '-s')).toBe(before);
  });

  test('everything, where the filter turns out not to work: the index is put back', async () => {
    const repository = twoBranches();
    const before = repository.git('ls-files', '-s');
    repository.git('config', '--unset', 'filter.comfy.process');
    repository.git('config', 'filter.comfy.clean', 'cat');
    repository.write(file, smallWorkflow({ x: 1234567 }));
    expect(await refreshed(repository)).toEqual([]);
    expect(repository.git('ls-files', '-s')).toBe(before);
  });
});

test('an index that another git holds is an error, and nothing changed', async () => {
  const repository = twoBranches();
  repository.write(file, smallWorkflow({ x: 1234567 }));
  repository.write('.git/index.lock', '');
  await expect(refreshed(repository)).rejects.toMatchObject({ code: 'locked' });
});
