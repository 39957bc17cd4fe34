import { expect, test } from 'vitest';
import { fromPlain, toPlain } from '../../src/workflow/json.js';
import { promptDocuments } from '../../src/workflow/prompt-documents.js';

const prompt = { '3': { class_type: 'KSampler', inputs: { seed: 1 } } };
const workflow = { nodes: [{ id: 3, type: 'KSampler' }], links: [] };
const entry = [1, 'id', prompt, { extra_pnginfo: { workflow } }, ['9']];

test.each([
  ['a prompt', prompt, { prompt }],
  ['a workflow', workflow, { workflow }],
  ['a request', { prompt, client_id: 'x', extra_data: { extra_pnginfo: { workflow } } }, { prompt, workflow }],
  ['a history entry', { prompt: entry, outputs: {}, status: {} }, { prompt, workflow }],
  ['a history entry by its id', { 'id-1': { prompt: entry, outputs: {} } }, { prompt, workflow }],
  ['a job of a serverless worker', { input: { workflow: prompt, images: [] } }, { prompt }],
  ['texts of JSON', { prompt: JSON.stringify(prompt), workflow: JSON.stringify(workflow) }, { prompt, workflow }],
  ['something else', { a: [1], prompt: 'a red fox' }, {}],
])('%s', (_, json, found) => {
  const { prompt: p, workflow: w } = promptDocuments(fromPlain(json));
  expect({ ...(p && { prompt: toPlain(p) }), ...(w && { workflow: toPlain(w) }) }).toEqual(found);
});
