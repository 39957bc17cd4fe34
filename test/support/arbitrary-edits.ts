// Random workflows that a frontend could have saved, and random edits of any workflow.
import fc from 'fast-check';
import { isArray, type Json, type JsonObject } from '../../src/workflow/json.js';
import { type Edit, graphsIn, inputsIn, linksIn, nodesIn } from './edits.js';

const idOf = (node: JsonObject) => {
  const id = node.get('id');
  return typeof id === 'object' && id !== null && 'lexeme' in id ? String(id.lexeme) : String(id);
};

const fresh: fc.Arbitrary<Json> = fc.oneof(
  fc.nat(1000),
  fc.constantFrom<Json>('ink', 'a red house', true, null),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -9, max: 9 }).filter((number) => !Object.is(number, -0)),
);
const word = fc.constantFrom('upper', 'lower', 'left', 'right');
const type = fc.constantFrom('LoraLoaderModelOnly', 'PreviewImage', 'Reroute');

/** Two nodes that two people add are never alike by chance. */
const unique = fc.uuid();

/** An edit of the workflow that can be done; links never make a cycle. */
export function arbitraryEdit(workflow: JsonObject): fc.Arbitrary<Edit> {
  const places = graphsIn(workflow).flatMap((graph, at) =>
    nodesIn(graph).map((node) => ({ graph: at, body: graph, node })),
  );
  return fc.constantFrom(...places).chain(({ graph, body, node }) => {
    const about = { graph, node: idOf(node) };
    const values = node.get('widgets_values');
    const names = inputsIn(node).map((slot) => String(slot.get('name')));
    const linked = inputsIn(node)
      .filter((slot) => (slot.get('link') ?? null) !== null)
      .map((slot) => String(slot.get('name')));
    const upstream = nodesIn(body)
      .map(idOf)
      .filter((id) => !reaches(body, about.node, id));
    const edits: fc.Arbitrary<Edit>[] = [
      word.map((text) => ({ ...about, do: 'title', text })),
      word.map((text) => ({ ...about, do: 'property', text })),
      fc.constantFrom(0, 2, 4).map((mode) => ({ ...about, do: 'mode', mode })),
      fc.constant({ ...about, do: 'delete' }),
      fc.record({ slot: fc.constant(0), type, value: unique }).map((more) => ({ ...about, do: 'add', ...more })),
    ];
    if (isArray(values) && values.length > 0) {
      const set = fc.record({ at: fc.nat(values.length - 1), value: fresh });
      for (let weight = 0; weight < 3; weight++) edits.push(set.map((more) => ({ ...about, do: 'value', ...more })));
    }
    if (linked.length > 0) {
      const input = fc.constantFrom(...linked);
      edits.push(input.map((name) => ({ ...about, do: 'disconnect', input: name })));
      edits.push(fc.record({ input, type, value: unique }).map((more) => ({ ...about, do: 'insert', ...more })));
    }
    if (names.length > 0 && upstream.length > 0) {
      const wire = fc.record({
        input: fc.constantFrom(...names),
        origin: fc.constantFrom(...upstream),
        slot: fc.constant(0),
      });
      edits.push(wire.map((more) => ({ ...about, do: 'rewire', ...more })));
    }
    return fc.oneof(...edits);
  });
}

/** Whether `to` is `from`, or is fed by it. */
function reaches(graph: JsonObject, from: string, to: string): boolean {
  const links = linksIn(graph);
  const seen = new Set([from]);
  for (const id of seen) for (const { origin, target } of links) if (origin === id) seen.add(target);
  return seen.has(to);
}

const types = ['CheckpointLoaderSimple', 'KSampler', 'VAEDecode', 'SaveImage', 'CLIPTextEncode'];

/** Nodes in a row, each fed by earlier ones; `firstId` is the first one's. */
const body = (firstId: number, isDefinition: boolean) =>
  fc
    .array(
      fc.record({
        type: fc.constantFrom(...types),
        sources: fc.array(fc.nat(6), { maxLength: 2 }),
        values: fc.array(fresh, { maxLength: 3 }),
      }),
      { minLength: 2, maxLength: 6 },
    )
    .map((sketches) => {
      let link = firstId * 10;
      const links: Json[] = [];
      const nodes = sketches.map(({ type: nodeType, sources, values }, at): JsonObject => {
        const id = firstId + at;
        const inputs = sources.map((source, slot): Json => {
          const held = at === 0 ? null : ++link;
          if (held !== null) {
            const ends = [held, firstId + (source % at), 0, id, slot, '*'];
            links.push(
              isDefinition
                ? new Map(
                    ['id', 'origin_id', 'origin_slot', 'target_id', 'target_slot', 'type'].map((key, index) => [
                      key,
                      ends[index] as Json,
                    ]),
                  )
                : ends,
            );
          }
          return new Map<string, Json>([
            ['name', `in${slot}`],
            ['type', '*'],
            ['link', held],
          ]);
        });
        return new Map<string, Json>([
          ['id', id],
          ['type', nodeType],
          ['mode', 0],
          ['inputs', inputs],
          [
            'outputs',
            [
              new Map<string, Json>([
                ['name', 'out'],
                ['type', '*'],
              ]),
            ],
          ],
          ['properties', new Map()],
          ['widgets_values', values],
        ]);
      });
      return { nodes, links };
    });

/** A workflow with one subgraph and an instance of it. */
export const soundWorkflow: fc.Arbitrary<JsonObject> = fc
  .tuple(body(1, false), body(50, true))
  .map(([root, inner]): JsonObject => {
    const instance: Json = new Map<string, Json>([
      ['id', 20],
      ['type', 'sub-a'],
      ['mode', 0],
      ['inputs', []],
      [
        'outputs',
        [
          new Map<string, Json>([
            ['name', 'out'],
            ['type', '*'],
          ]),
        ],
      ],
      ['properties', new Map()],
      ['widgets_values', []],
    ]);
    const last = inner.nodes.at(-1)?.get('id') ?? null;
    const out: Json = new Map(
      ['id', 'origin_id', 'origin_slot', 'target_id', 'target_slot', 'type'].map((key, at): [string, Json] => [
        key,
        [900, last, 0, -20, 0, '*'][at] ?? null,
      ]),
    );
    const definition: Json = new Map<string, Json>([
      ['id', 'sub-a'],
      ['version', 1],
      [
        'state',
        new Map<string, Json>([
          ['lastNodeId', 60],
          ['lastLinkId', 900],
        ]),
      ],
      ['name', 'Upscale'],
      [
        'inputNode',
        new Map<string, Json>([
          ['id', -10],
          ['bounding', [0, 0, 0, 0]],
        ]),
      ],
      [
        'outputNode',
        new Map<string, Json>([
          ['id', -20],
          ['bounding', [0, 0, 0, 0]],
        ]),
      ],
      ['inputs', []],
      [
        'outputs',
        [
          new Map<string, Json>([
            ['id', 'out-1'],
            ['name', 'out'],
            ['type', '*'],
            ['linkIds', [900]],
          ]),
        ],
      ],
      ['nodes', inner.nodes],
      ['links', [...inner.links, out]],
      ['groups', []],
    ]);
    return new Map<string, Json>([
      ['last_node_id', 60],
      ['last_link_id', 900],
      ['nodes', [...root.nodes, instance]],
      ['links', root.links],
      ['groups', []],
      ['definitions', new Map<string, Json>([['subgraphs', [definition]]])],
      ['extra', new Map()],
      ['version', 0.4],
    ]);
  });
