import { expect, test } from 'vitest';
import { readLineage } from '../../src/capture/read-lineage.js';
import { writeJson } from '../../src/workflow/json.js';
import { makeRepository } from '../support/git.js';
import { runAndRecord } from '../support/recorded-run.js';
import { plainPrompt, simulated } from '../support/simulated.js';

test.each([
  ['PreviewImage', true],
  ['SaveImage', undefined],
])('what %s leaves is recorded, and whether it was only a preview', async (type, temp) => {
  const repository = makeRepository();
  repository.commit({ a: 'a' });
  const opened = await repository.open();
  const { url } = await simulated();
  const inputs = type === 'SaveImage' ? { images: ['2', 0], filename_prefix: 'x' } : { images: ['2', 0] };
  await runAndRecord(opened, url, writeJson(plainPrompt(1, { '9': { class_type: type, inputs } })));
  const { records } = await readLineage(opened);
  expect(records.map(({ record }) => record.outputs.map((output) => output.temp))).toEqual([[temp]]);
});
