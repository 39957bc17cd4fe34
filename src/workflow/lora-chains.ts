import type { End, Fact, GraphFacts, NodeFacts } from './facts.js';
import type { NodeIdentity } from './node-identity.js';
import type { ChainMember, WorkflowChange } from './workflow-change.js';

/** One LoRA behind the other, in the order in which they are applied. */
interface Chain {
  readonly ids: readonly string[];
  /** Where the first one gets its inputs from. */
  readonly sources: ReadonlySet<string>;
}

/**
 * LoRA chains whose members changed places are said as such: one change for the chain instead of those of the links inside, into and out of it.
 */
export function foldChains(
  changes: readonly WorkflowChange[],
  before: GraphFacts,
  after: GraphFacts,
  identity: NodeIdentity,
): WorkflowChange[] {
  const links = changes.filter(({ kind }) => kind === 'link').length;
  if (links < 2) return [...changes];
  const old = new Map(chainsOf(before).flatMap((chain) => chain.ids.map((id) => [id, chain] as const)));
  const moved = chainsOf(after).flatMap((chain) => {
    const candidates = new Set(chain.ids.flatMap((id) => old.get(identity.get(id) ?? '') ?? []));
    const was = [...candidates].find((each) => isReordered(each, chain, identity));
    return was === undefined ? [] : [{ was, chain }];
  });
  const rest = changes.filter((change) => !moved.some(({ was, chain }) => isExplained(change, was, chain)));
  return [
    ...moved.map(({ was, chain }): WorkflowChange => {
      const members = (graph: GraphFacts, { ids }: Chain) => ids.map((id) => memberOf(id, graph.nodes.get(id)));
      return { kind: 'chain', path: after.path, before: members(before, was), after: members(after, chain) };
    }),
    ...rest,
  ];
}

/** Inputs that hand on what the LoRA before has changed; loaders that only collect have the others. */
const carriers: readonly string[] = ['model', 'prev_lora', 'lora_stack', 'clip'];

const isLora = ({ name }: NodeFacts) => /lora/i.test(name.type);

function chainsOf({ nodes }: GraphFacts): Chain[] {
  const before = new Map<string, string>();
  const after = new Map<string, string[]>();
  for (const [id, node] of nodes) {
    const origin = isLora(node) ? carrierOf(node.facts)?.node : undefined;
    const source = origin === undefined ? undefined : nodes.get(origin);
    if (origin === undefined || source === undefined || !isLora(source)) continue;
    before.set(id, origin);
    after.set(origin, [...(after.get(origin) ?? []), id]);
  }
  const follows = (id: string) => after.get(before.get(id) ?? '')?.length === 1;
  const heads = [...after.keys()].filter((id) => !follows(id));
  return heads.map((head) => chainFrom(head, after, nodes)).filter(({ ids }) => ids.length > 1);
}

function chainFrom(head: string, after: ReadonlyMap<string, readonly string[]>, nodes: GraphFacts['nodes']): Chain {
  const ids = new Set([head]);
  for (let next = after.get(head); next?.length === 1; ) {
    const [id = ''] = next;
    if (ids.has(id)) break;
    ids.add(id);
    next = after.get(id);
  }
  const sources = linksOf(nodes.get(head)?.facts ?? []).map(({ value }) => value.node);
  return { ids: [...ids], sources: new Set(sources) };
}

const linksOf = (facts: readonly Fact[]) => facts.filter((fact) => fact.kind === 'link');

function carrierOf(facts: readonly Fact[]): End | undefined {
  const links = linksOf(facts);
  return carriers.map((key) => links.find((link) => link.key === key)?.value).find((end) => end !== undefined);
}

/** The members that both have come in another order. */
function isReordered(before: Chain, after: Chain, identity: NodeIdentity): boolean {
  const place = new Map(before.ids.map((id, at) => [id, at]));
  const places = after.ids.flatMap((id) => place.get(identity.get(id) ?? '') ?? []);
  return places.some((at, next) => next > 0 && at < (places[next - 1] ?? 0));
}

/** A link change that only says again that the chain was re-ordered. */
function isExplained(change: WorkflowChange, before: Chain, after: Chain): boolean {
  if (change.kind !== 'link' || change.before === undefined || change.after === undefined) return false;
  const { node: was } = change.before;
  const { node: is } = change.after;
  if (after.ids.includes(change.node?.id ?? '')) {
    const inside = before.ids.includes(was) || before.sources.has(was);
    return inside && (after.ids.includes(is) || after.sources.has(is));
  }
  return was === before.ids.at(-1) && is === after.ids.at(-1);
}

function memberOf(id: string, node: NodeFacts | undefined): ChainMember {
  const file = node?.facts.find((fact) => fact.kind === 'value' && typeof fact.value === 'string');
  return { id, type: node?.name.type ?? '', file: file?.kind === 'value' ? String(file.value) : undefined };
}
