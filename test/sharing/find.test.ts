import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { recordRun } from '../../src/capture/record-run.js';
import { run } from '../../src/cli.js';
import type { TestRepository } from '../support/git.js';
import { madePicture, runFacts, type Settings } from '../support/run-facts.js';
import { committedWorkflow, commitWorkflow, makeWorkflowRepository } from '../support/workflow-repository.js';

async function comfy(repository: TestRepository, ...words: string[]) {
  const { captured } = await import('../support/context.js');
  const { context, out, err } = captured(repository.path);
  const code = await run(context, words);
  return { code, out: out(), err: err() };
}

const files = async (repository: TestRepository, ...query: string[]) =>
  (await comfy(repository, 'find', '--sort', 'name', ...query)).out
    .trimEnd()
    .split('\n')
    .map((line) => line.split('  ')[0] ?? '');

const digest = 'ab'.repeat(32);
const tensors = 'cd'.repeat(32);

const facts = (name: string, shade: number, settings: Settings, day: string) =>
  runFacts(settings, {
    outputs: [{ name, node: '9', index: 0, bytes: madePicture(shade, settings) }],
    start: new Date(`${day}T10:00:00Z`),
    dependencies: {
      models: new Map([
        [
          'checkpoints/dream.safetensors',
          { digest: `sha256:${digest}` as const, tensors: `sha256:${tensors}` as const },
        ],
      ]),
      packs: new Map([['ComfyUI-Impact-Pack', { commit: 'c'.repeat(40) }]]),
      inputs: new Map(),
      classes: new Map(),
    },
  });

/** Three runs at two commits. */
async function studio(): Promise<TestRepository> {
  const { repository, opened } = await committedWorkflow({ text: 'a red fox' });
  await recordRun(opened, facts('fox.png', 1, { text: 'a red fox', seed: '18446744073709551615' }, '2026-10-05'));
  commitWorkflow(repository, { text: 'a cat', steps: 30 }, 'Cat');
  await recordRun(opened, facts('cat.png', 2, { text: 'a cat', steps: 30, seed: '42' }, '2026-11-02'));
  await recordRun(opened, facts('cat-40.png', 3, { text: 'a cat', steps: 40, seed: '42' }, '2026-11-03'));
  return repository;
}

describe('find', () => {
  const questions: readonly (readonly [readonly string[], readonly string[]])[] = [
    [['fox'], ['fox.png']],
    [['FOX', 'red'], ['fox.png']],
    [['prompt:cat'], ['cat-40.png', 'cat.png']],
    [['negative:blurry', 'steps:20'], ['fox.png']],
    [['steps:>20'], ['cat-40.png', 'cat.png']],
    [['steps:30,40', 'date:2026-11-03'], ['cat-40.png']],
    [['seed:18446744073709551615'], ['fox.png']],
    [['cfg:6..8', 'sampler:euler', 'scheduler:normal', 'denoise:1', 'fox'], ['fox.png']],
    [['model:dream', 'fox'], ['fox.png']],
    [[`model:${digest.slice(0, 8)}`, 'fox'], ['fox.png']],
    [[`model:${tensors.slice(0, 12)}`, 'fox'], ['fox.png']],
    [['pack:impact', 'fox'], ['fox.png']],
    [['commit:HEAD~1'], ['fox.png']],
    [['commit:HEAD~1..HEAD'], ['cat-40.png', 'cat.png']],
    [['file:cat-*'], ['cat-40.png']],
    [['match:derived'], ['cat-40.png']],
    [['workflow:portrait', 'date:2026-10'], ['fox.png']],
    [['input.width:64', 'fox'], ['fox.png']],
    [['lora:x'], ['nothing fits']],
  ];

  test('answers by what made an output', async () => {
    const repository = await studio();
    const answers: (readonly [readonly string[], readonly string[]])[] = [];
    for (const [query] of questions) answers.push([query, await files(repository, ...query)]);
    expect(answers).toEqual(questions);
  });

  test('ends with 1 where nothing fits', async () => {
    const repository = await studio();
    expect((await comfy(repository, 'find', 'steps:99')).code).toBe(1);
  });

  test('sorts by an input, and stops at the limit', async () => {
    const repository = await studio();
    const { out } = await comfy(repository, 'find', '--sort', 'steps', '--limit', '2', 'model:dream', '--json');
    const names = JSON.parse(out).result.rows.map((row: { output: { name: string } }) => row.output.name);
    expect(names).toEqual(['fox.png', 'cat.png']);
    const slips = [
      ['--sort', 'stpes', /no|none of these outputs has an input "stpes"/],
      ['--limit', '0', /needs a number of outputs/],
    ] as const;
    for (const [option, value, message] of slips) {
      const { code, err } = await comfy(repository, 'find', 'model:dream', option, value);
      expect([code, err]).toEqual([2, expect.stringMatching(message)]);
    }
  });

  test('gives a spreadsheet every digit of a seed', async () => {
    const repository = await studio();
    const { out } = await comfy(repository, 'find', '--csv', 'fox');
    const [head, row] = out.trimEnd().split('\r\n');
    expect(head).toMatch(/^file,sha256,date,commit,/);
    expect(row).toContain(',18446744073709551615,checkpoints/dream.safetensors,a red fox,');
  });

  test('a wrong filter says which there are', async () => {
    const repository = await studio();
    const { code, err } = await comfy(repository, 'find', 'modle:x');
    expect([code, err]).toEqual([2, expect.stringMatching(/no filter modle:[\s\S]*filters are model, lora/)]);
  });

  test('a damaged cache is made again', async () => {
    const repository = await studio();
    const cache = join(repository.path, '.git', 'comfy', 'cache', 'facets.index');
    expect(await files(repository, 'fox')).toEqual(['fox.png']);
    const whole = readFileSync(cache);
    const fox = Buffer.from(whole.toString('latin1').replaceAll('red fox', 'red cat'), 'latin1');
    for (const damaged of [fox, whole.subarray(0, 40), whole.subarray(0, -1), Buffer.from('not ours\n')]) {
      writeFileSync(cache, damaged);
      expect(await files(repository, 'fox')).toEqual(['fox.png']);
    }
  });
});

describe('labels', () => {
  test('are found, travel in the notes, and can be taken back and given again', async () => {
    const repository = await studio();
    writeFileSync(
      join(repository.path, 'renamed.png'),
      madePicture(1, { text: 'a red fox', seed: '18446744073709551615' }),
    );
    expect(await comfy(repository, 'label', 'client-x', 'renamed.png')).toMatchObject({
      code: 0,
      out: 'renamed.png  labelled\n',
    });
    expect((await comfy(repository, 'label', 'client-x', 'renamed.png')).out).toContain('had the label already');
    expect(await files(repository, 'label:client-x')).toEqual(['fox.png']);
    expect(repository.git('notes', '--ref=comfy', 'show', 'HEAD~1')).toContain('"label":1');
    await comfy(repository, 'unlabel', 'client-x', 'renamed.png');
    expect(await files(repository, 'label:client-x')).toEqual(['nothing fits']);
    expect((await comfy(repository, 'unlabel', 'client-x', 'renamed.png')).out).toContain('had no such label');
    const { sha256 } = JSON.parse((await comfy(repository, 'find', 'fox', '--json')).out).result.rows[0].output;
    const lines = () => repository.git('notes', '--ref=comfy', 'show', 'HEAD~1').split('\n').length;
    const before = lines();
    const again = await comfy(repository, 'label', 'client-x', sha256.slice(0, 8), 'renamed.png');
    expect([again.out, lines()]).toEqual([expect.stringContaining('had the label already'), before + 1]);
    expect(await files(repository, 'label:client-x')).toEqual(['fox.png']);
  });

  test('nothing is labelled where one output is unknown, and a bad name is refused', async () => {
    const repository = await studio();
    writeFileSync(join(repository.path, 'a.png'), madePicture(2, { text: 'a cat', steps: 30, seed: '42' }));
    writeFileSync(join(repository.path, 'b c.png'), madePicture(99, { text: 'nobody recorded this' }));
    const refused = await comfy(repository, 'label', 'x', 'a.png', 'b c.png');
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("git comfy record 'b c.png'")]);
    expect(await files(repository, 'label:x')).toEqual(['nothing fits']);
    expect((await comfy(repository, 'label', 'a,b', 'a.png')).err).toContain('no name for a label');
  });

  test('wait for the first commit', async () => {
    const repository = makeWorkflowRepository();
    await recordRun(
      await repository.open(),
      runFacts({}, { outputs: [{ name: 'x.png', node: '9', index: 0, bytes: madePicture(5) }] }),
    );
    writeFileSync(join(repository.path, 'x.png'), madePicture(5));
    expect((await comfy(repository, 'label', 'x', 'x.png')).err).toContain('waits for the first commit');
    expect(await files(repository, 'cat')).toEqual(['x.png']);
  });
});

describe('impact', () => {
  const lock = `lockfileVersion: 1
models:
  checkpoints/dream.safetensors:
    digest: sha256:${digest}
    tensors: sha256:${tensors}
    size: 5
workflows:
  workflows/portrait.json:
    models:
      - checkpoints/dream.safetensors
`;

  test('names workflows and outputs, by name and by digest', async () => {
    const repository = await studio();
    repository.write('comfy.lock', lock);
    for (const name of [
      'dream.safetensors',
      'checkpoints/dream.safetensors',
      'dream',
      'Dream*',
      digest.slice(0, 10),
      tensors.slice(0, 12),
    ]) {
      const { code, out } = await comfy(repository, 'impact', name);
      expect([code, out.split('\n').slice(0, 4)]).toEqual([
        0,
        ['checkpoints/dream.safetensors', '1 workflow', '    workflows/portrait.json', '3 outputs'],
      ]);
    }
  });

  test('a name that is part of another is another', async () => {
    const repository = await studio();
    expect(await comfy(repository, 'impact', 'ream.safetensors')).toMatchObject({
      code: 1,
      out: 'nothing that git comfy knows of needs it\n',
    });
  });
});
