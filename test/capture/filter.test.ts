import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { foldLayouts } from '../../src/capture/fold-layouts.js';
import { listStore, putStore, readStore } from '../../src/git/store.js';
import { type JsonObject, parseJson } from '../../src/workflow/json.js';
import { runProgram } from '../support/build.js';
import { configureFilter, filteredRepository, linkedWorkTree } from '../support/filtered-repository.js';
import { makeRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { overlaps } from '../support/overlaps.js';
import { smallWorkflow } from '../support/workflow.js';

const file = 'workflows/a portrait – ü.json';

/** Where the first node stands in a file of the work tree. */
const xOf = (repository: TestRepository, path = file) =>
  Number(
    (JSON.parse(repository.read(path)).nodes as { id: number; pos: number[] }[]).find(({ id }) => id === 1)?.pos[0],
  );

const stepsOf = (repository: TestRepository, path = file) =>
  JSON.parse(repository.read(path)).nodes.at(-1).widgets_values[2];

/** Checks the file out again from the index, as if it had been lost. */
function again(repository: TestRepository, path = file): void {
  rmSync(join(repository.path, path));
  repository.git('checkout', '--', path);
}

describe.each(['process', 'one-shot'] as const)('with the %s filter', (kind) => {
  test('what git stores has no layout, and the layout comes back', () => {
    const repository = filteredRepository(kind);
    repository.commit({ [file]: smallWorkflow({ x: 33 }) });
    expect(repository.git('show', `HEAD:${file}`)).not.toContain('"pos"');
    again(repository);
    expect(xOf(repository)).toBe(33);
    expect(repository.git('status', '--porcelain')).toBe('');
  });

  test('dragging makes no diff, a change of steps makes one of one line', () => {
    const repository = filteredRepository(kind);
    repository.commit({ [file]: smallWorkflow() });
    repository.write(file, smallWorkflow({ x: 500 }));
    expect(repository.git('diff')).toBe('');
    repository.write(file, smallWorkflow({ x: 500, steps: 30 }));
    expect(repository.git('diff', '--numstat')).toMatch(/^1\t1\t/);
  });
});

describe('the layout is never lost', () => {
  test('dragged, not committed, switched away and back', () => {
    const repository = filteredRepository();
    repository.commit({ [file]: smallWorkflow({ x: 1 }) });
    repository.git('switch', '--quiet', '-c', 'other');
    repository.commit({ [file]: smallWorkflow({ x: 2, steps: 30 }) });
    repository.git('switch', '--quiet', 'main');
    repository.write(file, smallWorkflow({ x: 77 }));
    repository.git('add', file);
    repository.git('switch', '--quiet', 'other');
    expect([xOf(repository), stepsOf(repository)]).toEqual([2, 30]);
    repository.git('switch', '--quiet', 'main');
    expect([xOf(repository), stepsOf(repository)]).toEqual([77, 20]);
  });

  test('an older commit has its own layout', () => {
    const repository = filteredRepository();
    repository.commit({ [file]: smallWorkflow({ x: 1, steps: 1 }) });
    repository.commit({ [file]: smallWorkflow({ x: 2, steps: 2 }) });
    repository.git('checkout', '--quiet', 'HEAD~1');
    expect(xOf(repository)).toBe(1);
    repository.git('checkout', '--quiet', 'main');
    expect(xOf(repository)).toBe(2);
  });

  test('a linked work tree shares it', () => {
    const repository = filteredRepository();
    repository.commit({ [file]: smallWorkflow({ x: 44 }) });
    const linked = linkedWorkTree(repository, join(temporaryFolder(), 'linked tree'), 'linked');
    expect(xOf(linked)).toBe(44);
    linked.write(file, smallWorkflow({ x: 55 }));
    linked.git('add', file);
    again(repository);
    expect(xOf(repository)).toBe(55);
  });

  test('a renamed file keeps it, and so does a copy of its own', () => {
    const repository = filteredRepository();
    repository.commit({ [file]: smallWorkflow({ x: 12 }) });
    repository.git('mv', file, 'moved.json');
    repository.git('commit', '--quiet', '-m', 'moved');
    again(repository, 'moved.json');
    expect(xOf(repository, 'moved.json')).toBe(12);
    repository.write('moved.json', smallWorkflow({ x: 13 }));
    repository.write('copy.json', smallWorkflow({ x: 14 }));
    repository.git('add', '.');
    for (const path of ['moved.json', 'copy.json']) again(repository, path);
    expect([xOf(repository, 'moved.json'), xOf(repository, 'copy.json')]).toEqual([13, 14]);
  });

  test('a version of the file that has none takes the newest for the nodes it knows', () => {
    const repository = filteredRepository();
    repository.commit({ [file]: smallWorkflow({ x: 900 }) });
    const stored = repository.git('show', `HEAD:${file}`).replace('"fixed",\n        20', '"fixed",\n        21');
    const blob = hashObject(repository, stored);
    repository.git('update-index', '--cacheinfo', `100644,${blob},${file}`);
    again(repository);
    expect([xOf(repository), stepsOf(repository)]).toEqual([900, 21]);
  });

  test('in the store it is found after the journal was folded, also in a clone that fetched it', async () => {
    const repository = filteredRepository();
    repository.commit({ [file]: smallWorkflow({ x: 66 }) });
    expect(await foldLayouts(await repository.open())).toBe(1);
    again(repository);
    expect(xOf(repository)).toBe(66);
    const clone = repositoryAt(join(temporaryFolder(), 'clone'));
    repository.git('clone', '--quiet', '--no-checkout', repository.path, clone.path);
    configureFilter(clone);
    clone.git('fetch', '--quiet', 'origin', 'refs/comfy/store:refs/comfy/remotes/origin/store');
    clone.git('checkout', '--quiet', 'main');
    expect(xOf(clone)).toBe(66);
  });

  test('many files in one go', async () => {
    const repository = filteredRepository();
    const names = Array.from({ length: 300 }, (_, index) => `many/${index}.json`);
    for (const [index, name] of names.entries()) repository.write(name, smallWorkflow({ x: index, steps: index }));
    repository.git('add', 'many');
    rmSync(join(repository.path, 'many'), { recursive: true });
    repository.git('checkout', '--', 'many');
    expect(names.map((name) => xOf(repository, name))).toEqual(names.map((_, index) => index));
    expect(await foldLayouts(await repository.open())).toBe(300);
  });

  test('a repository with SHA-256 works the same', () => {
    const repository = filteredRepository('process', '--object-format=sha256');
    repository.commit({ [file]: smallWorkflow({ x: 31 }) });
    again(repository);
    expect(xOf(repository)).toBe(31);
  });
});

/** Writes a blob past the filter. */
function hashObject(repository: TestRepository, content: string): string {
  writeFileSync(join(repository.path, '.git', 'blob'), `${content}\n`);
  return repository.git('hash-object', '-w', '--no-filters', '.git/blob');
}

describe('a file whose saved bytes are still at hand', () => {
  const folder = (repository: TestRepository) => join(repository.path, '.git', 'comfy', 'cache', 'saved');
  const saved = (repository: TestRepository, ending: string) =>
    readdirSync(folder(repository))
      .filter((name) => name.endsWith(ending))
      .map((name) => join(folder(repository), name));
  const onOneLine = smallWorkflow({ x: 21 });

  test('comes back to the byte, also when its layout has been folded into the store', async () => {
    const repository = filteredRepository();
    repository.commit({ [file]: onOneLine });
    again(repository);
    expect(repository.read(file)).toBe(onOneLine);
    await foldLayouts(await repository.open());
    again(repository);
    expect(repository.read(file)).toBe(onOneLine);
    expect(repository.git('status', '--porcelain')).toBe('');
  });

  test('a newer layout stands before it', async () => {
    const repository = filteredRepository();
    repository.commit({ [file]: onOneLine });
    await foldLayouts(await repository.open());
    const opened = await repository.open();
    const [path = ''] = await listStore(opened, 'layouts');
    const newer = String(await readStore(opened, path)).replace(/"time":"[^"]*"/, '"time":"2099-01-01T00:00:00.000Z"');
    await putStore(opened, [{ path, bytes: newer.replace('"pos":[21,20]', '"pos":[22,20]') }]);
    again(repository);
    expect(xOf(repository)).toBe(22);
  });

  test.each([
    ['damaged', (path: string) => writeFileSync(path, 'x'.repeat(onOneLine.length))],
    ['cut off', (path: string) => writeFileSync(path, onOneLine.slice(0, 40))],
    ['gone', (path: string) => rmSync(path)],
  ])('without it, %s, the layout is put back', (_, spoil) => {
    const repository = filteredRepository();
    repository.commit({ [file]: onOneLine });
    for (const path of saved(repository, '.saved')) spoil(path);
    again(repository);
    expect(repository.read(file)).not.toBe(onOneLine);
    expect(xOf(repository)).toBe(21);
  });

  test('a cache that cannot be written is silent', async () => {
    const repository = filteredRepository();
    mkdirSync(join(repository.path, '.git', 'comfy'));
    writeFileSync(join(repository.path, '.git', 'comfy', 'cache'), 'in the way');
    repository.write(file, onOneLine);
    expect(await runGit(repository, 'add', file)).toMatchObject({ status: 0, stderr: '' });
    again(repository);
    expect(xOf(repository)).toBe(21);
  });

  test('the oldest go when there are too many', () => {
    const repository = filteredRepository();
    mkdirSync(folder(repository), { recursive: true });
    for (let day = 1; day <= 120; day++) {
      for (const ending of ['.saved', '.index'])
        writeFileSync(join(folder(repository), `2020${String(day).padStart(4, '0')}${ending}`), '');
    }
    repository.commit({ [file]: onOneLine });
    const kept = readdirSync(folder(repository));
    expect([kept.length, kept.includes('20200020.saved'), kept.includes('20200120.saved')]).toEqual([200, false, true]);
    again(repository);
    expect(repository.read(file)).toBe(onOneLine);
  });
});

describe('without any layout', () => {
  /** A clone that has the filter and knows of no layout. */
  function bareClone(): TestRepository {
    const repository = filteredRepository();
    repository.commit({ [file]: smallWorkflow({ x: 5000 }) });
    const clone = repositoryAt(join(temporaryFolder(), 'clone'));
    repository.git('clone', '--quiet', '--no-checkout', repository.path, clone.path);
    configureFilter(clone);
    clone.git('checkout', '--quiet', 'main');
    return clone;
  }

  test('nodes are placed so that none covers another', () => {
    const clone = bareClone();
    expect(overlaps(parseJson(clone.read(file)) as JsonObject)).toBe(0);
    expect(clone.git('status', '--porcelain')).toBe('');
  });

  test('what we placed ourselves is nobody’s layout and is not kept', async () => {
    const clone = bareClone();
    clone.git('add', '--renormalize', file);
    expect(await foldLayouts(await clone.open())).toBe(0);
  });

  test('a normal form copied into the work tree does not stand before the real layout', () => {
    const repository = filteredRepository();
    repository.commit({ [file]: smallWorkflow({ x: 8 }) });
    repository.write(file, `${repository.git('show', `HEAD:${file}`)}\n`);
    repository.git('add', file);
    again(repository);
    expect(xOf(repository)).toBe(8);
  });
});

describe('what is no workflow goes through', () => {
  const through = async (bytes: Buffer) => {
    const repository = filteredRepository();
    repository.write('x.json', bytes);
    const added = await runGit(repository, 'add', 'x.json');
    expect(repository.git('rev-parse', ':x.json')).toBe(repository.git('hash-object', '--no-filters', 'x.json'));
    again(repository, 'x.json');
    expect(repository.git('hash-object', '--no-filters', 'x.json')).toBe(repository.git('rev-parse', ':x.json'));
    return added.stderr;
  };

  test('a prompt, silently', async () => {
    expect(await through(Buffer.from('{"3": {"class_type": "KSampler", "inputs": {}}}\r\n'))).toBe('');
  });

  test('broken JSON, with one line', async () => {
    expect(await through(Buffer.from('{"nodes": [\r\n'))).toMatch(
      /^git comfy: x\.json is left as it is: not JSON .*\n$/,
    );
  });

  test('bytes that are no text, with one line', async () => {
    expect(await through(Buffer.from([0xff, 0xfe, 0x00, 0x0d, 0x0a]))).toMatch(/^git comfy: .* not UTF-8\n$/);
  });

  test('a file larger than any workflow, with one line', async () => {
    const large = Buffer.alloc(33 * 1024 * 1024, ' ');
    expect(await through(large)).toMatch(/^git comfy: .* larger than any workflow\n$/);
  });
});

/** As `repository.git`, with what was said. */
async function runGit(repository: TestRepository, ...args: string[]) {
  const { spawnSync } = await import('node:child_process');
  return spawnSync('git', args, { cwd: repository.path, encoding: 'utf8' });
}

test('a journal that cannot be written fails nothing', async () => {
  const repository = filteredRepository();
  mkdirSync(join(repository.path, '.git', 'comfy'));
  writeFileSync(join(repository.path, '.git', 'comfy', 'journal'), 'in the way');
  repository.write(file, smallWorkflow());
  const added = await runGit(repository, 'add', file);
  expect([added.status, added.stderr]).toEqual([0, expect.stringContaining('the layout of')]);
  expect(repository.git('show', `:${file}`)).not.toContain('"pos"');
});

test('clean and smudge work outside of any repository', async () => {
  const folder = temporaryFolder();
  expect(await runProgram(folder, ['clean'])).toMatchObject({ code: 0, stdout: '' });
});

test('filter-process says what it is for when it is started by hand', async () => {
  const ran = await runProgram(makeRepository().path, ['filter-process']);
  expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('git comfy clean < file') });
});
