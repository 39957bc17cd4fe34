import { type Labels, labelRounds } from './node-labels.js';
import { mayGrow, type NodePairs, startPairs } from './node-pairs.js';
import type { Shapes } from './node-shapes.js';
import { haveCommonNeighbour, isLinked, spreader } from './pair-neighbours.js';

/** How many links around a node are looked at before its neighbours' pairs are. */
const rounds = 5;

/**
 * Pairs the nodes of two versions, starting from pairs that are sure. The rest are paired from the surest to the vaguest: alike with all that is
 * around them, next to a pair and alike, alike and alone in that, next to a pair and of one type.
 * @param sure by id after, the id before
 */
export function growPairs(before: Shapes, after: Shapes, sure: ReadonlyMap<string, string>): Map<string, string> {
  const pairs = startPairs(before, after, sure);
  if (!mayGrow(pairs)) return pairs.found;
  const labels = labelRounds(pairs.old, pairs.fresh, rounds);
  const [own] = labels;
  const spreadAlike = spreader(pairs, { before: (id) => own?.before.get(id), after: (id) => own?.after.get(id) });
  const spreadType = spreader(pairs, { before: (id) => before.get(id)?.type, after: (id) => after.get(id)?.type });
  spreadAlike();
  for (const [at, pair] of [...labels.entries()].reverse()) {
    pairAlike(pairs, pair.before, pair.after, { symmetric: at === rounds, spread: spreadAlike });
  }
  while (spreadType() > 0) spreadAlike();
  dropStrangers(pairs, sure);
  return pairs.found;
}

/** Pairs free nodes of one label: where they are the only ones, or any of them where all around is alike too. */
function pairAlike(
  pairs: NodePairs,
  before: Labels,
  after: Labels,
  { symmetric, spread }: { readonly symmetric: boolean; readonly spread: () => number },
): void {
  const old = grouped(pairs.freeOld(), before);
  for (const [label, ids] of grouped(pairs.freeFresh(), after)) {
    const candidates = old.get(label) ?? [];
    if (symmetric) {
      pairAny(pairs, candidates, ids, spread);
      continue;
    }
    const [was = '', id = ''] = [candidates[0], ids[0]];
    if (candidates.length === 1 && ids.length === 1 && pairs.isFree(was, id)) {
      pairs.add(was, id);
      spread();
    }
  }
}

/** Of nodes that nothing tells apart, those with equal ids go together first. After each pair its neighbours follow. */
function pairAny(pairs: NodePairs, before: readonly string[], after: readonly string[], spread: () => number): void {
  const known = new Set(before);
  for (const id of after) if (known.has(id) && pairs.isFree(id, id)) pairs.add(id, id);
  for (let at = 0, other = 0; at < after.length && other < before.length; ) {
    const [was = '', id = ''] = [before[other], after[at]];
    if (pairs.isFree(was, id)) pairs.add(was, id);
    else if (pairs.found.has(id)) at++;
    else other++;
    spread();
  }
}

function grouped(ids: readonly string[], labels: Labels): Map<number, string[]> {
  const groups = new Map<number, string[]>();
  for (const id of ids) {
    const label = labels.get(id) ?? -1;
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [id]);
    else group.push(id);
  }
  return groups;
}

/** Takes pairs back that nothing holds but their looks: linked nodes without a neighbour in common and without a title of their own are two. */
function dropStrangers(pairs: NodePairs, sure: ReadonlyMap<string, string>): void {
  const { found, old, fresh } = pairs;
  const strangers = [...found].filter(([id, was]) => {
    if (sure.has(id) || !isLinked(old, was) || !isLinked(fresh, id)) return false;
    const title = fresh.shapes.get(id)?.title;
    if (title !== undefined && title === old.shapes.get(was)?.title) return false;
    return !haveCommonNeighbour(pairs, was, id);
  });
  for (const [id] of strangers) found.delete(id);
}
