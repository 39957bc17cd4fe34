import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readRunDocuments, readSeenDocuments } from '../../src/capture/read-documents.js';
import { readLineage } from '../../src/capture/read-lineage.js';
import { run } from '../../src/cli.js';
import { captured } from '../support/context.js';
import type { TestRepository } from '../support/git.js';
import { picture, promptText, workflowText } from '../support/run-facts.js';
import { committedWorkflow } from '../support/workflow-repository.js';

async function comfy(repository: TestRepository, ...words: string[]) {
  const { context, out, err } = captured(repository.path);
  const code = await run(context, words);
  return { code, out: out(), err: err() };
}

const parameters = `a red fox <lora:ink:0.8>
Negative prompt: blurry
Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 18446744073709551615, Size: 64x48, Model hash: 879db523c3, Model: dream`;

/** The same user comment that A1111 writes into a JPEG file, in a PNG picture's own way. */
const withParameters = () => picture(5, { parameters });

describe('an output of another program', () => {
  test('is a partial record: shown and found, and not run again', async () => {
    const { repository } = await committedWorkflow();
    repository.write('old.png', withParameters());
    expect(await comfy(repository, 'record', 'old.png')).toMatchObject({ code: 0, err: '' });
    const shown = await comfy(repository, 'show', 'old.png');
    expect(shown.out).toMatch(/another program made it[\s\S]*879db523c3/);
    expect(shown.out).toMatch(/seed +18446744073709551615/);
    expect(shown.out).toContain('not captured');
    for (const query of ['fox', 'seed:18446744073709551615', 'model:879db523', 'lora:ink', 'cfg:7']) {
      expect((await comfy(repository, 'find', query)).out).toContain('old.png');
    }
    expect(await comfy(repository, 'show', '--prompt', 'old.png')).toMatchObject({ code: 2, out: '' });
    expect((await comfy(repository, 'reproduce', 'old.png')).err).toContain('another program made it');
    expect((await comfy(repository, 'record', 'old.png')).out).toContain('had a record already');
  });

  test('is shown without a record and out of any repository', async () => {
    const { repository } = await committedWorkflow();
    repository.write('old.png', withParameters());
    expect((await comfy(repository, 'show', 'old.png')).out).toMatch(/positive +a red fox/);
  });
});

describe('what lies beside an output without metadata', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a.png.json', JSON.stringify({ prompt: JSON.parse(promptText()), workflow: JSON.parse(workflowText()) }), 'at'],
    ['a.json', promptText(), 'at'],
    ['a.txt', parameters, 'not committed'],
  ];
  test.each(cases)('%s', async (name, text, place) => {
    const { repository } = await committedWorkflow();
    repository.write('a.png', picture(7));
    repository.write(name, text);
    const { code, out } = await comfy(repository, 'record', 'a.png');
    expect([code, out]).toEqual([0, expect.stringMatching(new RegExp(`a.png: recorded: .*${place}`))]);
  });

  test('a workflow without its prompt is not taken for what ran', async () => {
    const { repository } = await committedWorkflow();
    repository.write('a.png', picture(7));
    repository.write('b.png', picture(8));
    repository.write('a.json', workflowText());
    const { code, out } = await comfy(repository, 'record', 'a.png', 'b.png');
    expect([code, out]).toEqual([1, expect.stringContaining('a workflow lies beside it, and no prompt')]);
    expect(out).toContain('no prompt is embedded in it');
  });
});

describe('record --prompt', () => {
  test('takes a request of a serverless worker, and where it ran', async () => {
    const { repository } = await committedWorkflow();
    repository.write('a.png', picture(7));
    repository.write('job.json', JSON.stringify({ input: { workflow: JSON.parse(promptText()) } }));
    repository.write('stats.json', JSON.stringify({ system: { python_version: '3.11.7', os: 'linux' }, devices: [] }));
    const args = ['record', '--prompt', 'job.json', '--output', 'a.png', '--env', 'stats.json'];
    expect(await comfy(repository, ...args)).toMatchObject({ code: 0 });
    const { out } = await comfy(repository, 'show', 'a.png');
    expect(out).toMatch(/Python +3\.11\.7/i);
    expect(out).toContain('as you gave it');
    expect(out).not.toMatch(/packs +none/);
  });

  test('takes what pip freeze printed; anything else is refused by name', async () => {
    const { repository } = await committedWorkflow();
    repository.write('a.png', picture(7));
    repository.write('prompt.json', promptText());
    repository.write('freeze.txt', 'numpy==2.4.6\ntorch==2.9.1+cpu\n-e git+https://example.org/x#egg=x\n');
    repository.write('odd.txt', 'hello');
    const args = (env: string) => ['record', '--prompt', 'prompt.json', '--output', 'a.png', '--env', env];
    const refused = await comfy(repository, ...args('odd.txt'));
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('odd.txt: it does not say')]);
    expect(await comfy(repository, ...args('freeze.txt'))).toMatchObject({ code: 0 });
    expect((await comfy(repository, 'show', 'a.png')).out).toContain('torch 2.9.1+cpu');
    const opened = await repository.open();
    const [entry] = (await readLineage(opened)).records;
    if (entry === undefined) throw new Error('nothing recorded');
    expect((await readRunDocuments(opened, entry.record)).state?.environment).toMatchObject({ torch: '2.9.1+cpu' });
    expect((await readSeenDocuments(opened, entry.record)).state).toBeUndefined();
    expect(await comfy(repository, 'record', 'a.png', '--env', 'freeze.txt')).toMatchObject({ code: 2 });
  });
});

test('the hash of an input picture that ComfyUI wrote into the prompt is kept', async () => {
  const { repository } = await committedWorkflow();
  const source = picture(50, { prompt: promptText() });
  const sha256 = createHash('sha256').update(source).digest('hex');
  const prompt = {
    '1': { class_type: 'LoadImage', inputs: { image: 'sketch.png' }, is_changed: [sha256] },
    '2': { class_type: 'LabOther', inputs: { image: 'other.png' }, is_changed: ['ab'.repeat(32)] },
    '9': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'x' } },
  };
  repository.write('source.png', source);
  repository.write('made.png', picture(51, { prompt: JSON.stringify(prompt) }));
  expect(await comfy(repository, 'record', 'source.png', 'made.png')).toMatchObject({ code: 0 });
  const { out } = await comfy(repository, 'show', 'made.png');
  expect(out).toContain(`sketch.png  sha256:${sha256.slice(0, 12)}`);
  expect(out).not.toContain('abababab');
  expect(out).not.toMatch(/packs +none|what was given/);
  expect((await comfy(repository, 'show', '--tree', 'made.png')).out).toContain('source.png');
});

test('of a whole folder what was linked is counted, and what was not is named', async () => {
  const { repository } = await committedWorkflow();
  for (let at = 0; at < 25; at++) {
    repository.write(`out/${at}.png`, picture(at, { prompt: promptText({ seed: `${at}` }), workflow: workflowText() }));
  }
  repository.write('out/bare.png', picture(77));
  repository.write('out/cut.png', picture(78, { prompt: promptText() }).subarray(0, 60));
  repository.write('out/sound.wav', 'RIFF');
  repository.write('out/loose.png', picture(79, { parameters }));
  const { code, out } = await comfy(repository, 'record', 'out');
  expect(code).toBe(1);
  expect(out).toMatch(/^25 outputs recorded: .* at/m);
  for (const name of ['bare.png', 'cut.png', 'sound.wav'])
    expect(out).toMatch(new RegExp(`${name}: not recorded: \\S`));
  expect(out).toMatch(/loose\.png: recorded: a workflow that is not committed/);
});
