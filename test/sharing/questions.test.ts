import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { rememberRepository } from '../../src/capture/known-repositories.js';
import { recordRun } from '../../src/capture/record-run.js';
import { run } from '../../src/cli.js';
import type { Context } from '../../src/context.js';
import { noDependencies } from '../../src/lineage/state-document.js';
import { captured } from '../support/context.js';
import type { TestRepository } from '../support/git.js';
import { madePicture, picture, runFacts } from '../support/run-facts.js';
import { committedWorkflow, makeWorkflowRepository } from '../support/workflow-repository.js';

async function comfy(repository: TestRepository, words: readonly string[], more: Partial<Context> = {}) {
  const { context, out, err } = captured(repository.path, more);
  const code = await run(context, words);
  return { code, out: out(), err: err() };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A run that took the pictures in, under these names. */
const made = (name: string, shade: number, inputs: Readonly<Record<string, Buffer>> = {}) =>
  runFacts(
    {},
    {
      outputs: [{ name, node: '9', index: 0, bytes: madePicture(shade) }],
      dependencies: {
        ...noDependencies,
        inputs: new Map(
          Object.entries(inputs).map(([as, bytes]) => [as, { digest: `sha256:${sha256(bytes)}` as const }]),
        ),
      },
    },
  );

describe('show --tree', () => {
  /** sketch -> base -> upscaled, and sketch -> variant. */
  async function family() {
    const { repository, opened } = await committedWorkflow();
    await recordRun(opened, made('sketch.png', 1));
    await recordRun(opened, made('base.png', 2, { 'pasted/image.png': madePicture(1) }));
    await recordRun(opened, made('up.png', 3, { 'base.png [output]': madePicture(2) }));
    await recordRun(opened, made('variant.png', 4, { 'sketch.png': madePicture(1), 'nobody.png': madePicture(200) }));
    repository.write('b.png', madePicture(2));
    return repository;
  }

  test('parents and children of an output, by the hashes of inputs', async () => {
    const { code, out } = await comfy(await family(), ['show', '--tree', 'b.png']);
    expect(code).toBe(0);
    expect(out.replaceAll(/ {2}[0-9a-f]{12} {2}.*?(?=,|$)/gm, '')).toBe(
      'b.png\n  made of\n    sketch.png, as pasted/image.png\n  used for\n    up.png\n',
    );
  });

  test('all that came of one, by the digits of its hash', async () => {
    const { out } = await comfy(await family(), ['show', '--tree', sha256(madePicture(1)).slice(0, 10), '--json']);
    const names = (relatives: readonly { output: { name: string }; further?: never[] }[]): unknown =>
      relatives.map(({ output, further }) => [output.name, names(further ?? [])]);
    expect(names(JSON.parse(out).result.children)).toEqual([
      ['base.png', [['up.png', []]]],
      ['variant.png', []],
    ]);
  });

  test('pictures that were made from each other end somewhere', async () => {
    const { repository, opened } = await committedWorkflow();
    await recordRun(opened, made('a.png', 1, { 'b.png': madePicture(2) }));
    await recordRun(opened, made('b.png', 2, { 'a.png': madePicture(1) }));
    repository.write('a.png', madePicture(1));
    expect((await comfy(repository, ['show', '--tree', 'a.png'])).out).toContain('(see above)');
  });
});

describe('find --open', () => {
  /** What a desktop has, but writing down what it is asked to open. */
  function fakeOpener() {
    const folder = mkdtempSync(join(tmpdir(), 'git-comfy-opener-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    return { folder, opened: () => readFileSync(join(folder, 'opened'), 'utf8') };
  }

  test('opens the files, wherever they lie now, without a shell', async () => {
    const { repository, opened } = await committedWorkflow();
    const { folder, opened: said } = fakeOpener();
    const script = `#!/bin/sh\nprintf '%s\\n' "$#" "$@" > '${folder}/part' && mv '${folder}/part' '${folder}/opened'\n`;
    for (const name of ['xdg-open', 'open']) {
      repository.write(`bin/${name}`, script);
      chmodSync(join(repository.path, 'bin', name), 0o755);
      symlinkSync(join(repository.path, 'bin', name), join(folder, name));
    }
    await recordRun(opened, made('a.png', 1));
    await recordRun(opened, made('gone.png', 2));
    const odd = 'moved/it is $(touch here); "a".png';
    repository.write(odd, madePicture(1));
    const env = { PATH: `${folder}:/usr/bin:/bin`, HOME: folder };
    const { code, out, err } = await comfy(repository, ['find', 'cat', '--open'], { env });
    expect([code, out, err]).toEqual([0, expect.stringContaining('a.png'), expect.stringContaining('gone.png')]);
    while (!existsSync(join(folder, 'opened'))) await new Promise((resolve) => setImmediate(resolve));
    expect(said()).toBe(`1\n${join(repository.path, odd)}\n`);
  });

  test('many files are opened only where somebody says how many', async () => {
    const { repository, opened } = await committedWorkflow();
    const outputs = Array.from({ length: 21 }, (_, at) => ({
      ...{ name: `${at}.png`, node: '9', index: at, bytes: madePicture(at) },
    }));
    await recordRun(opened, runFacts({}, { outputs }));
    const { code, err } = await comfy(repository, ['find', 'cat', '--open']);
    expect([code, err]).toEqual([2, expect.stringContaining('--limit 20')]);
  });
});

test('a query whose quotes the shell has kept is read without them', async () => {
  const { repository, opened } = await committedWorkflow();
  await recordRun(opened, made('a.png', 1));
  expect((await comfy(repository, ['find', 'prompt:"a cat"'])).out).toContain('a.png');
});

test('log counts what each commit made; --outputs names every output with its hash', async () => {
  const { repository, opened } = await committedWorkflow();
  const outputs = [1, 2, 3, 4, 5].map((shade) => ({
    ...{ name: `${shade}.png`, node: '9', index: shade, bytes: madePicture(shade) },
  }));
  const { id } = await recordRun(opened, runFacts({}, { outputs }));
  for (const grade of ['full', 'full', 'approximate'] as const)
    await recordRun(opened, runFacts({}, { reproduces: id, grade }));
  repository.commit({ 'notes.txt': 'later' }, 'Nothing made');
  expect((await comfy(repository, ['log'])).out).toMatch(
    /Softer light .* {2}8 outputs, 3 reproductions: 2 full, 1 approximate\n/,
  );
  const { out } = await comfy(repository, ['log', '--outputs']);
  expect(out).not.toContain('Nothing made');
  expect(out).toMatch(new RegExp(`^ {4}5\\.png +2026-11-21 +${sha256(madePicture(5)).slice(0, 12)}`, 'm'));
});

test('status says what waits in the journal', async () => {
  const repository = makeWorkflowRepository();
  await recordRun(await repository.open(), runFacts());
  expect((await comfy(repository, ['status'])).out).toContain(
    '1 run with 1 output in the journal: they wait for the first commit',
  );
});

describe('show, out of the repository', () => {
  test('finds the record of a stripped picture in a repository that was set up here', async () => {
    const { repository, opened } = await committedWorkflow();
    await recordRun(opened, made('a.png', 1));
    const elsewhere = mkdtempSync(join(tmpdir(), 'git-comfy-elsewhere-'));
    onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }));
    writeFileSync(join(elsewhere, 'sent.png'), picture(1));
    const show = async (...words: string[]) => {
      const { context, out, err } = captured(elsewhere);
      return {
        code: await run(context, ['show', ...(words.length === 0 ? ['sent.png'] : words)]),
        out: out(),
        err: err(),
      };
    };
    const digits = sha256(madePicture(1)).slice(0, 10);
    expect(await show()).toMatchObject({ code: 2, err: expect.stringContaining('nothing is known of sent.png') });
    expect(await show('--tree', 'sent.png')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no git repository'),
    });
    expect(await show(digits)).toMatchObject({ code: 2, err: expect.not.stringContaining('git comfy log') });
    await rememberRepository(process.env, '/nowhere/any/more');
    await comfy(repository, ['init']);
    const { code, out } = await show();
    expect([code, out]).toEqual([0, expect.stringMatching(/found by +its pixels/)]);
    expect(out.replaceAll(/\s+/g, '')).toContain(`itsrecordisin${opened.top}`);
    expect(await show(digits)).toMatchObject({ code: 0, out: expect.stringMatching(/found by +the hash/) });
    for (const asked of ['sent.png', digits]) {
      expect(await show('--tree', asked)).toMatchObject({ code: 0, out: expect.stringContaining(`in ${opened.top}`) });
    }
  });

  test('says of a picture that was saved in another format that it cannot be known', async () => {
    const { context, err } = captured(fileURLToPath(new URL('../fixtures/image/containers', import.meta.url)));
    expect(await run(context, ['show', 'comment.gif'])).toBe(0);
    const bare = mkdtempSync(join(tmpdir(), 'git-comfy-bare-'));
    onTestFinished(() => rmSync(bare, { recursive: true, force: true }));
    writeFileSync(join(bare, 'a.jpg'), Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex'));
    const jpeg = captured(bare);
    expect([await run(jpeg.context, ['show', 'a.jpg']), err()]).toEqual([2, '']);
    expect(jpeg.err()).toContain('only PNG pictures are known by their pixels');
  });
});
