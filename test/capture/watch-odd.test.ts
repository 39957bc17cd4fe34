import { randomUUID } from 'node:crypto';
import { rmSync, utimesSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hashingLater } from '../../src/capture/hash-later.js';
import { findSurroundings } from '../../src/capture/surroundings.js';
import { run } from '../../src/cli.js';
import { startSimulator } from '../../src/comfyui/simulator/start.js';
import { watchHistory } from '../../src/comfyui/watch-history.js';
import { noDependencies } from '../../src/lineage/state-document.js';
import { toPlain } from '../../src/workflow/json.js';
import { captured } from '../support/context.js';
import { closedPort, handMade, makeBase, paintPrompt, plainPrompt } from '../support/simulated.js';
import { queue, recordsOf, stage, startWatch, workflow } from '../support/watching.js';

const started = async (port?: number) => {
  const base = makeBase();
  const { url, close } = await startSimulator({ base, classes: [], ...(port === undefined ? {} : { port }) });
  onTestFinished(close);
  return { url, base };
};

const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

describe('several servers', () => {
  test('are followed side by side, and one that is away is waited for', async () => {
    const { repository, url, queue: queueHere } = await stage();
    const away = await closedPort();
    const watcher = await startWatch(repository, [url, away]);
    await queueHere(11);
    await watcher.until(1);
    await until(() => watcher.err().includes('waiting for it'));
    await started(Number(new URL(away).port));
    await queue(away, 12);
    await watcher.until(2);
    const records = await recordsOf(repository);
    expect(records.map(({ seeds, server }) => [seeds['2.seed'], server])).toEqual([
      ['11', new URL(url).host],
      ['12', new URL(away).host],
    ]);
  });

  test('may all be named, by the flag or by git config', async () => {
    const { repository, url, queue: queueHere } = await stage();
    const other = await started();
    await queueHere(13);
    await queue(other.url, 14);
    const flags = captured(repository.path);
    const again = url.replace('127.0.0.1', 'localhost');
    const servers = [url, other.url, again].flatMap((one) => ['--server', one]);
    expect(await run(flags.context, ['watch', '--once', ...servers])).toBe(0);
    expect(flags.err()).not.toContain('localhost');
    expect(flags.out()).toContain(`${new URL(other.url).host}: t/img_00001_.png`);
    expect(flags.out()).toContain('2 runs recorded');
    for (const one of [url, other.url]) repository.git('config', '--add', 'comfy.server', one);
    const config = captured(repository.path);
    expect(await run(config.context, ['watch', '--once', '--json'])).toBe(0);
    expect([JSON.parse(config.out()).result.recorded, await recordsOf(repository)]).toMatchObject([0, { length: 2 }]);
  });

  test('one that does not answer is an error where nobody waits', async () => {
    const { repository } = await stage();
    const { context, err } = captured(repository.path);
    expect(await run(context, ['watch', '--once', '--server', await closedPort()])).toBe(2);
    expect(err()).toContain('no ComfyUI server');
  });
});

describe('an output that is not there any more', () => {
  const batch = { ...(toPlain(plainPrompt(21)) as Record<string, object>) };
  const picture = { class_type: 'EmptyImage', inputs: { width: 64, height: 48, batch_size: 3, color: 255 } };

  test('is left out; the others of its batch are recorded', async () => {
    const { repository, base, url, queue: queueHere } = await stage();
    await queueHere(21, { prompt: { ...batch, '1': picture } });
    rmSync(join(base, 'output', 't', 'img_00002_.png'));
    const watcher = await startWatch(repository, url, { once: true });
    await watcher.until(1);
    expect((await recordsOf(repository))[0]?.outputs.map(({ name }) => name)).toEqual([
      't/img_00001_.png',
      't/img_00003_.png',
    ]);
    expect(watcher.err()).toContain('without one of its outputs');
  });

  test('and whose name another file has taken is not mistaken for it', async () => {
    const { repository, base, url, queue: queueHere } = await stage();
    await queueHere(22);
    const path = join(base, 'output', 't', 'img_00001_.png');
    rmSync(path);
    await queueHere(23);
    utimesSync(path, new Date('2099-01-01'), new Date('2099-01-01'));
    const watcher = await startWatch(repository, url, { once: true });
    await watcher.until(2);
    expect(watcher.seen).toMatchObject([{ kind: 'failed', text: expect.stringContaining('another file now') }, {}]);
    expect((await recordsOf(repository)).map(({ seeds }) => seeds['2.seed'])).toEqual(['23']);
  });
});

test('of what others run nothing is fetched, and nothing is told', async () => {
  const { repository, base, url, queue: queueHere } = await stage();
  const foreign = { ...workflow(31), id: randomUUID(), nodes: [], links: [] };
  const plain = toPlain(plainPrompt(31)) as Record<string, object>;
  const raise = { class_type: 'LabRaise', inputs: { image: ['2', 0], message: 'not ours' } };
  const save = { class_type: 'SaveImage', inputs: { images: ['5', 0], filename_prefix: 'x' } };
  await queueHere(31, { extra_data: { extra_pnginfo: { workflow: foreign } } });
  await queueHere(31, {
    prompt: { ...plain, '5': raise, '9': save },
    extra_data: { extra_pnginfo: { workflow: foreign } },
  });
  rmSync(join(base, 'output'), { recursive: true });
  const watcher = await startWatch(repository, url, { once: true });
  await watcher.until(2);
  expect(watcher.seen.map((seen) => [seen.kind, 'why' in seen && seen.why])).toEqual([
    ['left', 'foreign'],
    ['left', 'foreign'],
  ]);
});

test('a look after the machine slept is not of a moment ago', async () => {
  const { url } = await stage();
  let now = 0;
  const watching = { signal: new AbortController().signal, onSilence: () => {}, pollEvery: 1, clock: () => now };
  const live: (boolean | undefined)[] = [];
  for await (const look of watchHistory({ url }, watching)) {
    live.push(look.live);
    if (live.length === 2) now += 8 * 3_600_000;
    if (live.length === 4) break;
  }
  expect(live).toEqual([false, true, false, true]);
});

test('a server that goes away while its outputs are read is asked again', async () => {
  const { repository, url, queue: queueHere } = await stage();
  await queueHere(51);
  let cut = 0;
  const proxy = await handMade(async ({ url: path = '' }, response) => {
    if (path.startsWith('/view') && cut++ === 0) {
      response.destroy();
      return;
    }
    const elsewhere = path.startsWith('/internal');
    const answer = await fetch(elsewhere ? `${url}/nothing` : `${url}${path}`);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  const watcher = await startWatch(repository, proxy);
  await watcher.until(1);
  expect([await recordsOf(repository), cut, watcher.err()]).toMatchObject([
    { length: 1 },
    2,
    expect.stringContaining('trying again'),
  ]);
});

test('a model that there was no time to hash is hashed beside, once', async () => {
  const base = makeBase({ 'models/checkpoints/dream.safetensors': 'dream' });
  const { url, close } = await startSimulator({ base, classes: [] });
  onTestFinished(close);
  const { context } = captured(base, { env: {} });
  const around = await findSurroundings(undefined, { ...context, server: { url } });
  const hashed: string[] = [];
  const remember = async (path: string) => {
    hashed.push(basename(path));
  };
  const later = hashingLater({ ...around, cache: { ...around.cache, remember } }, context);
  const left = (size: number) => new Map([['checkpoints/dream.safetensors', { digest: 'unhashed' as const, size }]]);
  for (const size of [5, 5, 6]) later(paintPrompt({}), { ...noDependencies, models: left(size) });
  await until(() => hashed.length === 2);
  expect(hashed).toEqual(['dream.safetensors', 'dream.safetensors']);
});
