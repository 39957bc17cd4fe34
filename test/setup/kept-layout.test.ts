// `comfy-layout=keep` with real git and the real program: the layout is in the file that git stores.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { normaliseStaged } from '../../src/capture/normalise-staged.js';
import { refresh } from '../../src/capture/refresh.js';
import { renormalize } from '../../src/capture/renormalize.js';
import { statusCommand } from '../../src/commands/status.js';
import { inspectWorkflows } from '../../src/setup/dress.js';
import { checkRepository } from '../../src/sharing/check.js';
import { diffRange } from '../../src/sharing/diff.js';
import { staleFiles } from '../../src/sharing/stale-files.js';
import { cleanBytes } from '../../src/workflow/clean.js';
import { quiet } from '../support/comfy-project.js';
import { captured } from '../support/context.js';
import { filteredRepository } from '../support/filtered-repository.js';
import { type TestRepository, temporaryFolder } from '../support/git.js';
import { commitFiles, conflicts, diverge, itemLines, mergingRepository, tryGit } from '../support/merging.js';
import { smallWorkflow } from '../support/workflow.js';

const path = 'example_workflows/a portrait – ü.json';
const flow = 'flows/portrait.json';

const keeping = '*.json -text filter=comfy\nexample_workflows/** comfy-layout=keep\n';

function keptRepository(kind: 'process' | 'one-shot' = 'process', attributes = keeping): TestRepository {
  const repository = filteredRepository(kind);
  repository.commit({ '.gitattributes': attributes }, 'keep layouts');
  return repository;
}

/** What git is to store of it. */
function keptText(text: string): string {
  const cleaned = cleanBytes(Buffer.from(text), undefined, 'kept');
  if (cleaned.kind !== 'workflow') throw new Error('no workflow');
  return cleaned.bytes.toString();
}

const stored = (repository: TestRepository, file = path) => repository.git('cat-file', 'blob', `:${file}`);

/** Checks the file out again from the index, as if it had been lost. */
function again(repository: TestRepository, file = path): string {
  rmSync(join(repository.path, file));
  repository.git('checkout', '--', file);
  return repository.read(file);
}

describe.each(['process', 'one-shot'] as const)('with the %s filter', (kind) => {
  test('git stores canonical text with the layout, and checks out what it stores', () => {
    const repository = keptRepository(kind);
    repository.commit({ [path]: smallWorkflow({ x: 33 }), 'other.json': smallWorkflow({ x: 33 }) });
    expect(stored(repository)).toBe(keptText(smallWorkflow({ x: 33 })).trimEnd());
    expect(JSON.parse(stored(repository)).nodes[0]).toMatchObject({ pos: [33, 20], size: [315, 98], order: 0 });
    expect(stored(repository, 'other.json')).not.toContain('"pos"');
    expect(again(repository)).toBe(keptText(smallWorkflow({ x: 33 })));
    expect(repository.git('status', '--porcelain')).toBe('');
  });
});

describe('where the attribute may stand', () => {
  const kept = (repository: TestRepository) => stored(repository).includes('"pos"');

  test.each([
    ['in a folder of its own', { 'example_workflows/.gitattributes': '*.json comfy-layout=keep\n' }],
    ['in a folder above', { '.gitattributes': '*.json -text filter=comfy comfy-layout=keep\n' }],
    ['in a macro', { '.gitattributes': '[attr]example filter=comfy comfy-layout=keep\n*.json -text example\n' }],
  ])('%s', (_, attributes) => {
    const repository = filteredRepository();
    repository.commit({ ...attributes }, 'attributes');
    repository.commit({ [path]: smallWorkflow() });
    expect(kept(repository)).toBe(true);
  });

  test('in the attributes of the clone', () => {
    const repository = filteredRepository();
    repository.write('.git/info/attributes', '*.json comfy-layout=keep\n');
    repository.commit({ [path]: smallWorkflow() });
    expect(kept(repository)).toBe(true);
  });

  test('in an attributes file that is only in the index', () => {
    const repository = keptRepository();
    rmSync(join(repository.path, '.gitattributes'));
    repository.write(path, smallWorkflow());
    repository.git('add', path);
    expect(kept(repository)).toBe(true);
  });

  test('not for a path that a nearer file excepts, and for no other value', () => {
    const repository = keptRepository();
    repository.write('example_workflows/.gitattributes', '*.json -comfy-layout\n');
    repository.commit({ [path]: smallWorkflow() });
    expect(kept(repository)).toBe(false);
    repository.write('example_workflows/.gitattributes', '*.json comfy-layout=drop\n');
    repository.git('add', '--renormalize', '.');
    expect(kept(repository)).toBe(false);
  });
});

test('hundreds of files are asked about in one process, each for itself', () => {
  const repository = keptRepository();
  const files = Array.from({ length: 300 }, (_, at) => `${at % 2 ? 'example_workflows' : 'flows'}/${at}.json`);
  repository.commit(Object.fromEntries(files.map((file, at) => [file, smallWorkflow({ x: at })])));
  const kept = files.filter((file) => repository.git('show', `:${file}`).includes('"pos"'));
  expect(kept).toEqual(files.filter((file) => file.startsWith('example_workflows')));
});

describe('the commands', () => {
  test('check finds it in order, and names a file that was stored without its layout', async () => {
    const repository = keptRepository();
    repository.commit({ [path]: smallWorkflow() });
    const codes = async () =>
      (await checkRepository(await repository.open())).problems.filter(({ code }) => code === 'not-normal-form');
    expect(await codes()).toEqual([]);
    repository.write('.gitattributes', '*.json -text filter=comfy\n');
    repository.git('add', '.gitattributes');
    expect(await codes()).toMatchObject([{ path }]);
    repository.git('add', '--renormalize', '.');
    expect(await codes()).toEqual([]);
    repository.write('.gitattributes', keeping);
    repository.git('add', '.gitattributes');
    expect(await codes()).toMatchObject([{ path, text: expect.stringContaining('comfy-layout=keep') }]);
  });

  test('refresh brings back a file that was only written anew, and leaves one that was dragged', async () => {
    const repository = keptRepository();
    repository.commit({ [path]: smallWorkflow() });
    repository.write(path, JSON.stringify(JSON.parse(smallWorkflow()), undefined, 1));
    expect((await refresh(await repository.open(), quiet)).refreshed).toEqual([path]);
    expect(repository.git('status', '--porcelain')).toBe('');
    repository.write(path, smallWorkflow({ x: 500 }));
    expect((await refresh(await repository.open(), quiet)).refreshed).toEqual([]);
    expect(repository.git('status', '--porcelain')).not.toBe('');
  });

  test('refresh --renormalize gives a committed normal form the layout that is known of it, and takes it out again', async () => {
    const repository = filteredRepository();
    repository.commit({ [path]: smallWorkflow({ x: 77 }) });
    repository.commit({ '.gitattributes': keeping }, 'keep layouts');
    const { paths } = await renormalize(await repository.open(), () => new Date());
    expect(paths).toEqual([path]);
    expect(repository.git('show', `HEAD:${path}`)).toBe(keptText(smallWorkflow({ x: 77 })).trimEnd());
    expect((await renormalize(await repository.open(), () => new Date())).paths).toEqual([]);
    repository.commit({ '.gitattributes': '*.json -text filter=comfy\n' }, 'keep none');
    expect((await renormalize(await repository.open(), () => new Date())).paths).toEqual([path]);
    expect(JSON.parse(again(repository)).nodes[0].pos).toEqual([77, 20]);
  });

  test('what was staged without the filter is staged with its layout', async () => {
    const repository = keptRepository();
    repository.write('raw', smallWorkflow({ x: 5 }));
    const blob = repository.git('hash-object', '-w', '--no-filters', 'raw');
    repository.git('update-index', '--add', '--cacheinfo', `100644,${blob},${path}`);
    expect(await normaliseStaged(await repository.open())).toEqual([path]);
    expect(stored(repository)).toBe(keptText(smallWorkflow({ x: 5 })).trimEnd());
  });

  test('diff has no word for what was dragged', async () => {
    const repository = keptRepository();
    repository.commit({ [path]: smallWorkflow() });
    repository.write(path, smallWorkflow({ x: 500 }));
    const changes = async () =>
      (await diffRange(await repository.open(), { from: 'HEAD' })).flatMap((one) => one.changes);
    expect(await changes()).toEqual([]);
    repository.write(path, smallWorkflow({ x: 500, steps: 30 }));
    expect(await changes()).toMatchObject([{ kind: 'value', after: 30 }]);
  });

  test('status names a file of which only the layout changed', async () => {
    const repository = keptRepository();
    repository.commit({ [path]: smallWorkflow(), 'other.json': smallWorkflow() });
    for (const file of [path, 'other.json']) repository.write(file, smallWorkflow({ x: 12345 }));
    const { context } = captured(repository.path);
    const { text } = await statusCommand.run(context, { args: [], options: {} });
    expect(text).toContain(`${path}: only its layout changed`);
    expect(text).not.toContain('other.json');
  });

  test('a file that equals an older version is told', async () => {
    const repository = keptRepository();
    repository.commit({ [path]: smallWorkflow() });
    repository.commit({ [path]: smallWorkflow({ steps: 30 }) });
    repository.write(path, smallWorkflow());
    expect(await staleFiles(await repository.open(), [path])).toMatchObject([{ path }]);
  });

  test('init finds nothing to dress or to normalise', async () => {
    const repository = keptRepository();
    repository.commit({ [path]: smallWorkflow() });
    expect(await inspectWorkflows(await repository.open())).toEqual({ bare: [], raw: [] });
  });
});

describe('merges', () => {
  async function keptMerging(): Promise<TestRepository> {
    const made = await mergingRepository({ [flow]: smallWorkflow() });
    made.write('.git/info/attributes', 'flows/** comfy-layout=keep\n');
    commitFiles(made, { [flow]: smallWorkflow({ x: 11 }) }, 'with its layout');
    return made;
  }
  const nodes = (text: string) =>
    (JSON.parse(text).nodes as { pos: number[]; widgets_values: unknown[] }[]).map(({ pos, widgets_values }) => [
      pos[0],
      widgets_values.at(-1),
    ]);

  test('one side moves, the other edits: both, in the blob', async () => {
    const made = await keptMerging();
    diverge(made, { [flow]: smallWorkflow({ x: 500 }) }, { [flow]: smallWorkflow({ x: 11, steps: 30 }) });
    expect(tryGit(made, 'merge', '--no-edit', 'theirs').code).toBe(0);
    const blob = made.git('show', `HEAD:${flow}`);
    expect(nodes(blob)).toEqual([
      [500, 'dreamshaper_8.safetensors'],
      [900, 30],
    ]);
    expect(keptText(blob).trimEnd()).toBe(blob);
    expect(made.git('status', '--porcelain')).toBe('');
  });

  test('what both moved is no conflict', async () => {
    const made = await keptMerging();
    diverge(made, { [flow]: smallWorkflow({ x: 500 }) }, { [flow]: smallWorkflow({ x: 600 }) });
    expect(tryGit(made, 'merge', '--no-edit', 'theirs').code).toBe(0);
    expect(nodes(made.read(flow))[0]?.[0]).toBe(500);
  });

  test('a conflict is taken by name, and what is staged has its layout', async () => {
    const made = await keptMerging();
    diverge(made, { [flow]: smallWorkflow({ x: 500, steps: 30 }) }, { [flow]: smallWorkflow({ x: 11, steps: 40 }) });
    expect(tryGit(made, 'merge', '--no-edit', 'theirs').code).toBe(1);
    expect(itemLines(await conflicts(made))).toEqual(['KSampler #2  steps: 30 | 40']);
    expect((await conflicts(made, { theirs: true })).exit).toBe(0);
    expect(nodes(stored(made, flow))).toEqual([
      [500, 'dreamshaper_8.safetensors'],
      [900, 40],
    ]);
    expect(stored(made, flow)).toBe(made.read(flow).trimEnd());
  });
});

test('in a linked work tree', () => {
  const repository = keptRepository();
  repository.commit({ [path]: smallWorkflow({ x: 3 }) });
  const linked = join(temporaryFolder(), 'linked tree');
  repository.git('worktree', 'add', '--quiet', linked, '-b', 'side');
  repository.git('-C', linked, 'rm', '--quiet', path);
  repository.git('-C', linked, 'checkout', '--quiet', 'HEAD', '--', path);
  expect(repository.git('-C', linked, 'status', '--porcelain')).toBe('');
  expect(repository.git('-C', linked, 'show', `:${path}`)).toContain('"pos"');
});
