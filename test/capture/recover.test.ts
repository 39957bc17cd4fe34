import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { placeVersions } from '../../src/capture/recover/versions.js';
import { run } from '../../src/cli.js';
import { type JsonObject, parseJson } from '../../src/workflow/json.js';
import { captured } from '../support/context.js';
import { makeRepository, type TestRepository } from '../support/git.js';
import { madePicture, picture, type Settings, workflowText } from '../support/run-facts.js';

async function comfy(repository: TestRepository, ...words: string[]) {
  const { context, out, err } = captured(repository.path);
  const code = await run(context, words);
  return { code, out: out(), err: err() };
}

function save(repository: TestRepository, name: string, settings: Settings, day: string, shade: number): void {
  const path = join(repository.path, 'output', name);
  mkdirSync(join(repository.path, 'output', 'client'), { recursive: true });
  writeFileSync(path, madePicture(shade, settings));
  const time = new Date(`${day}T10:00:00Z`);
  utimesSync(path, time, time);
}

/** Years of pictures: two seeds of one version, a later one, another graph is not there; and one without metadata. */
function outputs(): TestRepository {
  const repository = makeRepository();
  repository.commit({ 'notes.txt': 'mine' });
  save(repository, 'portrait_00001_.png', { seed: '1' }, '2025-03-01', 1);
  save(repository, 'portrait_00002_.png', { seed: '18446744073709551615' }, '2025-03-02', 2);
  save(repository, 'client/portrait_00001_.png', { steps: 30 }, '2025-06-01', 3);
  writeFileSync(join(repository.path, 'output', 'stripped.png'), picture(4));
  writeFileSync(join(repository.path, 'output', 'readme.txt'), 'no output');
  symlinkSync(join(repository.path, 'output'), join(repository.path, 'output', 'loop'));
  return repository;
}

describe('an output folder', () => {
  test('becomes a branch of dated versions, and each output is recorded to its own', async () => {
    const repository = outputs();
    const before = ['rev-parse HEAD', 'status --porcelain', 'branch --show-current'].map((words) =>
      repository.git(...words.split(' ')),
    );
    const { code, out } = await comfy(repository, 'recover', 'output');
    expect([code, out]).toEqual([
      0,
      '2 commits of 1 workflow on recovered:\n  workflows/portrait.json\n3 outputs recorded\n1 file without a workflow left alone\n',
    ]);
    expect(repository.git('log', '--reverse', '--format=%s %cs', 'recovered')).toBe(
      'portrait, as portrait_00001_.png has it 2025-03-01\nportrait, as portrait_00001_.png has it 2025-06-01',
    );
    const [first, second] = repository.git('rev-list', '--reverse', 'recovered').split('\n');
    expect(repository.git('show', 'recovered:workflows/portrait.json')).not.toContain('"pos"');
    const found = await comfy(repository, 'find', '--json', '--sort', 'name', 'cat');
    const rows = JSON.parse(found.out).result.rows as { record: { commit: string; match: string } }[];
    expect(rows.map(({ record }) => [record.commit, record.match])).toEqual(
      expect.arrayContaining([
        [first, 'exact'],
        [first, 'seeds'],
        [second, 'exact'],
      ]),
    );
    const after = ['rev-parse HEAD', 'status --porcelain', 'branch --show-current'].map((words) =>
      repository.git(...words.split(' ')),
    );
    expect(after).toEqual(before);
  });

  test('is not written over a branch that is there', async () => {
    const repository = outputs();
    // As many commits as would be made.
    repository.commit({ 'more.txt': 'mine too' });
    repository.git('branch', 'recovered');
    const refused = await comfy(repository, 'recover', 'output');
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('--branch recovered-2')]);
    expect((await comfy(repository, 'recover', 'output', '--branch', 'old')).code).toBe(0);
    expect((await comfy(repository, 'recover', 'output', '--branch', '-x y')).err).toContain('no name for a branch');
  });

  test('goes on with the branch that it made before it was stopped', async () => {
    const repository = outputs();
    const first = await comfy(repository, 'recover', 'output');
    const tip = repository.git('rev-parse', 'recovered');
    // As after a kill before anything was recorded.
    for (const ref of ['notes/comfy', 'comfy/store', 'comfy/kept']) repository.git('update-ref', '-d', `refs/${ref}`);
    rmSync(join(repository.path, '.git/comfy'), { recursive: true, force: true });
    expect(await comfy(repository, 'recover', 'output')).toMatchObject({ code: 0, out: first.out });
    expect(repository.git('rev-parse', 'recovered')).toBe(tip);
    const again = await comfy(repository, 'recover', 'output');
    expect(again.out).toContain('0 outputs recorded\n3 outputs had a record already');
    // Another version makes another history.
    save(repository, 'portrait_00003_.png', { steps: 40 }, '2025-09-01', 5);
    expect((await comfy(repository, 'recover', 'output')).err).toContain('there is a branch recovered already');
  });

  test('names files that cannot be read, and goes on with the others', async () => {
    const repository = outputs();
    symlinkSync('loop.png', join(repository.path, 'loop.png'));
    for (const name of ['nothing.png', 'loop.png', `${'x'.repeat(300)}.png`]) {
      const alone = await comfy(repository, 'recover', name);
      expect([alone.code, alone.err]).toEqual([2, expect.stringMatching(/there is no file .*\.png\n.*spelling/)]);
    }
    const { code, out } = await comfy(repository, 'recover', 'output', 'nothing.png');
    expect([code, out]).toEqual([
      1,
      expect.stringMatching(/3 outputs recorded[\s\S]*nothing.png: not recorded: there is no/),
    ]);
  });

  test('without any workflow says so', async () => {
    const repository = makeRepository();
    repository.commit({ a: 'a' });
    repository.write('a.png', picture(1));
    expect((await comfy(repository, 'recover', 'a.png')).err).toContain('none of these files has a workflow');
  });

  test('is recorded as a folder too', async () => {
    const repository = outputs();
    const { out } = await comfy(repository, 'record', 'output');
    expect(out.match(/: recorded: /g)).toHaveLength(3);
    expect((await comfy(repository, 'record', 'output')).out).toContain('3 outputs had a record already');
  });
});

describe('versions of one workflow', () => {
  const version = (file: string, workflow: object, key = file) => ({
    file,
    key,
    time: new Date(0),
    workflow: parseJson(JSON.stringify(workflow)) as JsonObject,
  });
  const nodes = (...types: string[]) => ({ nodes: types.map((type, id) => ({ id, type })) });
  const namesOf = (...versions: ReturnType<typeof version>[]) => placeVersions(versions).map(({ name }) => name);

  test('are told by their nodes, and by the id of the frontend', () => {
    const id = '7a1c0e1e-0000-4000-8000-000000000001';
    expect(
      namesOf(
        version('a_1_.png', nodes('A', 'B', 'C', 'D')),
        version('x_1_.png', nodes('A', 'B', 'C', 'E')),
        version('b_1_.png', nodes('P', 'Q')),
        version('c_1_.png', { ...nodes('M'), id }),
        version('d_1_.png', { ...nodes('R', 'S', 'T'), id }),
      ),
    ).toEqual(['a', 'a', 'b', 'c', 'c']);
  });

  test('get names that every system can have, each once', () => {
    expect(
      namesOf(
        version('../up/con_1.png', nodes('A')),
        version('a b*?_00001_.png', nodes('B')),
        version('A-b_1.png', nodes('C')),
        version('00001_.png', nodes('D')),
      ),
    ).toEqual(['workflow', 'a-b', 'A-b-2', 'workflow-2']);
  });
});

test('a workflow of a real layout comes back with it when the branch is checked out', async () => {
  const repository = outputs();
  const { configureFilter } = await import('../support/filtered-repository.js');
  configureFilter(repository);
  await comfy(repository, 'recover', 'output');
  repository.git('switch', '--quiet', 'recovered');
  const shown = JSON.parse(repository.read('workflows/portrait.json'));
  const saved = JSON.parse(workflowText({ steps: 30 }));
  const places = (workflow: { nodes: { id: number; pos: number[] }[] }) =>
    new Map(workflow.nodes.map(({ id, pos }) => [id, pos]));
  expect(places(shown)).toEqual(places(saved));
});
