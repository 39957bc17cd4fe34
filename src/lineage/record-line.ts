import { createHash } from 'node:crypto';
import {
  canonicalJson,
  fromPlain,
  isArray,
  isExact,
  isObject,
  type Json,
  parseJson,
  toDouble,
  tryParseJson,
} from '../workflow/json.js';
import { canonicalValue } from './canonical-line.js';
import type { Label, RunRecord, Tombstone } from './record.js';
import { labelSchema, recordSchema, tombstoneSchema } from './record-schema.js';

/** One line of lineage that this version understands; `text` is the line as it was found, members we do not know included. */
export type Entry =
  | { readonly kind: 'record'; readonly text: string; readonly value: RunRecord }
  | { readonly kind: 'label'; readonly text: string; readonly value: Label }
  | { readonly kind: 'tombstone'; readonly text: string; readonly value: Tombstone };

/** A line that is skipped: not ours to judge (a kind or version of another program), or damaged. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly text: string;
  readonly reason: 'damaged' | 'unknown' | 'newer';
  /** One sentence without a full stop. */
  readonly why: string;
}

/** A record with 40,000 outputs is about 10 MB. */
const limits = { maxLength: 16 * 1024 * 1024, maxDepth: 32 };

const schemas = { record: recordSchema, label: labelSchema, tombstone: tombstoneSchema } as const;

type Kind = keyof typeof schemas;

/** The canonical text of a line: keys sorted by code point, no spaces, no line end. */
export const writeRecord = (line: RunRecord | Label | Tombstone): string => canonicalJson(fromPlain(line));

/**
 * Id of a line: SHA-256 (64 hex digits) of its canonical text, so a line that another program wrote with spaces has the same.
 * @throws InputError where the line is no JSON
 */
export const recordId = (line: string): string =>
  createHash('sha256')
    .update(canonicalValue(line) === undefined ? canonicalJson(parseJson(line, limits)) : line)
    .digest('hex');

/** Reads one line; never throws, since one damaged line must not hide the others. */
export function readLine(text: string): Entry | Unreadable {
  return readParsed(text, canonicalValue(text) ?? carefullyParsed(text));
}

/**
 * As `readLine`, with the id of the line, for whoever has its hash already.
 * @param sha256 of the bytes that `text` was read from
 */
export function readLineAndId(
  text: string,
  sha256: string,
): { readonly entry: Entry | Unreadable; readonly id: string } {
  const canonical = canonicalValue(text);
  const entry = readParsed(text, canonical ?? carefullyParsed(text));
  return { entry, id: canonical === undefined && entry.kind !== 'unreadable' ? recordId(text) : sha256 };
}

function carefullyParsed(text: string): unknown {
  const json = tryParseJson(text, limits);
  return isObject(json) ? plain(json) : undefined;
}

function readParsed(text: string, value: unknown): Entry | Unreadable {
  // A note may have lines of people and of other programs.
  if (!text.trimStart().startsWith('{')) return unreadable(text, 'unknown', 'it is no line of lineage');
  if (typeof value !== 'object' || value === null) return unreadable(text, 'damaged', 'it is not a JSON object');
  const kind = (['record', 'label', 'tombstone'] as const).find((name) => Object.hasOwn(value, name));
  if (kind === undefined) return unreadable(text, 'unknown', 'its kind is not known to this version');
  const version = (value as Partial<Record<Kind, unknown>>)[kind];
  if (typeof version === 'number' && version > 1) {
    return unreadable(text, 'newer', `it says ${kind}: ${version}, and this version of git comfy reads ${kind}: 1`);
  }
  return checked(text, kind, value);
}

function checked(text: string, kind: Kind, value: object): Entry | Unreadable {
  const result = schemas[kind].safeParse(value);
  if (result.success) return { kind, text, value: result.data } as Entry;
  const path = result.error.issues[0]?.path.join('.') ?? '';
  return unreadable(text, 'damaged', path === '' ? 'it is damaged' : `its ${path} is damaged`);
}

/** Plain values with doubles: what a record needs exactly (seeds) it holds as text. */
function plain(value: Json): unknown {
  if (isArray(value)) return value.map(plain);
  if (isObject(value)) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
  return isExact(value) ? toDouble(value) : value;
}

const unreadable = (text: string, reason: Unreadable['reason'], why: string): Unreadable => ({
  kind: 'unreadable',
  text,
  reason,
  why,
});
