import { isArray, isObject, type Json, type JsonObject } from '../../src/workflow/json.js';

type NewId = (id: number) => number;

/** The same workflow with other ids of nodes and links, and other orders of both, as after an import; interior ids and ids of definitions too. */
export function renumbered(workflow: JsonObject, node: NewId, link: NewId = (id) => id + 1000): JsonObject {
  const definitions = objects(get(workflow, 'definitions', 'subgraphs'));
  const newNames = new Map(definitions.map((each) => [String(each.get('id')), `${each.get('id')}-imported`]));
  const change = (graph: JsonObject): JsonObject => {
    const changed = new Map(graph);
    changed.set(
      'nodes',
      objects(graph.get('nodes'))
        .map((each) => newNode(each, node, link, newNames))
        .reverse(),
    );
    changed.set(
      'links',
      list(graph.get('links'))
        .map((each) => newLink(each, node, link))
        .reverse(),
    );
    for (const key of ['inputs', 'outputs']) {
      if (!graph.has('inputNode') && !graph.has('state')) continue;
      changed.set(
        key,
        objects(graph.get(key)).map((slot) => withIds(slot, 'linkIds', link)),
      );
    }
    return changed;
  };
  const whole = change(workflow);
  const linear = get(workflow, 'extra', 'linearData');
  const extra = workflow.get('extra');
  if (isObject(linear) && isObject(extra)) {
    const known = new Set(
      [workflow, ...definitions].flatMap((graph) => objects(graph.get('nodes')).map((each) => String(each.get('id')))),
    );
    const pairs = (key: string) =>
      list(linear.get(key)).map((pair) =>
        known.has(String(isArray(pair) ? pair[0] : pair)) ? pairWith(pair, node) : pair,
      );
    const changed = new Map(linear);
    for (const key of ['inputs', 'outputs']) if (linear.has(key)) changed.set(key, pairs(key));
    whole.set('extra', new Map(extra).set('linearData', changed));
  }
  if (definitions.length === 0) return whole;
  const subgraphs = definitions.map((each) => change(each).set('id', newNames.get(String(each.get('id'))) ?? ''));
  return whole.set('definitions', new Map([['subgraphs', subgraphs]]));
}

function newNode(each: JsonObject, node: NewId, link: NewId, names: ReadonlyMap<string, string>): JsonObject {
  const changed = new Map(each);
  changed.set('id', mapped(each.get('id') ?? null, node));
  changed.set('type', names.get(String(each.get('type'))) ?? each.get('type') ?? '');
  changed.set(
    'inputs',
    objects(each.get('inputs')).map((slot) => new Map(slot).set('link', mapped(slot.get('link') ?? null, link))),
  );
  changed.set(
    'outputs',
    objects(each.get('outputs')).map((slot) => withIds(slot, 'links', link)),
  );
  const properties = each.get('properties');
  if (isObject(properties) && isArray(properties.get('proxyWidgets'))) {
    const pairs = list(properties.get('proxyWidgets')).map((pair) => pairWith(pair, node));
    changed.set('properties', new Map(properties).set('proxyWidgets', pairs));
  }
  return changed;
}

const pairWith = (pair: Json, node: NewId): Json =>
  isArray(pair) ? [mapped(pair[0] ?? null, node), ...pair.slice(1)] : mapped(pair, node);

function newLink(each: Json, node: NewId, link: NewId): Json {
  if (isObject(each)) {
    const changed = new Map(each).set('id', mapped(each.get('id') ?? null, link));
    for (const key of ['origin_id', 'target_id']) changed.set(key, mapped(each.get(key) ?? null, node));
    return changed;
  }
  if (!isArray(each)) return each;
  const [id = null, origin = null, slot = null, target = null, ...rest] = each;
  return [mapped(id, link), mapped(origin, node), slot, mapped(target, node), ...rest];
}

/** Borders of subgraphs have negative ids, which stay; so do ids that are texts of something else. */
function mapped(id: Json, change: NewId): Json {
  if (typeof id === 'number') return id < 0 ? id : change(id);
  return typeof id === 'string' && /^\d+$/.test(id) ? String(change(Number(id))) : id;
}

const withIds = (slot: JsonObject, key: string, change: NewId): JsonObject =>
  isArray(slot.get(key))
    ? new Map(slot).set(
        key,
        list(slot.get(key)).map((id) => mapped(id, change)),
      )
    : slot;

const list = (value: Json | undefined): Json[] => (isArray(value) ? value : []);
const objects = (value: Json | undefined): JsonObject[] => list(value).filter(isObject);

function get(value: Json | undefined, ...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>((at, key) => (isObject(at) ? at.get(key) : undefined), value);
}
