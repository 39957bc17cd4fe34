// What may differ between two servers that behave the same: times, counters, ids, stack traces, texts for people, Python's set order.
import {
  canonicalJson,
  isArray,
  isExact,
  isObject,
  type Json,
  type JsonObject,
  toPlain,
} from '../../src/workflow/json.js';
import { bodyOf, type Event } from './replay.js';

export interface Comparing {
  /** Queue number -> how many prompts came before, on each side. */
  readonly recorded: Map<string, number>;
  readonly ours: Map<string, number>;
  readonly letters: Map<string, string>;
}

type Side = 'recorded' | 'ours';

/** The numbers that the recorded server gave, in the order of the requests. */
export function sentNumbers(events: readonly Event[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const event of events) {
    const body = event.all.get('method') === 'POST' && event.all.get('path') === '/prompt' ? bodyOf(event) : undefined;
    if (isObject(body) && body.has('number')) found.set(canonicalJson(body.get('number') ?? null), found.size);
  }
  return found;
}

/** A plain value with everything neutralised that is open. */
export function comparable(value: Json, comparing: Comparing, side: Side): unknown {
  return toPlain(neutral(value, '', comparing, side));
}

const times = ['timestamp', 'create_time'];
const dropped = ['tooltip', 'output_tooltips', 'description', 'traceback', 'current_inputs', 'current_outputs'];

function neutral(value: Json, key: string, comparing: Comparing, side: Side): Json {
  if (times.includes(key)) return 'T';
  if (key === 'number') return place(value, comparing, side);
  if (key === 'sid') return 'sid';
  if (typeof value === 'string') return value.replace(/ComfyUI_temp_[a-z]{5}_/, 'ComfyUI_temp_xxxxx_');
  if (isExact(value)) return value;
  if (isArray(value)) return neutralList(value, key, comparing, side);
  if (!isObject(value)) return value;
  const kept = [...value].filter(([name]) => !dropped.includes(name));
  return new Map(kept.map(([name, item]) => [name, neutral(item, name, comparing, side)]));
}

function neutralList(list: Json[], key: string, comparing: Comparing, side: Side): Json[] {
  const items = list.map((item) => neutral(item, '', comparing, side));
  // `[number, id, prompt, ...]` of the queue and the history.
  const [number, id] = list;
  if (list.length === 5 && typeof number === 'number' && typeof id === 'string') {
    return [place(number, comparing, side), ...items.slice(1)];
  }
  if (key === 'executed') return [...items].sort();
  if (key === 'errors') return [...items].sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  return items;
}

/** Which prompt a queue number belongs to: the numbers themselves depend on the server's life before. */
function place(number: Json, comparing: Comparing, side: Side): Json {
  const text = canonicalJson(number);
  const known = comparing[side];
  if (!known.has(text)) known.set(text, known.size);
  const sign = text.startsWith('-') ? '-' : '';
  return `${sign}${known.get(text)}`;
}

/** Bytes that stand for others: the same for the same digest, and of that length. */
export function bytesLike(digest: string, length: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(length);
  for (let at = 0; at < length; at++) out[at] = digest.charCodeAt(at % digest.length);
  return out;
}

export type { JsonObject };
