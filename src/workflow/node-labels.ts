import type { Shapes } from './node-shapes.js';

/** A number for each node, equal for nodes that look alike so far. */
export type Labels = ReadonlyMap<string, number>;

/** Labels of both sides, in one numbering. */
export interface LabelPair {
  readonly before: Labels;
  readonly after: Labels;
}

/** A node's links, from both ends. */
export interface Neighbours {
  /** `<input name> <output slot>` of the link, and the node at its other end; by the node that the link enters. */
  readonly sources: ReadonlyMap<string, readonly Neighbour[]>;
  /** Likewise, by the node that the link leaves. */
  readonly targets: ReadonlyMap<string, readonly Neighbour[]>;
}

export interface Neighbour {
  readonly by: string;
  readonly node: string;
}

export function neighboursOf(shapes: Shapes): Neighbours {
  const sources = new Map<string, Neighbour[]>();
  const targets = new Map<string, Neighbour[]>();
  for (const [id, { inputs }] of shapes) {
    for (const [name, end] of inputs) {
      const by = `${end.slot} ${name}`;
      add(sources, id, { by, node: end.node });
      add(targets, end.node, { by, node: id });
    }
  }
  return { sources, targets };
}

function add(lists: Map<string, Neighbour[]>, key: string, one: Neighbour): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [one]);
  else list.push(one);
}

/**
 * Labels by what a node is itself, then by ever wider surroundings: the first are equal for nodes of one type, title and content, the
 * last only where `rounds` steps around them are alike too (the refinement of Weisfeiler and Leman).
 */
export function labelRounds(
  before: { readonly shapes: Shapes; readonly neighbours: Neighbours },
  after: { readonly shapes: Shapes; readonly neighbours: Neighbours },
  rounds: number,
): LabelPair[] {
  const number = numbering();
  const own = ({ shapes }: { shapes: Shapes }) =>
    mapValues(shapes, ({ type, title, content }) => number(JSON.stringify([type, title ?? null, content()])));
  const all: LabelPair[] = [{ before: own(before), after: own(after) }];
  for (let round = 0; round < rounds; round++) {
    const last = all.at(-1) as LabelPair;
    const next = numbering();
    all.push({
      before: widen(before.neighbours, last.before, next),
      after: widen(after.neighbours, last.after, next),
    });
  }
  return all;
}

function widen({ sources, targets }: Neighbours, labels: Labels, number: (text: string) => number): Labels {
  const side = (list: readonly Neighbour[] | undefined) =>
    (list ?? [])
      .map(({ by, node }) => `${by} ${labels.get(node) ?? node}`)
      .sort()
      .join('\n');
  return mapValues(labels, (label, id) => number(`${label}\n\n${side(sources.get(id))}\n\n${side(targets.get(id))}`));
}

function numbering(): (text: string) => number {
  const known = new Map<string, number>();
  return (text) => {
    const found = known.get(text) ?? known.size;
    known.set(text, found);
    return found;
  };
}

const mapValues = <A, B>(map: ReadonlyMap<string, A>, change: (value: A, key: string) => B): Map<string, B> => {
  const changed = new Map<string, B>();
  for (const [key, value] of map) changed.set(key, change(value, key));
  return changed;
};
