import { readObjects } from '../../git/objects.js';
import type { Repository } from '../../git/repository.js';
import { type LineIndex, linesOfSource } from '../../lineage/index/line-index.js';
import type { LineageLine } from '../../lineage/lineage.js';

/** The texts of rows, once for each commit that they stand on. Only blobs that hold one of them are read. @throws GitError `git-failed` */
export async function readRows(
  repository: Repository,
  index: LineIndex,
  rows: readonly number[],
): Promise<LineageLine[]> {
  const wanted = wantedLines(index, rows);
  const lines: LineageLine[] = [];
  if (wanted.length === 0) return lines;
  let at = 0;
  for await (const { bytes } of readObjects(
    repository,
    wanted.map(({ blob }) => blob),
  )) {
    const { commit = '', places = [] } = wanted[at++] ?? {};
    for (const [offset, length] of places) {
      if (bytes !== undefined) lines.push({ commit, text: bytes.toString('utf8', offset, offset + length) });
    }
  }
  return lines;
}

interface Wanted {
  readonly commit: string;
  readonly blob: string;
  readonly places: readonly (readonly [offset: number, length: number])[];
}

function wantedLines(index: LineIndex, rows: readonly number[]): Wanted[] {
  const isWanted = new Uint8Array(index.kinds.length);
  for (const row of rows) isWanted[row] = 1;
  return index.sources.flatMap(({ commit, blob }, source) => {
    const [from, to] = linesOfSource(index, source);
    const places: [number, number][] = [];
    for (let at = from * 3; at < to * 3; at += 3) {
      if (isWanted[index.places[at] ?? 0] === 1) places.push([index.places[at + 1] ?? 0, index.places[at + 2] ?? 0]);
    }
    return places.length === 0 ? [] : [{ commit, blob, places }];
  });
}
