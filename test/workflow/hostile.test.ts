// Files come from anywhere: whatever is in them, the answer is a result or a clear refusal, and it comes soon.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { toPrompt } from '../../src/workflow/convert.js';
import { describe as describeWorkflow } from '../../src/workflow/describe.js';
import { diffWorkflows } from '../../src/workflow/diff.js';
import { firstAlternative, resolveDynamicPrompt } from '../../src/workflow/dynamic-prompt.js';
import { sameNumberText } from '../../src/workflow/exact-number.js';
import { readWorkflow } from '../../src/workflow/graph.js';
import { compareForMatch } from '../../src/workflow/match.js';
import { mergeWorkflows } from '../../src/workflow/merge/workflows.js';
import { readPrompt } from '../../src/workflow/prompt.js';
import {
  classesUsed,
  embeddingReferences,
  inputReferences,
  modelReferences,
  packsNamed,
} from '../../src/workflow/references.js';
import { document, objectInfo, sketch, workflow } from './build.js';

/** Ids, types and slots from small sets, so that links meet, definitions nest and names collide. */
const id = fc.oneof(fc.nat(4), fc.constantFrom('1', '-10', '__proto__', null));
const type = fc.constantFrom(
  'KSampler',
  'Reroute',
  'PrimitiveNode',
  'GetNode',
  'SetNode',
  'ResizeImageMaskNode',
  'VAELoader',
  'd0',
  'd1',
  '',
);
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('randomize', 'x.safetensors', '{a|b}', 'embedding:x'),
);
const slot = fc.record({
  name: fc.constantFrom('seed', 'model', ''),
  type: value,
  link: id,
  widget: fc.constantFrom({ name: 'seed' }, null),
});
const node = fc.record({
  id,
  type,
  mode: fc.constantFrom(0, 2, 4, 'x'),
  inputs: fc.oneof(fc.array(slot, { maxLength: 3 }), value),
  outputs: fc.oneof(fc.array(slot, { maxLength: 2 }), value),
  widgets_values: fc.oneof(fc.array(value), value),
  widgets_values_named: value,
  properties: fc.oneof(fc.record({ proxyWidgets: fc.array(fc.tuple(id, fc.constantFrom('seed', '$$x'))) }), value),
});
const link = fc.tuple(id, id, fc.integer({ min: -1, max: 2 }), id, fc.nat(2), value);
const graph = { nodes: fc.array(node, { maxLength: 6 }), links: fc.array(link, { maxLength: 8 }) };
const definition = fc.record({
  id: fc.constantFrom('d0', 'd1'),
  inputs: fc.array(slot),
  outputs: fc.array(slot),
  ...graph,
});
const file = fc
  .record({
    ...graph,
    groups: value,
    extra: value,
    definitions: fc.record({ subgraphs: fc.array(definition, { maxLength: 3 }) }),
  })
  .map((json) => document(JSON.stringify(json)));

/** `undefined` for a refusal; any other error is a bug. */
function refusable<Value>(make: () => Value): Value | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

test('no file makes reading, converting, describing, comparing or merging crash', () => {
  fc.assert(
    fc.property(file, file, file, (a, b, c) => {
      const [one, two] = [refusable(() => readWorkflow(a)), refusable(() => readWorkflow(b))];
      refusable(() => mergeWorkflows(a, b, c));
      if (one === undefined) return;
      expect(describeWorkflow(one).every((line) => !line.includes('\n'))).toBe(true);
      expect(diffWorkflows(one, one)).toEqual([]);
      packsNamed(one);
      for (const look of [modelReferences, inputReferences, embeddingReferences])
        refusable(() => look(one, objectInfo));
      refusable(() => classesUsed(one));
      refusable(() => toPrompt(one, objectInfo));
      if (two !== undefined) refusable(() => compareForMatch(one, two));
    }),
    { numRuns: 200 },
  );
});

test('what is converted is a prompt, without values from the prototype', () => {
  fc.assert(
    fc.property(file, (json) => {
      const prompt = refusable(() => toPrompt(readWorkflow(json), objectInfo));
      if (prompt !== undefined && prompt.size > 0) expect(readPrompt(prompt).nodes.size).toBe(prompt.size);
    }),
  );
});

const reroutes = (count: number) => {
  const chain = Array.from({ length: count }, (_, at) => ({
    id: at + 2,
    type: 'Reroute',
    inputs: [{ name: '', type: '*' }],
  }));
  const end = { id: count + 2, type: 'VAEDecode', inputs: [{ name: 'samples', type: 'LATENT' }] };
  const links = Array.from({ length: count + 1 }, (_, at) => [at + 1, at + 1, 0, at + 2, 0, '*']);
  return workflow(sketch([{ id: 1, type: 'EmptyLatentImage' }, ...chain, end], links));
};

test('a chain of reroutes has an end', () => {
  expect(toPrompt(reroutes(500), objectInfo).size).toBe(2);
  expect(() => toPrompt(reroutes(5000), objectInfo)).toThrow(expect.objectContaining({ code: 'link-too-long' }));
});

/** Definitions inside each other, each with `instances` of the next. */
function nested(levels: number, instances: number) {
  const subgraphs = Array.from({ length: levels }, (_, level) => ({
    id: `d${level}`,
    name: `level ${level}`,
    nodes: Array.from({ length: instances }, (_, at) => ({
      id: at + 1,
      type: level + 1 < levels ? `d${level + 1}` : 'EmptyImage',
    })),
    links: [],
  }));
  return workflow(sketch([{ id: 1, type: 'd0' }], [], { definitions: { subgraphs } }));
}

test('subgraphs that unfold without measure are refused', () => {
  expect(toPrompt(nested(3, 3), objectInfo).size).toBe(27);
  for (const bomb of [nested(40, 2), nested(5000, 1)]) {
    expect(() => toPrompt(bomb, objectInfo)).toThrow(expect.objectContaining({ code: 'workflow-too-large' }));
    expect(describeWorkflow(bomb).length).toBeGreaterThan(0);
  }
});

test.each([
  ['braces', '{'.repeat(200_000)],
  ['comments', '/*'.repeat(200_000)],
  ['slashes', '/'.repeat(200_000)],
])('a text of %s only is read through once', (_, text) => {
  expect(resolveDynamicPrompt(text, firstAlternative).length).toBeLessThanOrEqual(text.length);
});

test('names of commas and numbers of a million digits are read through once', () => {
  const prompt = readPrompt(
    document({ 1: { class_type: 'CLIPTextEncode', inputs: { text: `embedding:${','.repeat(200_000)}x` } } }),
  );
  expect(embeddingReferences(prompt).map(({ name }) => name)).toEqual(['x']);
  const digits = '9'.repeat(1_000_000);
  expect(sameNumberText({ lexeme: `${digits}.0` })).toBe(digits);
});

const interior = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    id: at + 1,
    type: 'ImageScaleBy',
    inputs: [{ name: 'upscale_method', type: 'COMBO', widget: { name: 'upscale_method' }, link: at + 1 }],
  }));

test('an instance of thousands of inputs and shown widgets is converted at once', () => {
  const count = 3000;
  const links = Array.from({ length: count }, (_, at) => [at + 1, -10, at, at + 1, 0, 'COMBO']);
  const inputs = Array.from({ length: count }, (_, at) => ({ name: `i${at}`, type: 'COMBO', linkIds: [at + 1] }));
  const proxyWidgets = Array.from({ length: count }, (_, at) => [String(at + 1), 'scale_by']);
  const definition = { id: 'd', name: 'Wide', inputs, outputs: [], nodes: interior(count), links };
  const host = { id: 9, type: 'd', properties: { proxyWidgets }, widgets_values: inputs.map(() => 2) };
  const json = document({ version: 0.4, nodes: [host], links: [], definitions: { subgraphs: [definition] } });
  expect(toPrompt(readWorkflow(json), objectInfo).size).toBe(count);
});

test('a primitive and setters with thousands of targets are converted at once', () => {
  const count = 3000;
  const primitive = {
    id: 'p',
    type: 'PrimitiveNode',
    outputs: [{ name: 'COMBO', type: 'COMBO' }],
    widgets_values: ['area'],
  };
  const getters = Array.from({ length: count }, (_, at) => ({
    id: `g${at}`,
    type: 'GetNode',
    widgets_values: [`n${at}`],
  }));
  const setters = Array.from({ length: count }, (_, at) => ({
    id: `s${at}`,
    type: 'SetNode',
    widgets_values: [`n${at}`],
  }));
  const consumers = Array.from({ length: count }, (_, at) => ({
    id: `v${at}`,
    type: 'ImageInvert',
    inputs: [{ name: 'image', type: 'IMAGE', link: `l${at}` }],
  }));
  const links = [
    ...interior(count).map(({ id }) => [id, 'p', 0, id, 0, 'COMBO']),
    ...consumers.map(({ id }, at) => [`l${at}`, `g${at}`, 0, id, 0, 'IMAGE']),
  ];
  const nodes = [primitive, ...interior(count), ...getters, ...setters, ...consumers];
  const prompt = toPrompt(readWorkflow(document({ version: 0.4, nodes, links })), objectInfo);
  expect(prompt.size).toBe(2 * count);
});

test('group nodes that would fill the memory are refused', () => {
  const inner = Array.from({ length: 100 }, () => ({ type: 'EmptyImage' }));
  const nodes = Array.from({ length: 300 }, (_, at) => ({ id: at + 1, type: 'workflow>Big' }));
  const extra = { groupNodes: { Big: { nodes: inner, links: [] } } };
  const bomb = readWorkflow(document({ version: 0.4, nodes, links: [], extra }));
  expect(() => toPrompt(bomb, objectInfo)).toThrow(expect.objectContaining({ code: 'workflow-too-large' }));
});
