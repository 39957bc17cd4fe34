import { readSections, writeSections } from '../../files/sections.js';
import { comfyPath, type Repository } from '../../git/repository.js';
import type { LineIndex } from '../../lineage/index/line-index.js';
import { documentOf } from '../../lineage/index/row.js';
import type { WaitingRun } from '../../lineage/index/waiting-runs.js';
import { readDocuments } from '../read-documents.js';
import { digestsOfSnapshot, type UnseededDigests } from '../unseeded-digests.js';
import { readWaiting } from './read-waiting.js';

/** By `documentOf` the runs. */
export type DigestsOfRuns = ReadonlyMap<number, UnseededDigests>;

const format = 'git-comfy digests of waiting runs 1';
const pathOf = (repository: Repository) => comfyPath(repository, 'cache', 'waiting-1.digests');

/**
 * The digests of runs that wait. They are kept in the cache: of a run only its first asking reads what it left.
 * @throws GitError `git-failed`
 */
export async function digestsOfWaiting(
  repository: Repository,
  index: LineIndex,
  runs: readonly WaitingRun[],
): Promise<DigestsOfRuns> {
  const known = readKept(repository);
  const missing = runs.filter(({ document }) => !known.has(document));
  if (missing.length === 0) return known;
  const found = await readDigests(repository, index, missing);
  const digests = new Map(
    runs.flatMap(({ document }) => {
      const one = known.get(document) ?? found.get(document);
      return one === undefined ? [] : [[document, one] as const];
    }),
  );
  await keep(repository, digests);
  return digests;
}

async function readDigests(
  repository: Repository,
  index: LineIndex,
  missing: readonly WaitingRun[],
): Promise<Map<number, UnseededDigests>> {
  const found = new Map<number, UnseededDigests>();
  const records = (await readWaiting(repository, index, missing)).map(({ best }) => best.record);
  const ids = records.map(({ snapshot }) => snapshot);
  for await (const { index: at, text } of readDocuments(repository, 'snapshot', ids)) {
    const record = records[at];
    if (record !== undefined && text !== undefined) found.set(documentOf(record), digestsOfSnapshot(text));
  }
  return found;
}

function readKept(repository: Repository): Map<number, UnseededDigests> {
  const bytes = readSections(pathOf(repository), format, ['digests'])?.get('digests');
  // It has a checksum: what is there is what was written.
  return new Map(
    bytes === undefined ? [] : (JSON.parse(Buffer.from(bytes).toString('utf8')) as [number, UnseededDigests][]),
  );
}

/** Where it cannot be written (a read-only disk) the next commit costs more. */
async function keep(repository: Repository, digests: DigestsOfRuns): Promise<void> {
  const bytes = Buffer.from(JSON.stringify([...digests]));
  await writeSections(pathOf(repository), format, new Map([['digests', bytes]])).catch(() => undefined);
}
