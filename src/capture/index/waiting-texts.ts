import { InputError } from '../../errors.js';
import { readSections, writeSections } from '../../files/sections.js';
import { comfyPath, type Repository } from '../../git/repository.js';
import { readSnapshot } from '../../lineage/documents.js';
import type { LineIndex } from '../../lineage/index/line-index.js';
import { documentOf } from '../../lineage/index/row.js';
import type { WaitingRun } from '../../lineage/index/waiting-runs.js';
import { readWorkflow } from '../../workflow/graph.js';
import { longTextsDigest } from '../../workflow/long-texts.js';
import { readPrompt } from '../../workflow/prompt.js';
import { readDocuments } from '../read-documents.js';
import { readWaiting } from './read-waiting.js';

/** `longTextsDigest` of what a run executed, and of what it embedded. */
export interface RunTexts {
  readonly prompt?: string;
  readonly workflow?: string;
}

/** By `documentOf` the runs. */
export type TextsOfRuns = ReadonlyMap<number, RunTexts>;

const format = 'git-comfy texts of waiting runs 1';
const pathOf = (repository: Repository) => comfyPath(repository, 'cache', 'waiting-1.texts');

/**
 * The digests of runs that wait. They are kept in the cache: of a run only its first asking reads what it left.
 * @throws GitError `git-failed`
 */
export async function textsOfWaiting(
  repository: Repository,
  index: LineIndex,
  runs: readonly WaitingRun[],
): Promise<TextsOfRuns> {
  const known = readKept(repository);
  const missing = runs.filter(({ document }) => !known.has(document));
  if (missing.length === 0) return known;
  const found = await readTexts(repository, index, missing);
  const texts = new Map(
    runs.flatMap(({ document }) => {
      const one = known.get(document) ?? found.get(document);
      return one === undefined ? [] : [[document, one] as const];
    }),
  );
  await keep(repository, texts);
  return texts;
}

async function readTexts(
  repository: Repository,
  index: LineIndex,
  missing: readonly WaitingRun[],
): Promise<Map<number, RunTexts>> {
  const found = new Map<number, RunTexts>();
  const records = (await readWaiting(repository, index, missing)).map(({ best }) => best.record);
  const ids = records.map(({ snapshot }) => snapshot);
  for await (const { index: at, text } of readDocuments(repository, 'snapshot', ids)) {
    const record = records[at];
    if (record !== undefined && text !== undefined) found.set(documentOf(record), textsOf(text));
  }
  return found;
}

/** Of a document that cannot be read nothing is known, and it is like no other. */
function textsOf(snapshot: string): RunTexts {
  try {
    const { prompt, workflow } = readSnapshot(snapshot);
    const ran = longTextsDigest(readPrompt(prompt));
    return workflow === undefined
      ? { prompt: ran }
      : { prompt: ran, workflow: longTextsDigest(readWorkflow(workflow)) };
  } catch (error) {
    if (error instanceof InputError) return {};
    throw error;
  }
}

function readKept(repository: Repository): Map<number, RunTexts> {
  const bytes = readSections(pathOf(repository), format)?.get('texts');
  // It has a checksum: what is there is what was written.
  return new Map(bytes === undefined ? [] : (JSON.parse(Buffer.from(bytes).toString('utf8')) as [number, RunTexts][]));
}

/** Where it cannot be written (a read-only disk) the next commit costs more. */
async function keep(repository: Repository, texts: TextsOfRuns): Promise<void> {
  const bytes = Buffer.from(JSON.stringify([...texts]));
  await writeSections(pathOf(repository), format, new Map([['texts', bytes]])).catch(() => undefined);
}
