import type { Fact, NodeFacts } from './facts.js';
import { isArray, isObject, type Json } from './json.js';
import type { NodeIdentity } from './node-identity.js';
import { idText } from './slot-shapes.js';

/** The identity of the nodes inside a definition after, by its id; `undefined` for the root. */
export type Identities = ReadonlyMap<string | undefined, NodeIdentity>;

/**
 * A node's facts with the ids that its properties hold as they were before: an instance names the widgets it shows by the ids of interior nodes, and
 * the frontend renumbers those when it loads a file.
 */
export function withFormerIds({ type, facts }: NodeFacts, identities: Identities): readonly Fact[] {
  const inside = identities.get(type);
  if (inside === undefined) return facts;
  return facts.map((fact) =>
    fact.kind === 'property' && fact.key === 'properties.proxyWidgets'
      ? { ...fact, value: formerPairs(fact.value, inside) }
      : fact,
  );
}

/** Settings of the workflow likewise: the app mode names nodes of the root and of subgraphs, by ids that are unique over all. */
export function settingsWithFormerIds(facts: readonly Fact[], identities: Identities): readonly Fact[] {
  if (!facts.some(({ key }) => key === appMode)) return facts;
  const all = new Map([...identities.values()].toReversed().flatMap((identity) => [...identity]));
  return facts.map((fact) =>
    fact.kind === 'property' && fact.key === appMode ? { ...fact, value: formerLinear(fact.value, all) } : fact,
  );
}

const appMode = 'extra.linearData';

function formerLinear(value: Json, identity: NodeIdentity): Json {
  if (!isObject(value)) return value;
  const changed = new Map(value);
  for (const key of ['inputs', 'outputs']) {
    const list = value.get(key);
    if (list !== undefined) changed.set(key, formerPairs(list, identity));
  }
  return changed;
}

/** `[[id, name], ...]` or `[id, ...]`, each id kept as number or text. */
function formerPairs(value: Json, identity: NodeIdentity): Json {
  if (!isArray(value)) return value;
  return value.map((item) => {
    if (!isArray(item)) return formerId(item, identity);
    const [id, ...rest] = item;
    return id === undefined ? item : [formerId(id, identity), ...rest];
  });
}

function formerId(id: Json, identity: NodeIdentity): Json {
  const text = idText(id);
  const former = text === undefined ? undefined : identity.get(text);
  if (former === undefined || former === text) return id;
  return typeof id === 'string' ? former : Number(former);
}
