import { byCodePoint } from '../json.js';

/**
 * The order of what two sides of a merge have together: what both have in the order of the side that changed it, and what only one has behind
 * the neighbour that it stands behind there. The outcome is the same with the sides exchanged, but where both changed the order: then it is ours.
 */
export function mergedOrder(base: readonly string[], ours: readonly string[], theirs: readonly string[]): string[] {
  const [inOurs, inTheirs] = [new Set(ours), new Set(theirs)];
  const isCommon = (key: string) => inOurs.has(key) && inTheirs.has(key);
  const common = ours.filter(isCommon);
  const commonInTheirs = theirs.filter(isCommon);
  const commonInBase = base.filter(isCommon);
  const unmoved = commonInBase.length === common.length && common.every((key, at) => key === commonInBase[at]);
  const [runs, otherRuns] = [runsBehind(ours, isCommon), runsBehind(theirs, isCommon)];
  return [undefined, ...(unmoved ? commonInTheirs : common)].flatMap((key) => {
    const behind = [runs.get(key) ?? [], otherRuns.get(key) ?? []].sort((a, b) => byCodePoint(a[0] ?? '', b[0] ?? ''));
    return [...(key === undefined ? [] : [key]), ...behind.flat()];
  });
}

/** What is not common, in rows, by the common key before it. */
function runsBehind(
  keys: readonly string[],
  isCommon: (key: string) => boolean,
): ReadonlyMap<string | undefined, readonly string[]> {
  const runs = new Map<string | undefined, string[]>();
  let anchor: string | undefined;
  for (const key of keys) {
    const run = runs.get(anchor);
    if (isCommon(key)) anchor = key;
    else if (run === undefined) runs.set(anchor, [key]);
    else run.push(key);
  }
  return runs;
}
