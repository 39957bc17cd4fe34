import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readLineage } from '../../src/capture/read-lineage.js';
import { runWorkflow } from '../../src/capture/run.js';
import { readRunnable } from '../../src/capture/runnable.js';
import { watch } from '../../src/capture/watch.js';
import type { Seen, WatchWishes } from '../../src/capture/watch-stage.js';
import { run } from '../../src/cli.js';
import { startSimulator } from '../../src/comfyui/simulator/start.js';
import { toPlain } from '../../src/workflow/json.js';
import { captured } from '../support/context.js';
import { makeRepository, type TestRepository } from '../support/git.js';
import { labClasses, makeGate } from '../support/lab-nodes.js';
import { makeBase, plainPrompt } from '../support/simulated.js';

const file = 'noise.json';

/** What the frontend saves and embeds: noise on a plain picture. */
const workflow = (seed: number | string = 5, strength = 0.5, more: object = {}) => ({
  id: '7a1c0e1e-0000-4000-8000-000000000001',
  last_node_id: 9,
  last_link_id: 2,
  nodes: [
    {
      id: 1,
      type: 'EmptyImage',
      pos: [0, 0],
      outputs: [{ name: 'IMAGE', type: 'IMAGE', links: [1] }],
      widgets_values: [64, 48, 1, 255],
    },
    {
      id: 2,
      type: 'ImageAddNoise',
      pos: [300, 0],
      inputs: [{ name: 'image', type: 'IMAGE', link: 1 }],
      outputs: [{ name: 'IMAGE', type: 'IMAGE', links: [2] }],
      widgets_values: [seed, 'randomize', strength],
    },
    {
      id: 9,
      type: 'SaveImage',
      pos: [600, 0],
      inputs: [{ name: 'images', type: 'IMAGE', link: 2 }],
      widgets_values: ['t/img'],
    },
  ],
  links: [
    [1, 1, 0, 2, 0, 'IMAGE'],
    [2, 2, 0, 9, 0, 'IMAGE'],
  ],
  version: 0.4,
  ...more,
});

interface Stage {
  readonly repository: TestRepository;
  readonly url: string;
  /** Queues as a browser or a script does; resolves when the run has ended. */
  queue(seed: number, body?: object): Promise<string>;
}

async function stage(): Promise<Stage> {
  const repository = makeRepository();
  repository.commit({ [file]: JSON.stringify(workflow()), '.gitattributes': '*.json -text filter=comfy\n' });
  const { url, close } = await startSimulator({ base: makeBase(), classes: labClasses(makeGate()) });
  onTestFinished(close);
  return { repository, url, queue: (seed, body) => queue(url, seed, body) };
}

async function queue(url: string, seed: number, body: object = {}): Promise<string> {
  const message = {
    prompt: toPlain(plainPrompt(seed)),
    client_id: randomUUID(),
    extra_data: { extra_pnginfo: { workflow: workflow(seed) } },
    ...body,
  };
  const answer = await fetch(`${url}/prompt`, { method: 'POST', body: JSON.stringify(message) });
  const { prompt_id: id } = (await answer.json()) as { prompt_id: string };
  for (;;) {
    const entry = (await (await fetch(`${url}/history/${id}`)).json()) as Record<string, unknown>;
    if (entry[id] !== undefined) return id;
  }
}

interface Watcher {
  readonly seen: Seen[];
  readonly err: () => string;
  /** Resolves when so many runs have been seen. */
  until(count: number): Promise<void>;
  stop(): Promise<void>;
}

async function startWatch(
  repository: TestRepository,
  url: string,
  wishes: Partial<WatchWishes> = {},
): Promise<Watcher> {
  const stopping = new AbortController();
  const { context, err } = captured(repository.path, { signal: stopping.signal });
  const seen: Seen[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const onSeen = async (one: Seen) => {
    seen.push(one);
    for (const { count, resolve } of waiting) if (seen.length >= count) resolve();
  };
  const done = watch(
    await repository.open(),
    { url },
    { all: false, once: false, onSeen, pollEvery: 50, ...wishes },
    context,
  );
  const stop = async () => {
    stopping.abort();
    await done;
  };
  onTestFinished(stop);
  return {
    seen,
    err,
    stop,
    until: (count) => new Promise((resolve) => (seen.length >= count ? resolve() : waiting.push({ count, resolve }))),
  };
}

const recordsOf = async (repository: TestRepository) =>
  (await readLineage(await repository.open())).records.map(({ record }) => record);

describe('a run that somebody else queued', () => {
  test('is recorded at its commit, with what was installed while it ran', async () => {
    const { repository, url, queue } = await stage();
    const watcher = await startWatch(repository, url);
    await queue(41);
    await watcher.until(1);
    await queue(42);
    await watcher.until(2);
    const records = await recordsOf(repository);
    expect(records).toMatchObject([
      {
        match: 'seeds',
        workflow: { path: file },
        seeds: { '2.seed': '41' },
        commit: repository.git('rev-parse', 'HEAD'),
      },
      { match: 'seeds', seeds: { '2.seed': '42' } },
    ]);
    expect(records[1]?.state).toMatch(/^[0-9a-f]{64}$/);
  });

  test('without a workflow is matched by its prompt', async () => {
    const { repository, url, queue } = await stage();
    const watcher = await startWatch(repository, url);
    await queue(43, { extra_data: {} });
    await watcher.until(1);
    expect(await recordsOf(repository)).toMatchObject([{ match: 'seeds', seeds: { '2.seed': '43' } }]);
  });

  test('of an edit that is not committed is noted at HEAD', async () => {
    const { repository, url, queue } = await stage();
    const watcher = await startWatch(repository, url);
    const edited = workflow(44);
    edited.nodes.push({
      id: 10,
      type: 'PreviewImage',
      pos: [0, 0],
      inputs: [{ name: 'images', type: 'IMAGE', link: 2 }],
      widgets_values: [],
    } as never);
    await queue(44, { extra_data: { extra_pnginfo: { workflow: edited } } });
    await watcher.until(1);
    expect(await recordsOf(repository)).toMatchObject([{ match: 'uncommitted' }]);
  });

  test('of another workflow is left alone, unless all are wanted', async () => {
    const { repository, url, queue } = await stage();
    const foreign = {
      extra_data: { extra_pnginfo: { workflow: { ...workflow(45), id: randomUUID(), nodes: [], links: [] } } },
    };
    const watcher = await startWatch(repository, url);
    await queue(45, foreign);
    await watcher.until(1);
    await watcher.stop();
    expect([watcher.seen, await recordsOf(repository)]).toMatchObject([[{ kind: 'left', why: 'foreign' }], []]);
    const all = await startWatch(repository, url, { all: true, once: true });
    await all.until(1);
    expect(await recordsOf(repository)).toMatchObject([{ match: 'uncommitted', seeds: { '2.seed': '45' } }]);
  });

  test('that failed is explained', async () => {
    const { repository, url, queue } = await stage();
    const watcher = await startWatch(repository, url);
    const plain = toPlain(plainPrompt(46)) as Record<string, object>;
    const raise = { class_type: 'LabRaise', inputs: { image: ['2', 0], message: 'no such thing' } };
    const save = { class_type: 'SaveImage', inputs: { images: ['5', 0], filename_prefix: 'x' } };
    await queue(46, { prompt: { ...plain, '5': raise, '9': save } });
    await watcher.until(1);
    expect(watcher.seen).toMatchObject([
      { kind: 'failed', text: expect.stringContaining('failed: ValueError: no such thing') },
    ]);
  });
});

describe('what the server remembers', () => {
  test('is taken in, without what nobody looked at, and once only', async () => {
    const { repository, url, queue } = await stage();
    await queue(51);
    await queue(52);
    await (await startWatch(repository, url, { once: true })).until(2);
    const again = await startWatch(repository, url, { once: true });
    await again.stop();
    const records = await recordsOf(repository);
    expect(records.map(({ seeds, state }) => [seeds['2.seed'], state])).toEqual([
      ['51', undefined],
      ['52', undefined],
    ]);
  });

  test('belongs to the commit that HEAD was at', async () => {
    const { repository, url, queue } = await stage();
    const first = repository.git('rev-parse', 'HEAD');
    await queue(53, { extra_data: { extra_pnginfo: { workflow: workflow(53, 0.9) } } });
    repository.write(file, JSON.stringify(workflow(5, 0.7)));
    const env = { ...process.env, GIT_COMMITTER_DATE: '2099-01-01T00:00:00Z' };
    execFileSync('git', ['commit', '--quiet', '--all', '-m', 'much later'], { cwd: repository.path, env });
    await (await startWatch(repository, url, { once: true })).until(1);
    expect(await recordsOf(repository)).toMatchObject([{ match: 'derived', commit: first }]);
  });
});

test('what git comfy queued itself is recorded once, by the one who queued it', async () => {
  const { repository, url, queue } = await stage();
  const watcher = await startWatch(repository, url);
  const { context } = captured(repository.path);
  const runnable = await readRunnable(join(repository.path, file));
  await runWorkflow(await repository.open(), { url }, runnable, { assignments: [], count: 1 }, context);
  await queue(61);
  await watcher.until(2);
  expect(watcher.seen.map(({ kind }) => kind)).toEqual(['left', 'recorded']);
  expect(await recordsOf(repository)).toHaveLength(2);
});

test('a second watcher waits, and takes over', async () => {
  const { repository, url, queue } = await stage();
  const first = await startWatch(repository, url);
  await queue(71);
  await first.until(1);
  const second = await startWatch(repository, url);
  await queue(72);
  await first.until(2);
  expect([second.seen, second.err()]).toEqual([[], expect.stringContaining('this one waits')]);
  await first.stop();
  await queue(73);
  await second.until(1);
  expect((await recordsOf(repository)).map(({ seeds }) => seeds['2.seed'])).toEqual(['71', '72', '73']);
});

test('a server that goes away is waited for', async () => {
  const { repository } = await stage();
  const base = makeBase();
  const before = await startSimulator({ base, classes: [] });
  const watcher = await startWatch(repository, before.url);
  await queue(before.url, 81);
  await watcher.until(1);
  await before.close();
  while (!watcher.err().includes('waiting for it')) await new Promise((resolve) => setImmediate(resolve));
  const after = await startSimulator({ base, classes: [], port: Number(new URL(before.url).port) });
  onTestFinished(after.close);
  await queue(after.url, 82);
  await watcher.until(2);
  expect(watcher.err()).toContain('is back');
  expect(await recordsOf(repository)).toHaveLength(2);
});

test('after a mere drag git has nothing to say', async () => {
  const { repository, url } = await stage();
  const { configureFilter } = await import('../support/filtered-repository.js');
  configureFilter(repository);
  repository.git('add', '--renormalize', '.');
  repository.git('commit', '--quiet', '--amend', '-m', 'normal');
  const dragged = JSON.parse(readFileSync(join(repository.path, file), 'utf8'));
  dragged.nodes[0].pos = [123456, 1];
  writeFileSync(join(repository.path, file), JSON.stringify(dragged));
  expect(repository.git('status', '--porcelain')).not.toBe('');
  const watcher = await startWatch(repository, url, { once: false });
  while (repository.git('status', '--porcelain') !== '') await new Promise((resolve) => setImmediate(resolve));
  await watcher.stop();
});

test('the command tells each run, and counts', async () => {
  const { repository, url, queue } = await stage();
  await queue(91);
  const { context, out } = captured(repository.path);
  expect(await run(context, ['watch', '--once', '--server', url])).toBe(0);
  expect(out()).toMatch(/^t\/img_00001_\.png {2}noise\.json at [0-9a-f]{10}, but for the seed\n1 run recorded\n$/);
});
