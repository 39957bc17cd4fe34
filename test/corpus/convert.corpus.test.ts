import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { parseJson } from '../../src/workflow/json.js';
import { readObjectInfo } from '../../src/workflow/read-interfaces.js';
import { convertedAlike } from './alike.js';

const corpus = process.env['GIT_COMFY_CORPUS'] ?? '../shared/corpus';
const info = readObjectInfo(
  parseJson(gunzipSync(readFileSync(join(corpus, 'oracle/object_info-0.8.0.json.gz'))).toString('utf8')),
);

const textAt = (...parts: string[]) => readFileSync(join(corpus, ...parts), 'utf8');
const promptsUnder = (folder: string) =>
  readdirSync(join(corpus, folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.prompt.json'),
  );

/** Every file of the oracle comes out as the frontend has it; raise this with the corpus, never lower it. */
const inOracle = 303;

/**
 * Pairs whose prompt today's frontend does not make of the workflow either, seen by opening them in 1.58.1 and 1.35.9. This group node
 * has as many values as old files would have with one for each input that only takes links, so both drop values and shift the rest.
 */
const notTodays = ['comfyanonymous__ComfyUI_examples/hidream_e1_example.d1f18d43.prompt.json'];

test('what the newest frontend makes of real workflows is what we make', () => {
  const results = promptsUnder('oracle/1.58.1').map((file) => {
    const workflow = textAt(file.replace(/\.prompt\.json$/, '.json'));
    return { file, ...convertedAlike(workflow, textAt('oracle/1.58.1', file), info, 'all') };
  });
  report('oracle 1.58.1', results);
  expect(results.filter(({ difference }) => difference === undefined).length).toBeGreaterThanOrEqual(inOracle);
});

test('what real servers embedded in pictures agrees with what we make of the workflow beside it', () => {
  const results = promptsUnder('pairs').map((file) => {
    const workflow = textAt('pairs', file.replace('.prompt.json', '.workflow.json'));
    return { file, ...convertedAlike(workflow, textAt('pairs', file), info, 'shared') };
  });
  const convertible = results.filter(({ refused }) => refused === undefined);
  report('pairs that can be converted', convertible);
  expect(convertible.length).toBeGreaterThanOrEqual(113);
  const different = convertible.filter(({ difference }) => difference !== undefined).map(({ file }) => file);
  expect(different).toEqual(notTodays);
});

function report(what: string, results: readonly { readonly file: string; readonly difference: string | undefined }[]) {
  const different = results.filter(({ difference }) => difference !== undefined);
  const lines = different.map(({ file, difference }) => `  ${file}: ${difference}`);
  console.log([`${what}: ${results.length - different.length} of ${results.length} equal`, ...lines].join('\n'));
}
