import { type CleanedWorkflow, cleanBytes, type StoredForm, type Through } from '../workflow/clean.js';
import { type JsonObject, parseJson } from '../workflow/json.js';
import { layoutBody } from '../workflow/layout-document.js';
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

/** As `cleanBytes`, within what a filter takes. */
export function takeOut(file: Uint8Array, form?: StoredForm): TakenOrThrough {
  const cleaned = cleanBytes(file, filterLimits, form);
  return cleaned.kind === 'through' ? cleaned : takenOut(cleaned);
}

/** What another thread has taken out; its objects stay there, since they would be copied one by one. */
export const takenOutAlready = (bytes: Uint8Array, body: Buffer, positioned: boolean): TakenOut => ({
  kind: 'workflow',
  bytes,
  positioned,
  body: () => body.toString('utf8'),
  normal: () => parseJson(Buffer.from(bytes).toString('utf8')) as JsonObject,
});
