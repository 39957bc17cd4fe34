import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describe as describeWorkflow } from '../../src/workflow/describe.js';
import { diffWorkflows } from '../../src/workflow/diff.js';
import { looksLikeWorkflow, readWorkflow } from '../../src/workflow/graph.js';
import { parseJson } from '../../src/workflow/json.js';
import { compareForMatch } from '../../src/workflow/match.js';
import { normalise } from '../../src/workflow/normal-form.js';
import { modelReferences } from '../../src/workflow/references.js';

const corpus = process.env['GIT_COMFY_CORPUS'] ?? '../shared/corpus';
const documents = ['workflows', 'pairs']
  .flatMap((folder) =>
    readdirSync(join(corpus, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => file.endsWith('.json') && !file.endsWith('.prompt.json'))
  .flatMap((file) => {
    const json = parseJson(readFileSync(join(corpus, file), 'utf8'));
    return looksLikeWorkflow(json) ? [{ file, json }] : [];
  });

test('the corpus is there', () => {
  expect(documents.length).toBeGreaterThan(600);
});

test('every workflow and its normal form read the same, and do not differ', () => {
  const wrong = documents.filter(({ json }) => {
    const [file, normal] = [readWorkflow(json), readWorkflow(normalise(json).normal)];
    const same = describeWorkflow(file).join('\n') === describeWorkflow(normal).join('\n');
    return !same || diffWorkflows(file, normal).length > 0 || compareForMatch(file, normal) !== 'exact';
  });
  expect(wrong.map(({ file }) => file)).toEqual([]);
});

test('no line of a description is there twice, so that an edit is one line', () => {
  const wrong = documents.filter(({ json }) => {
    const lines = describeWorkflow(readWorkflow(json));
    return new Set(lines).size !== lines.length || lines.some((line) => line.includes('\n'));
  });
  expect(wrong.map(({ file }) => file)).toEqual([]);
});

test('the values of core nodes have names', () => {
  const lines = documents.flatMap(({ json }) => describeWorkflow(readWorkflow(json)));
  const nameless = lines.filter((line) =>
    /^(?:.* \/ )?(?:KSampler|CheckpointLoaderSimple|LoraLoader|SaveImage)(?: ".*")? #\d+ {2}#0:/.test(line),
  );
  expect(nameless).toEqual([]);
});

test('every checkpoint that an active loader at the root names is found', () => {
  const missed = documents.flatMap(({ file, json }) => {
    const workflow = readWorkflow(json);
    const found = new Set(modelReferences(workflow).map(({ node, value }) => `${node} ${value}`));
    return [...workflow.root.nodes.values()]
      .filter(
        ({ type, state, values }) =>
          type === 'CheckpointLoaderSimple' && state === 'active' && typeof values?.[0] === 'string',
      )
      .filter(({ inputs }) => inputs.every(({ link }) => link === undefined))
      .filter(({ id, values }) => !found.has(`${id} ${String(values?.[0])}`))
      .map(({ id }) => `${file} ${id}`);
  });
  expect(missed).toEqual([]);
});
