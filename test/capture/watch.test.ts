import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runWorkflow } from '../../src/capture/run.js';
import { readRunnable } from '../../src/capture/runnable.js';
import { run } from '../../src/cli.js';
import { startSimulator } from '../../src/comfyui/simulator/start.js';
import { toPlain } from '../../src/workflow/json.js';
import { captured } from '../support/context.js';
import { makeBase, plainPrompt } from '../support/simulated.js';
import { file, queue, recordsOf, stage, startWatch, workflow } from '../support/watching.js';

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
      { kind: 'failed', text: expect.stringMatching(/^noise\.json: .*failed: ValueError: no such thing/) },
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
  // The same server, as somebody else types it.
  const second = await startWatch(repository, url.replace('127.0.0.1', 'localhost'));
  await queue(72);
  await first.until(2);
  while (!second.err().includes('this one waits')) await new Promise((resolve) => setImmediate(resolve));
  expect(second.seen).toEqual([]);
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
