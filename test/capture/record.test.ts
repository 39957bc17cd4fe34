import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRunDocuments } from '../../src/capture/read-documents.js';
import { readLineage } from '../../src/capture/read-lineage.js';
import { recordFiles } from '../../src/capture/record.js';
import { recordRun } from '../../src/capture/record-run.js';
import { recordCommand } from '../../src/commands/record.js';
import { addNoteLines } from '../../src/git/notes.js';
import { writeRecord } from '../../src/lineage/record-line.js';
import { fixture } from '../image/fixtures.js';
import { runProgram } from '../support/build.js';
import { captured } from '../support/context.js';
import { makeRepository, type TestRepository } from '../support/git.js';
import { madePicture, picture, promptText, runFacts, workflowText } from '../support/run-facts.js';
import { makeWorkflowRepository, normalText } from '../support/workflow-repository.js';

const path = 'workflows/a.json';

function committed(): { repository: TestRepository; head: string } {
  const repository = makeWorkflowRepository();
  const attributes = repository.read('.gitattributes');
  const head = repository.commit({ '.gitattributes': attributes, [path]: normalText(workflowText()) });
  repository.commit({ 'notes.txt': 'later' });
  return { repository, head };
}

const record = (repository: TestRepository, args: string[], options = {}) =>
  recordCommand.run(captured(repository.path).context, { args, options });

describe('back-filling from embedded data', () => {
  test('finds the commit that introduced the workflow, and says that it was inferred', async () => {
    const { repository, head } = committed();
    repository.write('out/a.png', madePicture(9));
    const answer = await record(repository, ['out/a.png']);
    expect(answer).toMatchObject({ exit: 0, text: `out/a.png: recorded: ${path} at ${head.slice(0, 10)}` });
    const [entry] = (await readLineage(await repository.open())).records;
    expect(entry?.record).toMatchObject({
      captured: 'embedded',
      inferred: true,
      commit: head,
      seeds: { '3.seed': '7' },
      outputs: [{ name: 'a.png', node: '9', index: 0 }],
    });
  });

  test("never writes today's hashes, nor anything else of today's machine", async () => {
    const { repository } = committed();
    repository.write('a.png', madePicture(9));
    await record(repository, ['a.png']);
    const opened = await repository.open();
    const [entry] = (await readLineage(opened)).records;
    if (entry === undefined) throw new Error('nothing recorded');
    expect(Object.keys(entry.record)).not.toEqual(expect.arrayContaining(['state']));
    expect(Object.keys(entry.record)).not.toEqual(expect.arrayContaining(['start']));
    const { snapshot, state } = await readRunDocuments(opened, entry.record);
    expect(state).toBeUndefined();
    expect([...(snapshot?.prompt.keys() ?? [])]).toEqual(['4', '5', '6', '7', '3', '8', '9']);
  });

  test('an output that has a record already is left alone, also under another name or without metadata', async () => {
    const { repository } = committed();
    const opened = await repository.open();
    const facts = runFacts();
    const { bytes } = facts.outputs[0] ?? { bytes: new Uint8Array() };
    await recordRun(opened, facts);
    repository.write('moved.png', bytes);
    const answer = await record(repository, ['moved.png']);
    expect(answer).toMatchObject({ exit: 0, text: '1 output had a record already' });
    expect((await readLineage(opened)).records).toHaveLength(1);
  });

  test('an output whose record was taken back is taken in again', async () => {
    const { repository, head } = committed();
    repository.write('a.png', madePicture(9));
    const first = await record(repository, ['a.png']);
    const [{ id } = { id: '' }] = (first.result as { recorded: { id: string }[] }).recorded;
    const opened = await repository.open();
    const line = writeRecord({ tombstone: 1, of: id, time: '2026-11-21T12:00:00.000Z' });
    await addNoteLines(opened, [{ commit: head, line }]);
    expect((await record(repository, ['a.png'])).result).toMatchObject({ recorded: [{ file: 'a.png' }], known: [] });
    expect(await record(repository, ['a.png'])).toMatchObject({ text: '1 output had a record already' });
  });

  test('one file given twice is recorded once; other pictures of one prompt each', async () => {
    const { repository } = committed();
    for (const shade of [1, 2]) repository.write(`${shade}.png`, madePicture(shade));
    const answer = await record(repository, ['1.png', '2.png', '1.png']);
    expect(answer.result).toMatchObject({ recorded: [{ file: '1.png' }, { file: '2.png' }], known: ['1.png'] });
    expect(await record(repository, ['2.png', '1.png'])).toMatchObject({ text: '2 outputs had a record already' });
  });

  test('the same black picture from two prompts is two outputs', async () => {
    const { repository } = committed();
    repository.write('a.png', madePicture(0, { seed: '1' }));
    repository.write('b.png', madePicture(0, { seed: '2' }));
    const { result } = await record(repository, ['a.png', 'b.png']);
    expect(result).toMatchObject({ recorded: [{ file: 'a.png' }, { file: 'b.png' }] });
  });

  test('real outputs, NaN and big seeds included', async () => {
    const { repository } = committed();
    const names = ['rgb.png', 'unicode-nan.png', 'is-changed-nan.png', 'rgb-big-seed.png', 'anim.png', 'rgba.png'];
    for (const name of names) repository.write(name, fixture(`outputs/${name}`));
    const { result } = await record(repository, names);
    expect(result).toMatchObject({ recorded: names.map((file) => ({ file })), refused: [] });
  });
});

describe('files that cannot be recorded', () => {
  test('are named with what to do, and hinder no other', async () => {
    const { repository } = committed();
    repository.write('plain.png', picture(3));
    repository.write('song.wav', 'RIFF');
    repository.write('cut.png', madePicture(1).subarray(0, 60));
    repository.write('good.png', madePicture(4));
    const answer = await record(repository, ['plain.png', 'song.wav', 'cut.png', 'gone.png', 'good.png']);
    expect(answer.exit).toBe(1);
    expect(answer.result).toMatchObject({
      recorded: [{ file: 'good.png' }],
      refused: [
        { file: 'plain.png', code: 'no-metadata', hint: expect.stringContaining('--output plain.png') },
        { file: 'song.wav', code: 'no-metadata' },
        { file: 'cut.png', code: 'png-truncated' },
        { file: 'gone.png', code: 'no-such-file' },
      ],
    });
  });

  test.each(['video.mp4', 'anim-lossy.webp', 'audio.opus'])('%s is taken in by what it embeds', async (name) => {
    const { repository } = committed();
    repository.write(name, fixture(`outputs/${name}`));
    const answer = await record(repository, [name]);
    expect(answer).toMatchObject({ exit: 0, result: { recorded: [{ file: name }] } });
  });

  test('a recorded output without its metadata is known by its pixels', async () => {
    const { repository } = committed();
    repository.write('a.png', madePicture(9));
    await record(repository, ['a.png']);
    repository.write('stripped.png', picture(9));
    const answer = await record(repository, ['stripped.png']);
    expect(answer).toMatchObject({ exit: 0, text: '1 output had a record already' });
  });

  test('a truncated picture alone is an error', async () => {
    const { repository } = committed();
    repository.write('cut.png', madePicture(1).subarray(0, 60));
    await expect(record(repository, ['cut.png'])).rejects.toMatchObject({ code: 'png-truncated', exit: 2 });
  });
});

describe('a prompt of its own', () => {
  test('stands for the metadata that an output lacks', async () => {
    const { repository } = committed();
    repository.write('plain.png', picture(3));
    repository.write('prompt.json', promptText({ seed: '5' }));
    const answer = await record(repository, [], { prompt: 'prompt.json', output: ['plain.png'] });
    expect(answer.exit).toBe(0);
    const [entry] = (await readLineage(await repository.open())).records;
    expect(entry?.record).toMatchObject({ captured: 'embedded', seeds: { '3.seed': '5' } });
  });

  test('needs both options, and a prompt', async () => {
    const { repository } = committed();
    await expect(record(repository, [], { output: ['a.png'] })).rejects.toMatchObject({ code: 'usage' });
    await expect(record(repository, [])).rejects.toMatchObject({ code: 'usage' });
    repository.write('prompt.json', '{"nodes": []}');
    const options = { prompt: 'prompt.json', output: ['a.png'] };
    await expect(record(repository, [], options)).rejects.toMatchObject({ code: 'not-a-prompt' });
  });
});

test('before the first commit records wait', async () => {
  const repository = makeRepository();
  repository.write('a.png', madePicture(9));
  expect(await record(repository, ['a.png'])).toMatchObject({ text: 'a.png: recorded: waiting for the first commit' });
});

test('Ctrl-C stops between files, and nothing is half recorded', async () => {
  const { repository } = committed();
  repository.write('a.png', madePicture(9));
  const opened = await repository.open();
  const options = { cwd: repository.path, signal: AbortSignal.abort(), talk: captured(repository.path).context.talk };
  await expect(recordFiles(opened, ['a.png'], options)).rejects.toMatchObject({ code: 'interrupted' });
  expect((await readLineage(opened)).records).toHaveLength(0);
});

test('two processes over one folder record each output once, on threads of their own, in the order of the files', async () => {
  const { repository } = committed();
  const names = Array.from({ length: 24 }, (_, at) => `out/${String(at).padStart(2, '0')}.png`);
  for (const [at, name] of names.entries()) repository.write(name, madePicture(at, { seed: String(at) }));
  repository.write('out/05.png', madePicture(5).subarray(0, 60));
  const both = await Promise.all([1, 2].map(() => runProgram(repository.path, ['record', '--json', 'out'])));
  const results = both.map(({ stdout }) => JSON.parse(stdout).result);
  const good = names.filter((name) => name !== 'out/05.png');
  for (const { recorded, known, refused } of results) {
    const files = recorded.map(({ file }: { file: string }) => file);
    expect(files).toEqual(good.filter((name) => files.includes(name)));
    expect([...files, ...known].sort()).toEqual(good);
    expect(refused).toMatchObject([{ file: 'out/05.png', code: 'png-truncated' }]);
  }
  const { records } = await readLineage(await repository.open());
  expect(records.map(({ record: { outputs } }) => outputs[0]?.name).sort()).toEqual(good.map((name) => basename(name)));
  expect(records.every(({ record: { outputs } }) => outputs[0]?.pixels !== undefined)).toBe(true);
});
