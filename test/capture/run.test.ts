import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fetchOutputs } from '../../src/capture/fetch-outputs.js';
import { readLineage } from '../../src/capture/read-lineage.js';
import { type RunWishes, runWorkflow } from '../../src/capture/run.js';
import { readRunnable } from '../../src/capture/runnable.js';
import { serverFor } from '../../src/capture/server-choice.js';
import { readEmbedded } from '../../src/image/embedded.js';
import { parseAssignment } from '../../src/workflow/assignment.js';
import { writeJson } from '../../src/workflow/json.js';
import { captured } from '../support/context.js';
import { makeRepository, type TestRepository, temporaryFolder } from '../support/git.js';
import { labClasses, makeGate } from '../support/lab-nodes.js';
import { plainPrompt, simulated } from '../support/simulated.js';

const workflow = (control = 'randomize') => ({
  id: 'w',
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
      title: 'grain',
      pos: [300, 0],
      inputs: [{ name: 'image', type: 'IMAGE', link: 1 }],
      outputs: [{ name: 'IMAGE', type: 'IMAGE', links: [2] }],
      widgets_values: [5, control, 0.5],
    },
    {
      id: 9,
      type: 'SaveImage',
      pos: [600, 0],
      inputs: [{ name: 'images', type: 'IMAGE', link: 2 }],
      widgets_values: ['run/img'],
    },
  ],
  links: [
    [1, 1, 0, 2, 0, 'IMAGE'],
    [2, 2, 0, 9, 0, 'IMAGE'],
  ],
  version: 0.4,
});

interface Stage {
  readonly repository: TestRepository;
  readonly url: string;
  readonly base: string;
  readonly err: () => string;
  readonly run: (file: string, wishes?: Partial<RunWishes>, signal?: AbortSignal) => ReturnType<typeof runWorkflow>;
}

async function stage(content: unknown = workflow(), name = 'noise.json'): Promise<Stage> {
  const repository = makeRepository();
  repository.commit({ [name]: JSON.stringify(content), '.gitattributes': '*.json -text filter=comfy\n' });
  const server = await simulated({}, labClasses(makeGate()));
  const { context, err } = captured(repository.path);
  const run: Stage['run'] = async (file, wishes = {}, signal = context.signal) =>
    runWorkflow(
      await repository.open(),
      { url: server.url },
      await readRunnable(join(repository.path, file)),
      { assignments: [], count: 1, ...wishes },
      { ...context, signal },
    );
  return { repository, ...server, err, run };
}

const set = (...texts: string[]) => ({ assignments: texts.map(parseAssignment) });

test('a run is recorded with what it made, drew and depended on; the file itself stays', async () => {
  const { repository, base, run } = await stage();
  const before = repository.read('noise.json');
  const [done] = await run('noise.json');
  expect(done?.record).toMatchObject({
    match: 'seeds',
    captured: 'run',
    workflow: { path: 'noise.json' },
    commit: repository.git('rev-parse', 'HEAD'),
    outputs: [{ name: 'run/img_00001_.png', node: '9', index: 0, width: 64, height: 48 }],
  });
  expect(done?.record.seeds['2.seed']).toMatch(/^\d{1,16}$/);
  expect(done?.outputs[0]?.path).toBe(join(base, 'output/run/img_00001_.png'));
  expect(repository.read('noise.json')).toBe(before);
  const { records } = await readLineage(await repository.open());
  expect(records).toHaveLength(1);
});

test('the embedded workflow holds the seed that ran', async () => {
  const { run } = await stage();
  const [done] = await run('noise.json');
  const seed = done?.record.seeds['2.seed'];
  const { workflow: embedded } = readEmbedded(done?.outputs[0]?.bytes ?? new Uint8Array());
  expect(embedded).toContain(`"widgets_values": [${seed}, "randomize", 0.5]`);
});

test('a workflow that has no layout is embedded as a checkout would write it: nodes of packs read those members', async () => {
  const whole = workflow('fixed');
  const nodes = whole.nodes.map(({ pos, outputs, ...node }) => ({
    ...node,
    ...(outputs === undefined ? {} : { outputs: outputs.map(({ links, ...slot }) => slot) }),
  }));
  const { run } = await stage({ ...whole, nodes });
  const [done] = await run('noise.json');
  const { workflow: embedded } = readEmbedded(done?.outputs[0]?.bytes ?? new Uint8Array());
  const found = JSON.parse(embedded ?? '') as { nodes: { id: number; outputs?: { links: unknown }[] }[] };
  expect(found.nodes.map(({ outputs }) => outputs?.[0]?.links)).toEqual([[1], [2], undefined]);
});

test('seeds are drawn anew for every run, or counted, or kept', async () => {
  const seeds = async (control: string) => {
    const { run } = await stage(workflow(control));
    return (await run('noise.json', { count: 3 })).map(({ record }) => record.seeds['2.seed']);
  };
  expect(new Set(await seeds('randomize')).size).toBe(3);
  expect(await seeds('increment')).toEqual(['5', '6', '7']);
  expect(await seeds('decrement')).toEqual(['5', '4', '3']);
  expect(await seeds('fixed')).toEqual(['5', '5', '5']);
});

test('what is set runs, is embedded, and is recorded as derived', async () => {
  const { run } = await stage();
  const [done] = await run('noise.json', { ...set('grain.strength=0.25'), seed: '18446744073709551615' });
  expect(done?.record).toMatchObject({ match: 'derived', differs: expect.arrayContaining(['2.strength']) });
  expect(done?.record.seeds).toEqual({ '2.seed': '18446744073709551615' });
  const { workflow: embedded, prompt } = readEmbedded(done?.outputs[0]?.bytes ?? new Uint8Array());
  expect(embedded).toContain('[18446744073709551615, "randomize", 0.25]');
  expect(prompt).toContain('"seed": 18446744073709551615');
});

test('a seed that was set by hand is not drawn over', async () => {
  const { run } = await stage();
  const [done] = await run('noise.json', set('grain.seed=77'));
  expect(done?.record.seeds).toEqual({ '2.seed': '77' });
});

test('a picture runs again as it ran, and what the server has in its cache is recorded once', async () => {
  const { repository, run } = await stage();
  const [first] = await run('noise.json');
  writeFileSync(join(repository.path, 'moved.png'), first?.outputs[0]?.bytes ?? '');
  const [again] = await run('moved.png');
  expect(again).toMatchObject({ alreadyRecorded: true, id: first?.id });
  expect((await readLineage(await repository.open())).records).toHaveLength(1);
});

test('an API prompt runs as it is', async () => {
  const { run } = await stage(JSON.parse(writeJson(plainPrompt())), 'api.json');
  const [done] = await run('api.json');
  expect(done?.record).toMatchObject({ match: 'exact', workflow: { path: 'api.json' }, seeds: { '2.seed': '1' } });
});

test('what ComfyUI refuses is not recorded', async () => {
  const { repository, run } = await stage();
  await expect(run('noise.json', set('strength=7'))).rejects.toMatchObject({
    code: 'prompt-refused',
    message: expect.stringContaining('ImageAddNoise "grain" #2 strength: Value 7.0 bigger than max of 1.0'),
  });
  expect((await readLineage(await repository.open())).records).toEqual([]);
});

test('a run that is interrupted leaves no record and nothing in the queue', async () => {
  const sleep = { class_type: 'LabSleep', inputs: { image: ['2', 0], seconds: 9 } };
  const save = { class_type: 'SaveImage', inputs: { images: ['5', 0], filename_prefix: 'late' } };
  const prompt = JSON.parse(writeJson(plainPrompt(1, { '5': sleep, '8': save })));
  const { repository, url, run } = await stage(prompt, 'slow.json');
  const stop = new AbortController();
  const running = run('slow.json', {}, stop.signal);
  await expect.poll(async () => (await fetch(`${url}/queue`)).text()).toContain('"LabSleep"');
  stop.abort();
  await expect(running).rejects.toMatchObject({ code: 'interrupted' });
  await expect.poll(async () => (await fetch(`${url}/queue`)).json()).toEqual({ queue_running: [], queue_pending: [] });
  expect((await readLineage(await repository.open())).records).toEqual([]);
});

test.each([
  ['no JSON', 'hello', 'json-syntax'],
  ['JSON of others', '{"a": 1}', 'not-a-workflow'],
  ['half a picture', Buffer.from('89504e470d0a1a0a0000', 'hex'), 'png-truncated'],
])('%s is not run', async (_name, content, code) => {
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, content);
  await expect(readRunnable(path)).rejects.toMatchObject({ code });
});

test('the files of a server elsewhere are saved, never over another one', async () => {
  const { url, run } = await stage();
  const [done] = await run('noise.json');
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'run'));
  writeFileSync(join(folder, 'run/img_00001_.png'), 'mine');
  const fetched = await fetchOutputs({ url }, done?.run.outputs ?? [], {
    folder,
    signal: new AbortController().signal,
  });
  expect(fetched.map(({ path }) => path)).toEqual([join(folder, 'run/img_00001_ (1).png')]);
  expect(readFileSync(join(folder, 'run/img_00001_.png'), 'utf8')).toBe('mine');
});

test('a file that is not what the server sent is told', async () => {
  const { url, base, run } = await stage();
  const [done] = await run('noise.json');
  const output = join(temporaryFolder(), 'output');
  mkdirSync(join(output, 'run'), { recursive: true });
  renameSync(join(base, 'output/run/img_00001_.png'), join(base, 'output/run/kept.png'));
  writeFileSync(join(base, 'output/run/img_00001_.png'), readFileSync(join(base, 'output/run/kept.png')));
  writeFileSync(join(output, 'run/img_00001_.png'), 'something else');
  const installation = { root: base, modelFolders: new Map(), input: '', output, temp: '', customNodes: [] };
  const fetching = { installation, folder: temporaryFolder(), signal: new AbortController().signal };
  await expect(fetchOutputs({ url }, done?.run.outputs ?? [], fetching)).rejects.toMatchObject({
    code: 'output-differs',
  });
});

test('the flag names the server, then the environment, then git config; the tree never does', async () => {
  const { url } = await simulated();
  const repository = makeRepository();
  repository.commit({ 'comfy.yaml': `normalForm: 1\nserver: ${url}\n` });
  const opened = await repository.open();
  const signal = new AbortController().signal;
  const elsewhere = { GIT_COMFY_SERVER: 'http://127.0.0.1:1' };
  expect(await serverFor(opened, { flag: url, env: elsewhere, signal })).toEqual({ url });
  await expect(serverFor(opened, { env: elsewhere, signal })).rejects.toMatchObject({ code: 'no-server' });
  repository.git('config', 'comfy.server', 'http://127.0.0.1:1');
  repository.git('config', '--add', 'comfy.server', url);
  expect(await serverFor(opened, { env: {}, signal })).toEqual({ url });
  // Outside of repositories what this user has for all of them counts.
  execFileSync('git', ['config', '--global', 'comfy.server', url], { cwd: opened.top });
  onTestFinished(() => void execFileSync('git', ['config', '--global', '--unset', 'comfy.server']));
  expect(await serverFor(undefined, { env: {}, signal })).toEqual({ url });
});
