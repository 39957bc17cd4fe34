import { looseId } from './graphs.js';
import { isArray, isObject, type Json, type JsonObject, toDouble } from './json.js';

/** Where the slots of one node went: new index by old one; `undefined` where none moved. */
export type SlotMoves = ReadonlyMap<number, number>;

/** Which slots of which node (by loose id) some link ends at, whatever the node itself says. */
export function targetedSlots(links: readonly Json[]): ReadonlyMap<string, ReadonlySet<number>> {
  const targeted = new Map<string, Set<number>>();
  for (const link of links) {
    const slot = toDouble(isArray(link) ? link[4] : isObject(link) ? link.get('target_slot') : undefined);
    if (slot === undefined) continue;
    const node = looseId(linkTarget(link));
    const slots = targeted.get(node);
    if (slots === undefined) targeted.set(node, new Set([slot]));
    else slots.add(slot);
  }
  return targeted;
}

/** The node that a link ends at. */
const linkTarget = (link: Json): Json | undefined =>
  isArray(link) ? link[3] : isObject(link) ? link.get('target_id') : undefined;

/**
 * Leaves out what the frontend's own export leaves out: slots of widgets that nothing is connected to and nobody has renamed.
 * A slot that any link ends at stays, also where the node itself denies it: frontends disagree on whom to believe.
 */
export function keptInputs(
  inputs: readonly Json[],
  targeted: ReadonlySet<number> | undefined,
): { readonly kept: readonly Json[]; readonly moves: SlotMoves | undefined } {
  const isKept = (slot: Json, at: number) => !isIdleWidget(slot) || targeted?.has(at) === true;
  const stays = inputs.map(isKept);
  const first = stays.indexOf(false);
  if (first < 0) return { kept: inputs, moves: undefined };
  const kept = inputs.filter((_, at) => stays[at]);
  return { kept, moves: stays.includes(true, first) ? movesOf(stays) : undefined };
}

function movesOf(stays: readonly boolean[]): SlotMoves {
  const moves = new Map<number, number>();
  for (const [at, isThere] of stays.entries()) if (isThere) moves.set(at, moves.size);
  return moves;
}

function isIdleWidget(slot: Json): boolean {
  return isObject(slot) && isObject(slot.get('widget')) && isNone(slot.get('link')) && isNone(slot.get('label'));
}

const isNone = (value: Json | undefined) => value === undefined || value === null || value === '';

/** The link with `target_slot` as its node counts slots now. */
export function renumbered(link: Json, moves: ReadonlyMap<string, SlotMoves>): Json {
  const ofNode = moves.get(looseId(linkTarget(link)));
  if (ofNode === undefined) return link;
  if (isArray(link)) return link.map((value, at) => (at === 4 ? moved(value, ofNode) : value));
  if (!isObject(link)) return link;
  const copy: JsonObject = new Map(link);
  return copy.set('target_slot', moved(link.get('target_slot') ?? null, ofNode));
}

function moved(slot: Json, moves: SlotMoves): Json {
  const old = toDouble(slot);
  const now = old === undefined ? undefined : moves.get(old);
  return now === undefined || now === old ? slot : now;
}
