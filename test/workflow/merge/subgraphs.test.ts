import { describe, expect, test } from 'vitest';
import { toPlain, writeJson } from '../../../src/workflow/json.js';
import { sketch } from '../build.js';
import { merged } from './cases.js';

const ends = ['id', 'origin_id', 'origin_slot', 'target_id', 'target_slot', 'type'] as const;
const link = (...values: unknown[]) => Object.fromEntries(ends.map((key, at) => [key, values[at]]));
type Link = ReturnType<typeof link>;

interface Inside {
  readonly scale?: number;
  readonly nodes?: readonly object[];
  readonly links?: readonly Link[];
  readonly outputs?: readonly object[];
  readonly name?: string;
}

/** `Upscale`: Enlarger #11 between an input and an output. */
const definition = ({ scale = 2, nodes = [], links = [], outputs = [], name = 'Upscale' }: Inside) => ({
  id: 'aaaa-1',
  version: 1,
  state: { lastNodeId: 20, lastLinkId: 20, lastGroupId: 0, lastRerouteId: 0 },
  name,
  inputNode: { id: -10 },
  outputNode: { id: -20 },
  inputs: [{ id: 'in-1', name: 'image', type: 'IMAGE', linkIds: [5] }],
  outputs: [{ id: 'out-1', name: 'IMAGE', type: 'IMAGE', linkIds: [6] }, ...outputs],
  nodes: [
    {
      id: 11,
      type: 'Enlarger',
      inputs: [{ name: 'image', type: 'IMAGE', link: 5 }],
      outputs: [{ name: 'IMAGE', type: 'IMAGE' }],
      widgets_values: [scale],
    },
    ...nodes,
  ],
  links: [link(5, -10, 0, 11, 0, 'IMAGE'), link(6, 11, 0, -20, 0, 'IMAGE'), ...links],
});

interface Outside {
  readonly inside?: Inside;
  readonly file?: string;
  readonly instance?: boolean;
  readonly extraNodes?: readonly { id: number; type: string; [key: string]: unknown }[];
  readonly extraLinks?: readonly (readonly unknown[])[];
  readonly instanceOutputs?: readonly object[];
}

const workflow = ({
  inside = {},
  file = 'a.png',
  instance = true,
  extraNodes = [],
  extraLinks = [],
  instanceOutputs = [],
}: Outside = {}) =>
  sketch(
    [
      { id: 1, type: 'LoadImage', outputs: [{ name: 'IMAGE', type: 'IMAGE' }], widgets_values: [file] },
      ...(instance
        ? [
            {
              id: 2,
              type: 'aaaa-1',
              inputs: [{ name: 'image', type: 'IMAGE' }],
              outputs: [{ name: 'IMAGE', type: 'IMAGE' }, ...instanceOutputs],
            },
          ]
        : []),
      { id: 3, type: 'SaveImage', inputs: [{ name: 'images', type: 'IMAGE' }], widgets_values: ['x'] },
      ...extraNodes,
    ],
    [
      ...(instance
        ? [
            [1, 1, 0, 2, 0, 'IMAGE'],
            [2, 2, 0, 3, 0, 'IMAGE'],
          ]
        : []),
      ...extraLinks,
    ],
    { last_node_id: 20, last_link_id: 20, ...(instance ? { definitions: { subgraphs: [definition(inside)] } } : {}) },
  );
const base = workflow();
const blur = (id: number) => ({
  id,
  type: 'ImageBlur',
  inputs: [{ name: 'image', type: 'IMAGE', link: 21 }],
  outputs: [{ name: 'IMAGE', type: 'IMAGE' }],
});

test('one edits inside, the other outside', () => {
  expect(merged(base, workflow({ inside: { scale: 4 } }), workflow({ file: 'b.png' }))).toMatchObject({
    changes: ['LoadImage #1: image a.png -> b.png', 'Upscale / Enlarger #11: #0 2 -> 4'],
    conflicts: [],
  });
});

test('both edit inside', () => {
  const added = { nodes: [blur(21)], links: [link(21, 11, 0, 21, 0, 'IMAGE')] };
  const { changes, conflicts } = merged(base, workflow({ inside: { scale: 4 } }), workflow({ inside: added }));
  expect(conflicts).toEqual([]);
  expect(changes).toEqual(['Upscale / Enlarger #11: #0 2 -> 4', 'Upscale / ImageBlur #21 added']);
  expect(merged(base, workflow({ inside: { scale: 4 } }), workflow({ inside: { scale: 8 } })).conflicts).toEqual([
    'Upscale / Enlarger #11  #0: ours 4, theirs 8 (was 2)',
  ]);
});

test('an id that one gave outside and the other inside stands for two nodes', () => {
  const outside = workflow({
    extraNodes: [{ id: 21, type: 'PreviewImage', inputs: [{ name: 'images', type: 'IMAGE' }] }],
    extraLinks: [[21, 1, 0, 21, 0, 'IMAGE']],
  });
  const inside = workflow({ inside: { nodes: [blur(21)], links: [link(21, 11, 0, 21, 0, 'IMAGE')] } });
  const { changes, conflicts, workflow: made } = merged(base, outside, inside);
  expect(conflicts).toEqual([]);
  expect(changes).toEqual(['PreviewImage #21 added', 'Upscale / ImageBlur #22 added']);
  expect(made.get('last_node_id')).toBe(22);
});

test('one takes the subgraph out, the other edits inside: a conflict about the node that stands for it', () => {
  const words = 'Upscale #2  the node: ours deleted, theirs edited';
  const [ours, theirs] = [workflow({ instance: false }), workflow({ inside: { scale: 4 } })];
  const inPlace = merged(base, ours, theirs);
  expect(inPlace.conflicts).toEqual([words]);
  expect(inPlace.workflow.has('definitions')).toBe(false);
  const taken = merged(base, ours, theirs, { [words]: 'theirs' });
  expect(taken.changes).toEqual(['Upscale / Enlarger #11: #0 2 -> 4']);
  expect(merged(base, theirs, ours).conflicts).toEqual(['Upscale #2  the node: ours edited, theirs deleted']);
});

test('both add an output: links from the node that stands for the subgraph follow theirs by name', () => {
  const adding = (name: string) => ({
    inside: {
      outputs: [{ id: `out-${name}`, name, type: 'MASK', linkIds: [22] }],
      links: [link(22, 11, 0, -20, 1, 'MASK')],
    },
    instanceOutputs: [{ name, type: 'MASK' }],
    extraNodes: [{ id: name === 'edges' ? 21 : 25, type: 'MaskPreview', inputs: [{ name: 'mask', type: 'MASK' }] }],
    extraLinks: [[30, 2, 1, name === 'edges' ? 21 : 25, 0, 'MASK']],
  });
  const { conflicts, workflow: made, changes } = merged(base, workflow(adding('edges')), workflow(adding('alpha')));
  expect(conflicts).toEqual([]);
  expect(changes).toContain('MaskPreview #21 added');
  const links = made.get('links') as unknown[][];
  const slotInto = (node: number) => links.find((one) => one[3] === node)?.[2];
  const nodes = made.get('nodes') as Map<string, { get(key: string): string }[]>[];
  const outputs = nodes.find((node) => (node.get('id') as unknown) === 2)?.get('outputs');
  expect(outputs?.[Number(slotInto(21))]?.get('name')).toBe('edges');
  expect(outputs?.[Number(slotInto(25))]?.get('name')).toBe('alpha');
});

test('a new name of the subgraph and an edit inside', () => {
  const { changes, conflicts } = merged(
    base,
    workflow({ inside: { name: 'Enlarge' } }),
    workflow({ inside: { scale: 4 } }),
  );
  expect(conflicts).toEqual([]);
  expect(changes).toContain('Enlarge / Enlarger #11: #0 2 -> 4');
});

test('what names a node inside by its id follows it: promoted widgets, previews', () => {
  const ours = workflow({
    inside: { nodes: [{ ...blur(21), type: 'Sharpen' }], links: [link(21, 11, 0, 21, 0, 'IMAGE')] },
  });
  const theirs = workflow({ inside: { nodes: [blur(21)], links: [link(21, 11, 0, 21, 0, 'IMAGE')] } });
  const instance = theirs.nodes.find(({ id }) => id === 2) as Record<string, unknown>;
  instance['properties'] = {
    proxyWidgets: [
      ['21', 'radius'],
      ['11', 'width'],
    ],
    previewExposures: [{ name: 'p', sourceNodeId: '21', sourcePreviewName: 'x' }],
  };
  const { conflicts, workflow: made, changes } = merged(base, ours, theirs);
  expect(conflicts).toEqual([]);
  expect(changes).toContain('Upscale / ImageBlur #22 added');
  expect(writeJson(made.get('nodes') ?? null)).toContain(
    '"proxyWidgets":[["22","radius"],["11","width"]],"previewExposures":[{"name":"p","sourceNodeId":"22"',
  );
});

/** With these outputs besides the first, each led to from inside. */
const withOutputs = (...names: readonly string[]): Outside => ({
  inside: {
    outputs: names.map((name, at) => ({ id: `out-${name}`, name, type: 'MASK', linkIds: [22 + at] })),
    links: names.map((_, at) => link(22 + at, 11, 0, -20, 1 + at, 'MASK')),
  },
  instanceOutputs: names.map((name) => ({ name, type: 'MASK' })),
});
const preview = (slot: number): Outside => ({
  extraNodes: [{ id: 21, type: 'MaskPreview', inputs: [{ name: 'mask', type: 'MASK' }] }],
  extraLinks: [[30, 2, slot, 21, 0, 'MASK']],
});

interface Slot {
  readonly name: string;
  readonly linkIds?: readonly number[];
}
interface Made {
  readonly nodes: readonly { id: number; outputs?: readonly Slot[]; inputs?: readonly { link: number | null }[] }[];
  readonly links: readonly (readonly unknown[])[];
  readonly definitions: {
    subgraphs: readonly {
      inputs: readonly Slot[];
      outputs: readonly Slot[];
      links: readonly { [key: string]: unknown }[];
    }[];
  };
}
const plain = (made: { workflow: Parameters<typeof toPlain>[0] }) => toPlain(made.workflow) as unknown as Made;

/** The name of the output of the subgraph that the preview shows; what leads to it inside. */
function shownOutput({ nodes, links, definitions }: Made) {
  const slot = links.find((one) => one[3] === 21)?.[2];
  if (slot === undefined) return undefined;
  const [outer, inner] = [nodes.find(({ id }) => id === 2)?.outputs, definitions.subgraphs[0]?.outputs];
  const inside = definitions.subgraphs[0]?.links.find(({ id }) => inner?.[Number(slot)]?.linkIds?.[0] === id);
  return [
    outer?.[Number(slot)]?.name,
    inner?.[Number(slot)]?.name,
    inside?.['origin_id'],
    inside?.['target_slot'] === slot,
  ];
}

describe.each([
  ['the last one', ['edges'], [], 'edges', 1],
  ['one of several', ['alpha', 'edges', 'depth'], ['alpha', 'depth'], 'edges', 2],
  ['several of several', ['alpha', 'edges'], [], 'edges', 2],
] as const)('one takes an output of a subgraph out, the other connects it: %s', (_, before, after, name, slot) => {
  const common = workflow(withOutputs(...before));
  const taker = workflow(withOutputs(...after));
  const user = workflow({ ...withOutputs(...before), ...preview(slot) });
  const words = 'MaskPreview #21  mask';

  test('is a conflict, and what stands in its place has no end that leads nowhere', () => {
    for (const [ours, theirs] of [
      [taker, user],
      [user, taker],
    ] as const) {
      const made = merged(common, ours, theirs);
      expect(made.conflicts).toEqual([expect.stringContaining(words)]);
      expect(shownOutput(plain(made))).toEqual(ours === taker ? undefined : [name, name, 11, true]);
    }
  });

  test('whoever wants the connection gets the output back, whoever does not is rid of both', () => {
    const kept = merged(common, taker, user, { [words]: 'theirs' });
    expect(kept.open).toEqual([]);
    expect(shownOutput(plain(kept))).toEqual([name, name, 11, true]);
    const gone = plain(merged(common, user, taker, { [words]: 'theirs' }));
    expect(shownOutput(gone)).toBeUndefined();
    expect(gone.definitions.subgraphs[0]?.outputs.map((one) => one.name)).toEqual(['IMAGE', ...after]);
    expect(gone.nodes.find(({ id }) => id === 21)?.inputs?.[0]?.link).toBeNull();
  });
});

test('an output that comes back brings no other connection back that a side has cut', () => {
  const common = workflow(withOutputs('edges'));
  const bare = workflow(withOutputs());
  const inside = (bare as unknown as { definitions: { subgraphs: { outputs: object[]; links: Link[] }[] } }).definitions
    .subgraphs[0];
  inside?.outputs.splice(0, 1, { id: 'out-1', name: 'IMAGE', type: 'IMAGE', linkIds: [] });
  inside?.links.splice(1, 1);
  const user = workflow({ ...withOutputs('edges'), ...preview(1) });
  const made = plain(merged(common, bare, user, { 'MaskPreview #21  mask': 'theirs' }));
  expect(made.definitions.subgraphs[0]?.outputs.map(({ name, linkIds }) => [name, linkIds?.length ?? 0])).toEqual([
    ['IMAGE', 0],
    ['edges', 1],
  ]);
});

test('one takes an input of a subgraph out, the other connects a node inside to it', () => {
  const slot = { id: 'in-2', name: 'mask', type: 'MASK', linkIds: [] };
  const withInput = (inside: Inside, linkIds: readonly number[] = []) => {
    const made = workflow({ inside });
    const { definitions } = made as unknown as { definitions: { subgraphs: { inputs: object[] }[] } };
    definitions.subgraphs[0]?.inputs.push({ ...slot, linkIds });
    return made;
  };
  const masked = { id: 21, type: 'Mask', inputs: [{ name: 'mask', type: 'MASK', link: 21 }] };
  const connected = withInput({ nodes: [masked], links: [link(21, -10, 1, 21, 0, 'MASK')] }, [21]);
  const words = 'Upscale / Mask #21  mask';
  const inputs = (made: { workflow: Parameters<typeof toPlain>[0] }) =>
    plain(made).definitions.subgraphs[0]?.inputs.map(({ name, linkIds }) => [name, linkIds]);
  const first = merged(withInput({}), base, connected);
  expect(first.conflicts).toEqual([expect.stringContaining(words)]);
  expect(inputs(first)).toEqual([['image', [5]]]);
  const taken = merged(withInput({}), base, connected, { [words]: 'theirs' });
  expect(inputs(taken)).toEqual([
    ['image', [5]],
    ['mask', [21]],
  ]);
  expect(taken.open).toEqual([]);
});
