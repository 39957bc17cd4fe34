import { expect, test } from 'vitest';
import { compareForMatch } from '../../src/workflow/match.js';
import { sketch, textToImage, workflow } from './build.js';

const sampler = (values: readonly unknown[], more: object = {}) =>
  textToImage((nodes) => Object.assign(nodes['sampler'] ?? {}, { widgets_values: values, ...more }));
const base = [42, 'randomize', 20, 8, 'euler', 'normal', 1];
const match = (committed: unknown, embedded: unknown) => compareForMatch(workflow(committed), workflow(embedded));

test('exact: only layout and group boxes differ', () => {
  const moved = {
    ...textToImage((nodes) => Object.assign(nodes['sampler'] ?? {}, { pos: [1, 2] })),
    groups: [{ title: 'x' }],
  };
  expect(match(textToImage(), moved)).toBe('exact');
});

test('seeds: a seed that the frontend draws for itself', () => {
  expect(match(textToImage(), sampler([43, ...base.slice(1)]))).toBe('seeds');
  const primitive = (value: number) => sketch([{ id: 1, type: 'PrimitiveNode', widgets_values: [value, 'increment'] }]);
  expect(match(primitive(1), primitive(2))).toBe('seeds');
});

test('a seed under a fixed control was changed by the user', () => {
  const fixed = (seed: number) => sampler([seed, 'fixed', ...base.slice(2)]);
  expect(match(fixed(1), fixed(2))).toEqual({ derived: ['3.seed'] });
});

test('derived: the same nodes and links with other values', () => {
  expect(match(textToImage(), sampler([43, 'randomize', 30, 8, 'heun', 'normal', 1]))).toEqual({
    derived: ['3.seed', '3.steps', '3.sampler_name'],
  });
});

test.each([{ mode: 2 }, { mode: 4 }, { type: 'KSamplerAdvanced' }])('another graph: %j', (edit) => {
  expect(match(textToImage(), sampler(base, edit))).toBeUndefined();
});

test('another graph: a node more, a link less', () => {
  const graph = textToImage();
  expect(match(graph, { ...graph, nodes: [...graph.nodes, { id: 50, type: 'Note' }] })).toBeUndefined();
  expect(match(graph, { ...graph, links: graph.links.slice(1) })).toBeUndefined();
});

test('inside a subgraph a value has one name for each instance', () => {
  const graph = (by: number) => {
    const definition = {
      id: 'a1',
      name: 'Scaler',
      nodes: [{ id: 5, type: 'ImageScaleBy', widgets_values: ['area', by] }],
      links: [],
    };
    const hosts = [1, 2].map((id) => ({ id, type: 'a1' }));
    return sketch(hosts, [], { definitions: { subgraphs: [definition] } });
  };
  expect(match(graph(2), graph(4))).toEqual({ derived: ['1:5.scale_by', '2:5.scale_by'] });
});

test("values of a pack's node have names where somebody knows them, and its seed is drawn all the same", () => {
  const names = new Map([['PaintSampler', ['prompt', 'noise', 'control_after_generate', 'steps']]]);
  const paint = (noise: number, steps: number) =>
    workflow(sketch([{ id: 4, type: 'PaintSampler', widgets_values: ['a cat', noise, 'randomize', steps] }]));
  expect(compareForMatch(paint(1, 20), paint(2, 30))).toEqual({ derived: ['4.#1', '4.#3'] });
  expect(compareForMatch(paint(1, 20), paint(2, 30), names)).toEqual({ derived: ['4.noise', '4.steps'] });
  expect(compareForMatch(paint(1, 20), paint(2, 20), names)).toBe('seeds');
});
