// Files that nobody saves by accident: what a hostile repository would hold.

const node = (id: unknown, type: string, link?: unknown) =>
  `{"id":${JSON.stringify(id)},"type":${JSON.stringify(type)},"inputs":[{"name":"in","type":"*","link":${link === undefined ? 'null' : String(link)}}],"outputs":[{"name":"out","type":"*"}],"widgets_values":[1]}`;
const workflow = (nodes: readonly string[], links: readonly string[], more = '') =>
  `{"last_node_id":9,"last_link_id":9,"version":0.4,"nodes":[${nodes.join(',')}],"links":[${links.join(',')}]${more}}`;
const many = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
const definition = (id: string, inner: readonly string[]) =>
  `{"id":"${id}","name":"${id}","version":1,"inputNode":{"id":-10},"outputNode":{"id":-20},"inputs":[],"outputs":[],"nodes":[${inner.join(',')}],"links":[]}`;
const definitions = (...bodies: readonly string[]) => `,"definitions":{"subgraphs":[${bodies.join(',')}]}`;
const deep = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth);

/** By name; made when asked for, since some are large. */
export const extremes: Readonly<Record<string, () => string>> = {
  'lists 100,000 deep': () => workflow([node(1, 'Note')], [], `,"extra":${deep(100_000, '[', ']')}`),
  'objects 100,000 deep': () =>
    workflow([node(1, 'Note')], [], `,"extra":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`),
  'a file that only opens': () => '['.repeat(1_000_000),
  'objects 250 deep': () => workflow([node(1, 'Note')], [], `,"extra":${'{"a":'.repeat(250)}1${'}'.repeat(250)}`),
  'a text of 64 MB': () => workflow([node(1, 'Note')], [], `,"extra":{"text":"${'x'.repeat(64 * 1024 * 1024)}"}`),
  'nodes of 64 MB': () =>
    workflow(
      many(400_000, (at) => node(at, 'Reroute')),
      [],
    ),
  '10,000 nodes in a row': () =>
    workflow(
      many(10_000, (at) => node(at, 'Reroute', at || undefined)),
      many(9_999, (at) => `[${at + 1},${at},0,${at + 1},0,"*"]`),
    ),
  'one node that feeds 10,000': () =>
    workflow(
      many(10_000, (at) => node(at, 'Reroute', at || undefined)),
      many(9_999, (at) => `[${at + 1},0,0,${at + 1},0,"*"]`),
    ),
  'ids of 10^18': () =>
    workflow(
      [node(1e18, 'Reroute'), node(1e18 + 1000, 'Reroute', 5)],
      ['[5,1000000000000000000,0,1000000000000001000,0,"*"]'],
      ',"extra":{}',
    ).replace('"last_node_id":9', '"last_node_id":1000000000000000000'),
  'links in a circle': () =>
    workflow(
      [node(1, 'Reroute', 1), node(2, 'Reroute', 2), node(3, 'KSampler', 3)],
      ['[1,2,0,1,0,"*"]', '[2,1,0,2,0,"*"]', '[3,1,0,3,0,"*"]'],
    ),
  'a link to its own node': () => workflow([node(1, 'Reroute', 1)], ['[1,1,0,1,0,"*"]']),
  'a subgraph inside itself': () => workflow([node(1, 'a')], [], definitions(definition('a', [node(2, 'a')]))),
  'two subgraphs inside each other': () =>
    workflow([node(1, 'a')], [], definitions(definition('a', [node(2, 'b')]), definition('b', [node(3, 'a')]))),
  'subgraphs that double 40 times': () =>
    workflow(
      [node(1, 'd0')],
      [],
      definitions(
        ...many(40, (at) => definition(`d${at}`, [node(100 + at * 2, `d${at + 1}`), node(101 + at * 2, `d${at + 1}`)])),
      ),
    ),
  '5,000 subgraphs in a row': () =>
    workflow(
      [node(1, 'd0')],
      [],
      definitions(...many(5000, (at) => definition(`d${at}`, [node(100 + at, `d${at + 1}`)]))),
    ),
  'keys that reach for prototypes': () =>
    workflow(
      [
        '{"id":"__proto__","type":"constructor","__proto__":{"polluted":1},"inputs":[{"name":"__proto__","link":null}],"properties":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}},"widgets_values":{"__proto__":1}}',
      ],
      [],
      ',"__proto__":{"polluted":1},"extra":{"__proto__":[1]}',
    ),
  'one id 20,000 times': () =>
    workflow(
      many(20_000, () => node(1, 'Reroute')),
      [],
    ),
  'one slot name 20,000 times': () =>
    workflow(
      [`{"id":1,"type":"Reroute","inputs":[${many(20_000, () => '{"name":"a","type":"*","link":null}').join(',')}]}`],
      [],
    ),
  '20,000 groups of one title': () =>
    workflow(
      [node(1, 'Note')],
      [],
      `,"groups":[${many(20_000, () => '{"title":"a","bounding":[0,0,1,1]}').join(',')}]`,
    ),
  'widgets that differ by one': () =>
    workflow([`{"id":1,"type":"Stack","widgets_values":[${many(20_000, (at) => at % 2).join(',')}]}`], []),
};
