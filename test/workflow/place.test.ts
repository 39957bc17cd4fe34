import { describe, expect, test } from 'vitest';
import { applyLayout } from '../../src/workflow/apply-layout.js';
import { fitLayout } from '../../src/workflow/fit-layout.js';
import { fromPlain, type Json, type JsonObject, toPlain } from '../../src/workflow/json.js';
import { normalise } from '../../src/workflow/normal-form.js';
import { overlaps } from '../support/overlaps.js';

interface Plain {
  readonly nodes: readonly Record<string, unknown>[];
  readonly links: readonly unknown[];
}

/** A chain of nodes, each fed by the one before; every third has a long prompt. */
function chain(count: number, place?: (index: number) => unknown): Plain {
  const nodes = Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    type: 'Any',
    ...(place === undefined ? {} : { pos: place(index), size: [210, 60 + (index % 4) * 40] }),
    inputs: index === 0 ? [] : [{ name: 'in', type: 'X', link: index }],
    outputs: [{ name: 'out', type: 'X', links: index === count - 1 ? [] : [index + 1] }],
    widgets_values: index % 3 === 0 ? ['a portrait,\nsoft light', 7] : [1, 2],
  }));
  const links = nodes.slice(1).map(({ id }) => [id - 1, id - 1, 0, id, 0, 'X']);
  return { nodes, links };
}

const workflow = (plain: Plain) => fromPlain({ last_node_id: 99, groups: [], version: 0.4, ...plain }) as JsonObject;
const normalOf = (plain: Plain) => normalise(workflow(plain)).normal;
const nodesOf = (json: JsonObject) => json.get('nodes') as JsonObject[];
const idsOf = (json: JsonObject) => nodesOf(json).map((node) => node.get('id'));
const positions = (json: JsonObject) =>
  new Map(nodesOf(json).map((node) => [node.get('id'), toPlain(node.get('pos') as Json)]));

describe('a workflow that no layout knows', () => {
  test('goes from left to right by data flow, no node on top of another', () => {
    const placed = applyLayout(normalOf(chain(20)), undefined);
    const xs = nodesOf(placed).map((node) => Number((node.get('pos') as Json[])[0]));
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
    expect(new Set(xs).size).toBe(20);
    expect(overlaps(placed)).toBe(0);
  });

  test('is folded where it is a long chain, into something that is wider than high', () => {
    const placed = applyLayout(normalOf(chain(500)), undefined);
    const of = (axis: number) => nodesOf(placed).map((node) => Number((node.get('pos') as Json[])[axis]));
    const [width, height] = [Math.max(...of(0)), Math.max(...of(1))];
    expect(width).toBeLessThan(10_000);
    expect(height).toBeLessThan(width);
    expect(overlaps(placed)).toBe(0);
    // As text is read: each node right of the one before, but where a line begins.
    const breaks = of(0).filter((x, at) => at > 0 && x <= (of(0)[at - 1] ?? 0)).length;
    expect(new Set(of(1)).size).toBe(breaks + 1);
  });

  test('with loose nodes, many sources and a cycle', () => {
    const nodes = Array.from({ length: 60 }, (_, index) => ({ id: index + 1, type: 'Any' }));
    const links = [
      ...nodes.slice(0, 20).map(({ id }) => [id, id, 0, 21, id, 'X']),
      [50, 30, 0, 31, 0, 'X'],
      [51, 31, 0, 30, 0, 'X'],
      [52, 32, 0, 32, 0, 'X'],
    ];
    expect(overlaps(applyLayout(normalOf({ nodes, links }), undefined))).toBe(0);
  });

  test('of many thousand nodes', () => {
    const nodes = Array.from({ length: 20_000 }, (_, index) => ({ id: index + 1, type: 'Any' }));
    const links = nodes.slice(1).map(({ id }) => [id, id - 1, 0, id, 0, 'X']);
    expect(nodesOf(applyLayout(normalOf({ nodes, links }), undefined))).toHaveLength(20_000);
  });

  test('has its groups in a row above it, and the panels of a subgraph beside it', () => {
    const subgraph = {
      id: 'sub',
      inputNode: { id: -10 },
      outputNode: { id: -20 },
      ...chain(2),
      groups: [{ title: 'a' }, { title: 'b' }],
    };
    const normal = normalise(
      fromPlain({ ...chain(1), last_node_id: 1, definitions: { subgraphs: [subgraph] } }) as JsonObject,
    ).normal;
    const plain = toPlain(applyLayout(normal, undefined)) as {
      definitions: { subgraphs: { groups: unknown; inputNode: unknown; outputNode: { bounding: number[] } }[] };
    };
    const [body] = plain.definitions.subgraphs;
    expect(body?.groups).toEqual([
      { title: 'a', bounding: [0, -120, 300, 80] },
      { title: 'b', bounding: [340, -120, 300, 80] },
    ]);
    expect(body?.inputNode).toEqual({ id: -10, bounding: [-200, 0, 120, 40] });
    expect(body?.outputNode.bounding[0]).toBeGreaterThan(400);
  });
});

describe('new nodes among known ones', () => {
  const known = chain(6, (index) => [index * 300, 100]);
  const { layout } = normalise(workflow(known));
  /** The same with node 7 after node 3, and node 8 before it. */
  const longer = (count: number) => ({
    nodes: [...known.nodes, ...Array.from({ length: count }, (_, index) => ({ id: 7 + index, type: 'New' }))],
    links: [...known.links, [20, 3, 0, 7, 0, 'X'], [21, 8, 0, 3, 1, 'X']],
  });

  test.each([2, 40, 400])('%i of them move none of those and cover none', (count) => {
    const placed = applyLayout(normalOf(longer(count)), layout);
    const now = positions(placed);
    for (const [id, pos] of positions(workflow(known))) expect(now.get(id)).toEqual(pos);
    expect(overlaps(placed)).toBe(0);
  });

  test('one stands right of what feeds it, another left of what it feeds', () => {
    const now = positions(applyLayout(normalOf(longer(2)), layout)) as Map<Json, [number, number]>;
    expect(now.get(7)?.[0]).toBeGreaterThan(600 + 210);
    expect(now.get(8)?.[0]).toBeLessThan(600);
  });
});

describe('the order of nodes in the file', () => {
  test('is the saved one', () => {
    const plain = chain(4, (index) => [index, 0]);
    const shuffled = workflow({ ...plain, nodes: [3, 0, 2, 1].map((index) => plain.nodes[index] ?? {}) });
    const { normal, layout } = normalise(shuffled);
    expect(idsOf(normal)).toEqual([1, 2, 3, 4]);
    expect(idsOf(applyLayout(normal, layout))).toEqual([4, 1, 3, 2]);
  });

  test('has sources before consumers where none is saved', () => {
    const backwards = {
      nodes: [
        { id: 1, type: 'A' },
        { id: 2, type: 'B' },
        { id: 3, type: 'C' },
      ],
      links: [
        [1, 3, 0, 2, 0, 'X'],
        [2, 2, 0, 1, 0, 'X'],
      ],
    };
    expect(idsOf(applyLayout(normalOf(backwards), undefined))).toEqual([3, 2, 1]);
  });

  test('puts an unknown source before the node that it feeds', () => {
    const plain = chain(2, (index) => [index, 0]);
    const { layout } = normalise(workflow(plain));
    const more = { nodes: [...plain.nodes, { id: 9, type: 'New' }], links: [...plain.links, [8, 9, 0, 2, 1, 'X']] };
    expect(idsOf(applyLayout(normalOf(more), layout))).toEqual([1, 9, 2]);
  });
});

test('derived members are made again from the links', () => {
  const nodes = [
    {
      id: 1,
      type: 'A',
      outputs: [
        { name: 'a', type: 'X', links: [9], slot_index: 4 },
        { name: 'b', type: 'X' },
      ],
      order: 7,
    },
    {
      id: 2,
      type: 'B',
      inputs: [
        { name: 'x', type: 'X', link: 9 },
        { name: 'y', type: 'X', link: 3 },
      ],
      order: 0,
    },
  ];
  const links = [
    [9, 1, 0, 2, 0, 'X'],
    [3, 1, 0, 2, 1, 'X'],
  ];
  const [first, second] = nodesOf(applyLayout(normalOf({ nodes, links }), undefined)).map((node) => toPlain(node));
  expect(first).toMatchObject({
    order: 0,
    outputs: [
      { links: [3, 9], slot_index: 0 },
      { links: null, slot_index: 1 },
    ],
  });
  expect(second).toMatchObject({ order: 1 });
});

test('bends of wires that are not in this version of the workflow are left away', () => {
  const plain = {
    ...chain(3, (index) => [index, 0]),
    extra: { ds: { scale: 1 }, reroutes: [{ id: 1, pos: [0, 0], linkIds: [2] }] },
  };
  const { normal, layout } = normalise(workflow(plain));
  const shorter = normalOf({ nodes: plain.nodes, links: plain.links.slice(0, 1) });
  expect(fitLayout(layout, normal)).toEqual(layout);
  expect(toPlain(fitLayout(layout, shorter).root.members)).toEqual({ extra: { ds: { scale: 1 } } });
});
