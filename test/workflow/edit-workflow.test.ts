import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Target, withValue } from '../../src/workflow/assignment.js';
import { toPrompt } from '../../src/workflow/convert.js';
import { editWorkflow, valueAt } from '../../src/workflow/edit-workflow.js';
import { readWorkflow } from '../../src/workflow/graph.js';
import type { ObjectInfo } from '../../src/workflow/interfaces.js';
import { fromPlain, type Json, type JsonObject, parseJson, writeJson } from '../../src/workflow/json.js';
import { readObjectInfo } from '../../src/workflow/read-interfaces.js';
import { nextSeed, type SeedControl, seedControls } from '../../src/workflow/seed-controls.js';

const info: ObjectInfo = readObjectInfo(
  parseJson(readFileSync(new URL('../../templates/simulator/object-info.json', import.meta.url), 'utf8')),
);

const noise = (id: number, seed: unknown, more: object = {}) => ({
  id,
  type: 'ImageAddNoise',
  inputs: [{ name: 'image', type: 'IMAGE', link: 1 }],
  outputs: [{ name: 'IMAGE', type: 'IMAGE', links: [2] }],
  widgets_values: [seed, 'randomize', 0.5],
  ...more,
});
const empty = {
  id: 1,
  type: 'EmptyImage',
  outputs: [{ name: 'IMAGE', type: 'IMAGE', links: [1] }],
  widgets_values: [64, 64, 1, 64],
};
const save = {
  id: 9,
  type: 'SaveImage',
  inputs: [{ name: 'images', type: 'IMAGE', link: 2 }],
  widgets_values: ['out'],
};
const links = [
  [1, 1, 0, 2, 0, 'IMAGE'],
  [2, 2, 0, 9, 0, 'IMAGE'],
];

const workflowOf = (nodes: object[], more: unknown[][] = []) =>
  fromPlain({ last_node_id: 9, nodes, links: [...links, ...more], version: 0.4 }) as JsonObject;

function edited(workflow: JsonObject, target: Target, after: Json): JsonObject | undefined {
  const prompt = toPrompt(readWorkflow(workflow), info);
  const edit = { target, before: valueAt(prompt, target), after };
  return editWorkflow(workflow, info, edit, withValue(prompt, target, after));
}

test('the value is changed on its own node, though others hold the same number', () => {
  const changed = edited(workflowOf([empty, noise(2, 64), save]), { node: '1', input: 'height' }, 48);
  expect(writeJson(changed ?? null)).toContain('"widgets_values":[64,48,1,64]');
});

test('the value of a PrimitiveNode is changed where it stands', () => {
  const primitive = {
    id: 5,
    type: 'PrimitiveNode',
    outputs: [{ name: 'INT', type: 'INT', links: [3], widget: { name: 'seed' } }],
    widgets_values: [7, 'increment'],
  };
  const inputs = [
    { name: 'image', type: 'IMAGE', link: 1 },
    { name: 'seed', type: 'INT', link: 3, widget: { name: 'seed' } },
  ];
  const workflow = workflowOf([primitive, empty, noise(2, 1, { inputs }), save], [[3, 5, 0, 2, 1, 'INT']]);
  const changed = edited(workflow, { node: '2', input: 'seed' }, 8);
  expect(writeJson(changed ?? null)).toContain('[8,"increment"]');
  const [control] = seedControls(readWorkflow(workflow), info);
  expect(control).toMatchObject({ targets: [{ node: '2', input: 'seed' }], mode: 'increment' });
});

test('a value that stands in no single place is left to the prompt', () => {
  const workflow = workflowOf([empty, noise(2, 64), { ...save, widgets_values: [] }]);
  expect(edited(workflow, { node: '9', input: 'filename_prefix' }, 'other')).toBeUndefined();
});

test('the seed and its control are found, with the limits of the input', () => {
  const [control] = seedControls(readWorkflow(workflowOf([empty, noise(2, 64), save])), info);
  expect(control).toEqual({
    targets: [{ node: '2', input: 'seed' }],
    mode: 'randomize',
    least: 0n,
    most: 18446744073709551615n,
    step: 1n,
  });
});

const control = (mode: SeedControl['mode'], more: Partial<SeedControl> = {}): SeedControl => ({
  targets: [{ node: '2', input: 'seed' }],
  mode,
  least: 0n,
  most: 2n ** 64n - 1n,
  step: 1n,
  ...more,
});

test('seeds count, stop at the limits, and are drawn below 2^50 as in the frontend', () => {
  const never = () => {
    throw new Error('drawn');
  };
  expect(nextSeed(control('fixed'), 5n, never)).toBe(5n);
  expect(nextSeed(control('increment'), 2n ** 53n, never)).toBe(2n ** 53n + 1n);
  expect(nextSeed(control('increment'), 2n ** 64n - 1n, never)).toBe(2n ** 64n - 1n);
  expect(nextSeed(control('decrement'), 0n, never)).toBe(0n);
  expect(nextSeed(control('randomize'), 0n, (below) => below - 1n)).toBe(2n ** 50n - 1n);
  expect(nextSeed(control('randomize', { least: 10n, most: 20n }), 0n, (below) => below - 1n)).toBe(19n);
});
