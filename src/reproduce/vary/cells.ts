import { lineageAbout } from '../../capture/lineage-about.js';
import type { Repository } from '../../git/repository.js';
import type { SheetCell } from '../../image/sheet/sheet.js';
import type { RunRecord } from '../../lineage/record.js';
import { recordId } from '../../lineage/record-line.js';
import type { JsonObject } from '../../workflow/json.js';
import { promptIdentity, readPrompt } from '../../workflow/prompt.js';
import type { Original } from '../original.js';
import type { Variation } from './variations.js';

/** A picture that was varied, made now or earlier. */
export interface MadeVariation {
  readonly variation: Variation;
  /** Id of its record. */
  readonly id: string;
  readonly record: RunRecord;
  /** Of a run that was made now. */
  readonly picture?: SheetCell;
  /** It was recorded before, and was not run again. */
  readonly before: boolean;
  /** The server that made it now. */
  readonly server?: string;
}

/** One that no server could make. */
export interface FailedVariation {
  readonly variation: Variation;
  readonly failed: string;
}

export type VariedCell = MadeVariation | FailedVariation;

/**
 * What was recorded of these variations before.
 * @param promptsOf the prompts that a variation may have, by its place: models may have other names on another server
 */
export async function knownCells(
  repository: Repository,
  original: Original,
  variations: readonly Variation[],
  promptsOf: (index: number) => readonly JsonObject[],
): Promise<(VariedCell | undefined)[]> {
  const { records } = await lineageAbout(repository, { madeFrom: [original.id] });
  const known = new Map(
    records.flatMap(({ text, record }) =>
      record.varies === original.id && record.identity !== undefined
        ? [[record.identity, { id: recordId(text), record }] as const]
        : [],
    ),
  );
  return variations.map((variation, index) => {
    for (const prompt of promptsOf(index)) {
      const found = known.get(promptIdentity(readPrompt(prompt)));
      if (found !== undefined) return { variation, before: true, ...found };
    }
    return undefined;
  });
}
