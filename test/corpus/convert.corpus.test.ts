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

/** Files known to come out as the frontend has them; raise these with the converter, never lower them. */
const floors = { oracle: 303, pairs: 110 };

test('what the newest frontend makes of real workflows is what we make', () => {
  const results = promptsUnder('oracle/1.58.1').map((file) => {
    const workflow = textAt(file.replace(/\.prompt\.json$/, '.json'));
    return { file, ...convertedAlike(workflow, textAt('oracle/1.58.1', file), info, 'all') };
  });
  report('oracle 1.58.1', results);
  expect(results.filter(({ difference }) => difference === undefined).length).toBeGreaterThanOrEqual(floors.oracle);
});

test('what real servers embedded in pictures agrees with what we make of the workflow beside it', () => {
  const results = promptsUnder('pairs').map((file) => {
    const workflow = textAt('pairs', file.replace('.prompt.json', '.workflow.json'));
    return { file, ...convertedAlike(workflow, textAt('pairs', file), info, 'shared') };
  });
  const convertible = results.filter(({ refused }) => refused === undefined);
  report('pairs that can be converted', convertible);
  expect(convertible.filter(({ difference }) => difference === undefined).length).toBeGreaterThanOrEqual(floors.pairs);
});

function report(what: string, results: readonly { readonly file: string; readonly difference: string | undefined }[]) {
  const different = results.filter(({ difference }) => difference !== undefined);
  const lines = different.map(({ file, difference }) => `  ${file}: ${difference}`);
  console.log([`${what}: ${results.length - different.length} of ${results.length} equal`, ...lines].join('\n'));
}
