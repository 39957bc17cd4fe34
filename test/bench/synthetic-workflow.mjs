// A workflow of a usual shape and size, as the frontend saves it: one line, positions, unconnected widget slots. No two are equal.

const sampler = (id, at, seed) => ({
  id,
  type: 'KSampler',
  pos: [863.25 + at * 420, 186.5 + (at % 7) * 310],
  size: [315, 474.5],
  flags: {},
  order: id,
  mode: 0,
  inputs: [
    { localized_name: 'model', name: 'model', type: 'MODEL', link: id * 2 },
    { localized_name: 'positive', name: 'positive', type: 'CONDITIONING', link: id * 2 + 1 },
    { localized_name: 'negative', name: 'negative', type: 'CONDITIONING', link: null },
    { localized_name: 'latent_image', name: 'latent_image', type: 'LATENT', link: null },
    ...['seed', 'steps', 'cfg', 'sampler_name'].map((name) => ({
      localized_name: name,
      name,
      type: 'INT',
      widget: { name },
      link: null,
    })),
  ],
  outputs: [{ localized_name: 'LATENT', name: 'LATENT', type: 'LATENT', slot_index: 0, links: [] }],
  title: `Sampler ${id}`,
  properties: { cnr_id: 'comfy-core', ver: '0.3.64', 'Node name for S&R': 'KSampler' },
  widgets_values: [seed + id, 'randomize', 20 + (id % 5), 8, 'euler', 'normal', 0.87],
  color: '#232',
  bgcolor: '#353',
});

/** A UI workflow of `count` samplers in a chain; `seed` makes it different from others. */
export function syntheticWorkflow(count, seed) {
  const nodes = Array.from({ length: count }, (_, at) => sampler(at + 1, at, seed * 1000));
  const links = nodes.slice(1).flatMap(({ id }) => [
    [id * 2, id - 1, 0, id, 0, 'MODEL'],
    [id * 2 + 1, id - 1, 0, id, 1, 'CONDITIONING'],
  ]);
  for (const node of nodes) {
    node.outputs[0].links = links.filter((link) => link[1] === node.id).map(([id]) => id);
    if (node.id === 1) for (const slot of node.inputs) slot.link = null;
  }
  return {
    id: `00000000-0000-4000-8000-${String(seed).padStart(12, '0')}`,
    revision: 0,
    last_node_id: count,
    last_link_id: count * 2 + 1,
    nodes,
    links,
    groups: [{ id: 1, title: 'All', bounding: [10, 10, 4000, 2200], color: '#3f789e', flags: {} }],
    config: {},
    extra: { ds: { scale: 0.83, offset: [12.5, -40] } },
    version: 0.4,
  };
}
