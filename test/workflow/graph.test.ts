import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { readWorkflow } from '../../src/workflow/graph.js';
import { fromPlain } from '../../src/workflow/json.js';
import { sketch, textToImage, workflow } from './build.js';

test('nodes, slots and links of a workflow with tuples for links', () => {
  const { root } = workflow(textToImage());
  expect(root.nodes.get('3')).toMatchObject({ type: 'KSampler', title: 'base', state: 'active' });
  expect(root.nodes.get('3')?.inputs[0]).toEqual({
    name: 'model',
    type: 'MODEL',
    link: '1',
    label: undefined,
    widget: undefined,
  });
  expect(root.links.get('1')).toEqual({
    id: '1',
    origin: '4',
    originSlot: 0,
    target: '3',
    targetSlot: 0,
    type: 'MODEL',
  });
});

test('links may be objects, null, or typed with a list of choices', () => {
  const object = { id: 2, origin_id: '12:3', origin_slot: 1, target_id: 4, target_slot: 0, type: 'IMAGE' };
  const { root } = workflow({ nodes: [], links: [null, object, [3, 1, 0, 2, 0, ['euler', 'heun']]] });
  expect([...root.links.values()].map(({ origin, type }) => [origin, type])).toEqual([
    ['12:3', 'IMAGE'],
    ['1', 'COMBO'],
  ]);
});

test('definitions are read with their own nodes, links and slots', () => {
  const inner = {
    id: 'f00d',
    name: 'Upscale',
    inputs: [{ name: 'image', type: 'IMAGE', linkIds: [1] }],
    nodes: [{ id: 1, type: 'ImageInvert' }],
    links: [],
  };
  const { definitions } = workflow({ ...sketch([{ id: 7, type: 'f00d' }]), definitions: { subgraphs: [inner] } });
  expect(definitions.get('f00d')).toMatchObject({ name: 'Upscale', inputs: [{ name: 'image', links: ['1'] }] });
});

test.each([
  ['no list of nodes', { links: [] }, 'not-a-workflow'],
  ['a node that is a number', { nodes: [5] }, 'workflow-damaged'],
  ['a node without type', { nodes: [{ id: 1 }] }, 'workflow-damaged'],
  ['a link of two numbers', { nodes: [], links: [[1, 2]] }, 'workflow-damaged'],
  ['a definition without id', { nodes: [], definitions: { subgraphs: [{}] } }, 'workflow-damaged'],
])('%s is refused by name', (_, value, code) => {
  expect(() => readWorkflow(fromPlain(value))).toThrow(expect.objectContaining({ code }));
});

test('no shape whatever makes it crash', () => {
  const node = fc.record({
    id: fc.anything(),
    type: fc.string(),
    inputs: fc.anything(),
    widgets_values: fc.anything(),
  });
  const hostile = fc.record({
    nodes: fc.array(fc.oneof(node, fc.anything())),
    links: fc.anything(),
    definitions: fc.anything(),
  });
  fc.assert(
    fc.property(hostile.filter(isPlain), (value) => {
      try {
        readWorkflow(fromPlain(JSON.parse(JSON.stringify(value))));
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
  );
});

function isPlain(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}
