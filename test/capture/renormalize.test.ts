import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renormalize } from '../../src/capture/renormalize.js';
import { runProgram } from '../support/build.js';
import { configureFilter } from '../support/filtered-repository.js';
import { makeRepository, type TestRepository } from '../support/git.js';
import { smallWorkflow } from '../support/workflow.js';

const file = 'workflows/a b.json';
const other = 'workflows/ö.json';
const now = () => new Date('2026-02-03T04:05:06.000Z');

/** Workflows that were committed before there was a filter. */
function rawRepository(): TestRepository {
  const repository = makeRepository();
  repository.commit({ [file]: smallWorkflow({ x: 77 }), [other]: smallWorkflow({ x: 88 }), 'data.json': '{"a": 1}' });
  repository.commit({ '.gitattributes': '*.json -text filter=comfy\n' }, 'attributes');
  configureFilter(repository);
  return repository;
}

const status = (repository: TestRepository) => repository.git('-c', 'core.quotePath=false', 'status', '--porcelain');
const committed = (repository: TestRepository, path: string) => repository.git('show', `HEAD:${path}`);

test('raw workflows are committed in normal form, alone, and their layout comes back', async () => {
  const repository = rawRepository();
  const head = repository.git('rev-parse', 'HEAD');
  const ran = await runProgram(repository.path, ['refresh', '--renormalize', '--json']);
  expect(ran.stderr).toBe('');
  const { renormalised } = JSON.parse(ran.stdout).result;
  expect(renormalised).toEqual({ paths: [file, other], commit: repository.git('rev-parse', 'HEAD') });
  expect(repository.git('log', '-1', '--format=%s %P')).toBe(`Normalise workflows ${head}`);
  expect(committed(repository, file) + committed(repository, other)).not.toContain('"pos"');
  expect(status(repository)).toBe('');
  rmSync(join(repository.path, file));
  repository.git('checkout', '--quiet', '--', file);
  expect(repository.read(file)).toContain('[77, 20]');
});

test('edits and what is staged stay what they are', async () => {
  const repository = rawRepository();
  repository.commit({ note: 'a' });
  repository.write('note', 'staged');
  repository.write(other, smallWorkflow({ steps: 99 }));
  repository.git('add', 'note', other);
  repository.write(file, smallWorkflow({ steps: 30, x: 1234567 }));
  // What git asked of the filter on the way: a clone knows nothing of it.
  rmSync(join(repository.path, '.git/comfy'), { recursive: true, force: true });
  await renormalize(await repository.open(), now);
  expect(repository.git('show', '--format=', '--name-only', '-z', 'HEAD').split('\0').sort()).toEqual([
    '',
    file,
    other,
  ]);
  expect(status(repository)).toBe(`M  note\n M "${file}"\nM  ${other}`);
  expect(repository.git('diff', '--cached', '-U0', '--', other)).toMatch(/-\s+20\n\+\s+99/);
  expect(repository.read(file)).toContain('1234567');
  repository.git('checkout', '--quiet', 'HEAD', '--', file);
  expect(repository.read(file)).toContain('[77, 20]');
});

test('where all is in normal form, or nothing is committed, there is no commit', async () => {
  const repository = rawRepository();
  await renormalize(await repository.open(), now);
  const head = repository.git('rev-parse', 'HEAD');
  expect(await renormalize(await repository.open(), now)).toEqual({ paths: [] });
  expect(repository.git('rev-parse', 'HEAD')).toBe(head);
  expect(await renormalize(await makeRepository().open(), now)).toEqual({ paths: [] });
});

test('in the middle of a merge it is refused, and nothing changed', async () => {
  const repository = rawRepository();
  repository.git('switch', '--quiet', '-c', 'side');
  repository.commit({ note: 'side' });
  repository.git('switch', '--quiet', 'main');
  repository.commit({ note: 'main' });
  expect(() => repository.git('merge', 'side')).toThrow();
  const head = repository.git('rev-parse', 'HEAD');
  await expect(renormalize(await repository.open(), now)).rejects.toMatchObject({
    code: 'merge-in-progress',
    hint: expect.stringContaining('git merge --abort'),
  });
  expect(repository.git('rev-parse', 'HEAD')).toBe(head);
});
