import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { draftRecord } from '../../src/capture/draft-record.js';
import { embeddedFacts } from '../../src/capture/embedded-facts.js';
import { run } from '../../src/cli.js';
import { InputError } from '../../src/errors.js';
import { embeddedTexts } from '../../src/image/containers.js';
import { describeBytes } from '../../src/image/describe-output.js';
import { lookAt } from '../../src/image/look.js';
import { accountOf } from '../../src/lineage/completeness.js';
import { readSnapshot } from '../../src/lineage/documents.js';
import { readPrompt } from '../../src/workflow/prompt.js';
import { captured } from '../support/context.js';
import { chunk, encodePng } from '../support/encode-png.js';
import { makeRepository } from '../support/git.js';

const corpus = process.env['GIT_COMFY_CORPUS'] ?? '../shared/corpus';
const outputs = join(corpus, '..', 'fixtures', 'comfyui', 'outputs');

interface Described {
  readonly file: string;
  readonly sha256: string;
  readonly metadata: readonly { readonly key: string | null; readonly text: string }[];
}

const files: readonly Described[] = JSON.parse(readFileSync(join(outputs, 'index.json'), 'utf8'));

describe('every output that a real ComfyUI wrote', () => {
  test.each(files)('$file is recorded as what it says', async ({ file, sha256 }) => {
    const bytes = readFileSync(join(outputs, file));
    const repository = makeRepository();
    const facts = embeddedFacts(file, lookAt(bytes));
    const { record, snapshot } = draftRecord(await repository.open(), facts, new Date(0));
    expect(record.outputs).toMatchObject([{ name: file, sha256 }]);
    expect(readSnapshot(snapshot).prompt.size).toBeGreaterThan(0);
    expect(accountOf({ snapshot: readSnapshot(snapshot) }).length).toBeGreaterThan(20);
  });

  test('goes in with one command, and none twice', async () => {
    const repository = makeRepository();
    repository.commit({ 'a.txt': 'a' });
    const first = captured(repository.path);
    expect(await run(first.context, ['record', outputs, '--json'])).toBe(0);
    const { recorded, known, refused } = JSON.parse(first.out()).result;
    // The index is no output, and pictures with the same samples and prompt are one.
    expect([recorded.length + known.length, refused]).toEqual([files.length, []]);
    const again = captured(repository.path);
    await run(again.context, ['record', outputs, '--json']);
    expect(JSON.parse(again.out()).result.recorded).toEqual([]);
  });

  test('cut off anywhere, or with a piece of it zeroed, is read or refused by name', () => {
    for (const { file } of files) {
      const whole = readFileSync(join(outputs, file));
      const step = Math.max(1, Math.floor(whole.length / 100));
      for (let at = 0; at < whole.length; at += step) {
        const holed = Buffer.from(whole);
        holed.fill(0, at, Math.min(at + 16, holed.length));
        for (const bytes of [whole.subarray(0, at), holed]) {
          try {
            embeddedFacts(file, lookAt(bytes));
          } catch (error) {
            if (!(error instanceof InputError) || error.message === '') throw error;
          }
          expect(describeBytes(bytes).sha256).toHaveLength(64);
        }
      }
    }
  });
});

const pairs = readdirSync(join(corpus, 'pairs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.prompt.json'))
  .map((file) => join(corpus, 'pairs', file.replace(/\.prompt\.json$/, '')));

test('the pairs are there', () => {
  expect(pairs.length).toBeGreaterThan(10);
});

test.each(pairs)('%s, embedded in a picture, comes back as it was and makes a record', async (pair) => {
  const [prompt, workflow] = ['prompt', 'workflow'].map((name) => readFileSync(`${pair}.${name}.json`, 'latin1'));
  const before = [
    chunk('tEXt', Buffer.from(`prompt\0${prompt}`, 'latin1')),
    chunk('tEXt', Buffer.from(`workflow\0${workflow}`, 'latin1')),
  ];
  const bytes = encodePng({ width: 1, height: 1, colorType: 2, bits: 8, samples: [1, 2, 3], before });
  expect(embeddedTexts(bytes, 'png')).toEqual({ prompt, workflow });
  const facts = embeddedFacts('a.png', lookAt(bytes));
  const { record, snapshot } = draftRecord(await makeRepository().open(), facts, new Date(0));
  expect(readPrompt(readSnapshot(snapshot).prompt).nodes.size).toBe(readPrompt(facts.prompt).nodes.size);
  expect(record.normal).toMatch(/^[0-9a-f]{40}$/);
});
