import { type CleanedWorkflow, cleanBytes, type StoredForm, type Through } from '../workflow/clean.js';
import { type JsonObject, parseJson } from '../workflow/json.js';
import { layoutBody } from '../workflow/layout-document.js';
import { type CleanedTape, tapeCleaner } from '../workflow/tape/tape-cleaner.js';
import { filterLimits } from './filter-limits.js';

/** A workflow without its layout, and the layout; what is rarely asked for is made when it is. */
export interface TakenOut {
  readonly kind: 'workflow';
  /** What git stores. */
  readonly bytes: Uint8Array;
  /** Whether the file had any position at all. */
  readonly positioned: boolean;
  /** The layout document's text but for its time, see `layoutBody`. */
  readonly body: () => string;
  readonly normal: () => JsonObject;
}

/** What clean makes of a file. */
export type TakenOrThrough = TakenOut | Through;

/** What became of a file that nobody has asked for yet. */
export interface MadeAhead {
  /** Its bytes when it was read. */
  readonly file: Uint8Array;
  readonly made: TakenOrThrough;
}

export const takenOut = ({ bytes, positioned, layout, normal }: CleanedWorkflow): TakenOut => ({
  kind: 'workflow',
  bytes,
  positioned,
  body: () => layoutBody(layout),
  normal: () => normal,
});

/** What a tape gives: nothing of it is an object yet. */
const takenOffTape = ({ bytes, body, positioned }: CleanedTape): TakenOut => ({
  kind: 'workflow',
  bytes,
  positioned,
  body: () => body.toString('utf8'),
  normal: () => parseJson(bytes.toString('utf8')) as JsonObject,
});

const cleanTape = tapeCleaner();

/** As `cleanBytes`, within what a filter takes. */
export function takeOut(file: Uint8Array, form: StoredForm = 'normal'): TakenOrThrough {
  const quick = form === 'normal' ? cleanTape(file) : undefined;
  if (quick !== undefined) return takenOffTape(quick);
  const cleaned = cleanBytes(file, filterLimits, form);
  return cleaned.kind === 'through' ? cleaned : takenOut(cleaned);
}
