// Adding one node to a laid-out graph moves no other node.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyLayout } from '../../src/workflow/apply-layout.js';
import { fitLayout } from '../../src/workflow/fit-layout.js';
import { fromPlain, type Json, type JsonObject, writeJson } from '../../src/workflow/json.js';
import { normalise } from '../../src/workflow/normal-form.js';
import { arbitraryWorkflow } from '../support/arbitrary-workflow.js';
import { overlaps } from '../support/overlaps.js';

const runs = { numRuns: 300 };

const listOf = (json: JsonObject, key: string) => (json.get(key) as JsonObject[] | undefined) ?? [];

/** Where everything of the root stands, but the node with this id. */
const standing = (workflow: JsonObject, but: number): string[] => [
  ...listOf(workflow, 'nodes')
    .filter((node) => node.get('id') !== but)
    .map((node) => ['id', 'pos', 'size', 'color', 'flags'].map((key) => writeJson(node.get(key) ?? null)).join(' ')),
  ...listOf(workflow, 'groups').map((group) => writeJson(group.get('bounding') ?? null)),
];

interface Drawn {
  readonly count: number;
  /** From an earlier node to a later one. */
  readonly links: readonly (readonly [number, number])[];
  readonly places: readonly (readonly [number, number])[];
}

/** A graph as people draw it; some rows and columns are full, so that a new node has to look for room. */
const drawn: fc.Arbitrary<Drawn> = fc.integer({ min: 1, max: 25 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    links: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: count * 2 }),
    places: fc.array(fc.tuple(fc.integer({ min: -600, max: 3000 }), fc.integer({ min: -600, max: 1500 })), {
      minLength: count,
      maxLength: count,
    }),
  }),
);

function workflowOf({ count, links, places }: Drawn, byHand: boolean): JsonObject {
  const nodes = Array.from({ length: count }, (_, at) => ({
    id: at + 1,
    type: 'Any',
    ...(byHand ? { pos: places[at], size: [210, 60 + (at % 5) * 70] } : {}),
  }));
  const wires = links.map(([from, to], at) => [at + 1, from + 1, 0, to + 1, at, 'X']);
  const groups = [{ title: 'All', ...(byHand ? { bounding: [0, 0, 500, 400] } : {}) }];
  return fromPlain({ last_node_id: count, nodes, links: wires, groups, version: 0.4 }) as JsonObject;
}

const newId = 99;

/** The workflow with one node more, which `from` feeds and which feeds `to`. */
function withOneMore(workflow: JsonObject, from: readonly Json[], to: readonly Json[]): JsonObject {
  const links = [
    ...from.map((id, at): Json => [900 + at, id, 0, newId, at, 'X']),
    ...to.map((id, at): Json => [950 + at, newId, 0, id, 40 + at, 'X']),
  ];
  const added = fromPlain({ id: newId, type: 'New', widgets_values: [1, 2, 3] });
  return new Map(workflow)
    .set('nodes', [...listOf(workflow, 'nodes'), added])
    .set('links', [...listOf(workflow, 'links'), ...links]);
}

const some = fc.array(fc.nat(24), { maxLength: 3 });

test.each([
  ['by hand', true],
  ['by ourselves', false],
])('laid out %s', (_, byHand) => {
  fc.assert(
    fc.property(drawn, some, some, (graph, from, to) => {
      const first = workflowOf(graph, byHand);
      const before = byHand ? first : applyLayout(normalise(first).normal, undefined);
      const ids = (list: readonly number[]) => list.map((at) => (at % graph.count) + 1);
      const { normal } = normalise(withOneMore(first, ids(from), ids(to)));
      const after = applyLayout(normal, fitLayout(normalise(before).layout, normal));
      expect(standing(after, newId)).toEqual(standing(before, newId));
      expect(overlaps(after)).toBe(overlaps(before));
    }),
    runs,
  );
});

test('in files that nobody would draw', () => {
  fc.assert(
    fc.property(arbitraryWorkflow({ placed: true }), some, some, (workflow, from, to) => {
      const { layout } = normalise(workflow);
      const { normal } = normalise(withOneMore(workflow, from, to));
      const [before, after] = [
        applyLayout(normalise(workflow).normal, layout),
        applyLayout(normal, fitLayout(layout, normal)),
      ];
      expect(standing(after, newId).toSorted()).toEqual(standing(before, newId).toSorted());
    }),
    runs,
  );
});
