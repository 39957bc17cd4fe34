import { isObject, type JsonObject, parseJson } from '../../../src/workflow/json.js';

const slots = [
  { localized_name: 'modèle', name: 'model', type: 'MODEL', link: 3, shape: 7 },
  { name: 'seed', type: 'INT', widget: { name: 'seed' }, link: null },
  { name: 'image', type: 'IMAGE', label: '', link: 4, dir: 3 },
  // Says that nothing is connected, which a link knows better.
  { name: 'steps', type: 'INT', widget: { name: 'steps' }, link: null },
];

const sampler = {
  id: 7,
  type: 'KSampler',
  pos: [1.5, -2],
  size: { 0: 300, 1: 200 },
  flags: { collapsed: true, kept: 1 },
  order: 4,
  mode: 0,
  inputs: slots,
  outputs: [{ name: 'LATENT "x"', type: 'LATENT', slot_index: 0, links: [5], shape: 3 }],
  title: 'Sämpler\n"1"',
  properties: { ver: '0.3', 'Node name for S&R': 'KSampler' },
  widgets_values: [1, 'fixed', { on: true, list: [] }, []],
  color: '#232',
};

const loader = {
  id: 3,
  type: 'LoadImage',
  size: [1, 2],
  flags: {},
  inputs: [],
  outputs: [],
  widgets_values: { a: [1, 2] },
};

const panel = (id: number) => ({ id, bounding: [1, 2, 3, 4], pinned: true });

/** A workflow with one of everything that the frontend writes; nodes and links stand in no order. */
export const wholeGraph = (): JsonObject => {
  const root = {
    revision: 2,
    last_node_id: 9,
    nodes: [sampler, loader, { id: 9, type: 'sub-a', pos: [1, 2], flags: null, inputs: null, mode: 4 }],
    links: [
      [5, 7, 0, 9, 0, 'LATENT'],
      null,
      [3, 3, 0, 7, 0, 'MODEL'],
      [4, 3, 1, 7, 2, 'IMAGE'],
      [6, 3, 2, 7, 3, 'INT'],
    ],
    groups: [
      { id: 2, title: 'B', bounding: [0, 0, 9, 9], color: '#fff', flags: {} },
      { id: 1, title: 'A', bounding: [0, 0, 9, 9] },
    ],
    definitions: {
      subgraphs: [
        {
          id: 'sub-a',
          version: 1,
          state: { lastNodeId: 4 },
          revision: 1,
          inputNode: panel(-10),
          outputNode: panel(-20),
          inputs: [{ id: 'x', name: 'in', type: 'LATENT', linkIds: [2, 1], localized_name: 'ein', pos: [1, 2] }],
          outputs: [],
          nodes: [{ ...sampler, id: 3 }],
          links: [
            { id: 2, origin_id: 3, origin_slot: 0, target_id: -20, target_slot: 0, type: 'LATENT', parentId: 6 },
            { id: 1, origin_id: -10, origin_slot: 0, target_id: 3, target_slot: 2, type: 'LATENT' },
          ],
          groups: [{ title: 'old', bounding: [1, 2, 3, 4] }],
          extra: {},
        },
      ],
    },
    config: {},
    extra: { ds: { scale: 1, offset: [0, 0] }, mine: { a: [1] } },
    models: [{ name: 'a', url: 'b' }],
    version: 0.4,
  };
  const json = parseJson(JSON.stringify(root));
  if (!isObject(json)) throw new Error('no object');
  return json;
};
