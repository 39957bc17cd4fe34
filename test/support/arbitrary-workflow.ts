// Workflows that nobody would draw, but that a file can hold: ids that collide, ends of links that lead nowhere, keys of any name.
import fc from 'fast-check';
import { type Json, type JsonObject, numberFromLexeme } from '../../src/workflow/json.js';

const lexemes = ['18446744073709551615', '7.0', '1e-5', 'NaN', '-Infinity', '-0', '0.1', '1E+2', '123456789012345678'];

const scalar: fc.Arbitrary<Json> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.integer(),
  fc.constantFrom(...lexemes).map(numberFromLexeme),
);

const key = fc.oneof(
  fc.constantFrom('pos', 'order', 'links', '__proto__', '10', '9', 'constructor', 'label', 'widget'),
  fc.string({ maxLength: 5 }),
);

/** Any JSON, a few levels deep. */
export const arbitraryJson: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('json'), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie('json')), { maxLength: 3 }).map((entries) => new Map(entries)),
  ),
})).json;

const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

/** A map of the members that are not `undefined`, with some of anybody's besides, in any order. */
function objectOf(members: Readonly<Record<string, fc.Arbitrary<Json | undefined>>>): fc.Arbitrary<JsonObject> {
  return fc
    .tuple(
      fc.record(members),
      fc.array(fc.tuple(fc.constantFrom('locked', 'x', '3', '__proto__'), scalar), { maxLength: 2 }),
    )
    .chain(([known, unknown]) => {
      const entries = [
        ...unknown,
        ...Object.entries(known).filter((entry): entry is [string, Json] => entry[1] !== undefined),
      ];
      return fc.shuffledSubarray(entries, { minLength: entries.length }).map((shuffled) => new Map(shuffled));
    });
}

const coordinate: fc.Arbitrary<Json> = fc.oneof(
  fc.integer({ min: -5000, max: 5000 }),
  fc.constantFrom(...lexemes).map(numberFromLexeme),
);
const pair: fc.Arbitrary<Json> = fc.oneof(
  fc.tuple(coordinate, coordinate).map(([x, y]) => [x, y]),
  fc.tuple(coordinate, coordinate).map(
    ([x, y]) =>
      new Map([
        ['0', x],
        ['1', y],
      ]),
  ),
);

const nodeId = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 12 }) },
  fc.constantFrom<Json>(-3, '12:3', '4'),
);
const linkId = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(null));

const slot = (end: 'link' | 'links') =>
  objectOf({
    name: fc.constantFrom('model', 'seed', 'clip'),
    type: fc.constantFrom<Json>('MODEL', '*', 0, ['a', 'b']),
    [end]: optional<Json>(end === 'link' ? linkId : fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 3 })),
    widget: optional(fc.constant(new Map([['name', 'seed']]))),
    label: optional(fc.constantFrom<Json>('renamed', '', null)),
    localized_name: optional(fc.constant('modèle')),
    shape: optional(fc.constant(7)),
    pos: optional(pair),
    slot_index: optional(fc.nat(3)),
  });

const flags = objectOf({ collapsed: optional(fc.boolean()), pinned: optional(fc.boolean()) });

const node = (placed: boolean, type: fc.Arbitrary<string>) =>
  objectOf({
    id: nodeId,
    type,
    pos: placed ? pair : optional(pair),
    size: placed ? pair : optional(pair),
    flags: optional(flags),
    order: optional(fc.nat(20)),
    mode: optional(fc.constantFrom(0, 2, 4)),
    inputs: optional(fc.array(slot('link'), { maxLength: 4 })),
    outputs: optional(fc.array(slot('links'), { maxLength: 3 })),
    properties: optional(arbitraryJson),
    widgets_values: optional(arbitraryJson),
    color: optional(fc.constant('#232')),
    shape: optional(fc.constant(2)),
  });

const ends = fc.tuple(
  fc.integer({ min: 1, max: 9 }),
  nodeId,
  fc.nat(3),
  nodeId,
  fc.nat(4),
  fc.constantFrom<Json>('MODEL', ['x'], 0),
);

const tuple: fc.Arbitrary<Json> = fc.oneof(
  { weight: 9, arbitrary: ends.map((parts): Json => [...parts]) },
  fc.constant(null),
);

const linkObject = ends.chain(([id, origin, originSlot, target, targetSlot, type]) =>
  objectOf({
    id: fc.constant(id),
    origin_id: fc.constant(origin),
    origin_slot: fc.constant(originSlot),
    target_id: fc.constant(target),
    target_slot: fc.constant(targetSlot),
    type: fc.constant(type),
    parentId: optional(fc.nat(3)),
  }),
);

const group = objectOf({
  id: optional(fc.nat(4)),
  title: fc.constantFrom('Load', 'Sample'),
  bounding: fc.tuple(coordinate, coordinate, coordinate, coordinate).map((box): Json => [...box]),
  color: optional(fc.constant('#3f789e')),
  flags: optional(fc.constant(new Map<string, Json>([['pinned', true]]))),
});

const reroute = objectOf({
  id: fc.nat(3),
  pos: pair,
  linkIds: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 2 }),
});

const extra = objectOf({
  ds: optional(arbitraryJson),
  reroutes: optional(fc.array(reroute, { maxLength: 2 })),
  linkExtensions: optional(fc.array(objectOf({ id: fc.nat(9), parentId: fc.nat(3) }), { maxLength: 2 })),
  workflowRendererVersion: optional(fc.constant('Vue')),
  ue_links: optional(arbitraryJson),
});

const panel = objectOf({ id: fc.constant(-10), bounding: fc.constant([1, 2, 3, 4]) });

const definition = (placed: boolean, type: fc.Arbitrary<string>) =>
  objectOf({
    id: fc.constantFrom('sub-a', 'sub-b'),
    version: fc.constant(1),
    revision: optional(fc.nat(2)),
    inputNode: panel,
    outputNode: panel,
    inputs: optional(fc.array(slot('link'), { maxLength: 2 })),
    nodes: fc.array(node(placed, type), { maxLength: 4 }),
    links: fc.array(linkObject, { maxLength: 4 }),
    groups: optional(fc.array(group, { maxLength: 2 })),
    reroutes: optional(fc.array(reroute, { maxLength: 2 })),
    extra: optional(extra),
  });

/** A UI workflow; `placed`: every node has a position and a size. */
export function arbitraryWorkflow({ placed = false }: { placed?: boolean } = {}): fc.Arbitrary<JsonObject> {
  const plain = fc.constantFrom('KSampler', 'LoadImage');
  const types = fc.constantFrom(plain, plain, plain, fc.constantFrom('KSampler', 'Anything Everywhere'));
  return types.chain((type) =>
    objectOf({
      nodes: fc.array(node(placed, type), { maxLength: 8 }),
      links: fc.array(tuple, { maxLength: 9 }),
      last_node_id: fc.constant(12),
      groups: optional(fc.array(group, { maxLength: 3 })),
      floatingLinks: optional(fc.array(linkObject, { maxLength: 1 })),
      revision: optional(fc.nat(3)),
      extra: optional(extra),
      definitions: optional(
        fc
          .array(definition(placed, type), { maxLength: 2 })
          .map((subgraphs): Json => new Map([['subgraphs', subgraphs]])),
      ),
      version: fc.constant(0.4),
    }),
  );
}
