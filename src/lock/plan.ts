import type { Dependencies, InputEntry, Lock, ModelEntry, PackEntry } from './entries.js';
import { markedInputs, markedModels } from './marked-entries.js';
import type { Needs } from './needs.js';
import { alignPacks } from './pack-identity.js';

export interface PlanOptions {
  /** Entries that may move to what is there: all of them, or those that these names mean. */
  readonly update?: 'all' | readonly string[];
}

/**
 * The next lock. It never launders drift: new needs come in, what nothing needs goes out, and an entry that is there stays as it is, but
 * for what was not known yet (a hash that was left for later). Only `update` moves an entry, and only to something that was seen here.
 */
export function planLock(old: Lock, needs: Needs, observed: Dependencies, options: PlanOptions = {}): Lock {
  const seen = alignPacks(old, observed);
  const moves = (key: string) => options.update === 'all' || (options.update ?? []).some((name) => means(name, key));
  const classes = planSection(needs.classes, old.classes, seen.classes, moves, (kept) => kept);
  const packs = neededPacks(old, needs, seen, classes);
  const comfyui = planEntry(old.comfyui, seen.comfyui, moves('comfyui'), completePack);
  return {
    lockfileVersion: 1,
    ...(comfyui === undefined ? {} : { comfyui }),
    models: markedModels(
      needs.models,
      planSection(needs.models.keys(), old.models, guessed(needs, seen.models), moves, completeModel, unseen),
    ),
    packs: planSection(packs, old.packs, seen.packs, moves, completePack),
    inputs: markedInputs(needs, planSection(needs.inputs, old.inputs, seen.inputs, moves, completeInput, unseen)),
    classes,
    workflows: needs.workflows,
  };
}

/** Whether a name that a person typed means an entry: its whole key, or what stands after the last `/`, with or without extension. */
export function means(name: string, key: string): boolean {
  const last = key.slice(key.lastIndexOf('/') + 1);
  const wanted = name.replaceAll('\\', '/');
  return wanted === key || wanted === last || wanted === last.replace(/\.[^.]+$/, '') || key.endsWith(`/${wanted}`);
}

/** Nobody has looked at it yet: no ComfyUI was at hand, or there was no time. */
const unseen = { digest: 'unhashed' } as const;

function planSection<Entry extends object>(
  keys: Iterable<string>,
  old: ReadonlyMap<string, Entry>,
  seen: ReadonlyMap<string, Entry>,
  moves: (key: string) => boolean,
  complete: (kept: Entry, there: Entry) => Entry,
  absent?: Entry,
): Map<string, Entry> {
  const planned = new Map<string, Entry>();
  for (const key of keys) {
    const entry = planEntry(old.get(key), seen.get(key), moves(key), complete) ?? absent;
    if (entry !== undefined) planned.set(key, entry);
  }
  return planned;
}

function planEntry<Entry extends object>(
  old: Entry | undefined,
  there: Entry | undefined,
  moves: boolean,
  complete: (kept: Entry, there: Entry) => Entry,
): Entry | undefined {
  if (old === undefined || there === undefined) return old ?? there;
  return moves && (!isMissing(there) || isUnseen(old)) ? there : complete(old, there);
}

/** What this machine does not have keeps its entry, even when asked to move. */
const isMissing = (entry: object) => {
  const { digest, missing, notCaptured } = entry as { digest?: string; missing?: true; notCaptured?: string };
  return digest === 'missing' || missing === true || notCaptured !== undefined;
};

/** It holds nothing that anybody saw. */
const isUnseen = (entry: object) => {
  const { digest, size } = entry as { digest?: string; size?: number };
  return digest === 'unhashed' && size === undefined;
};

/** Fills in what was unknown: a file that was missing, a hash that was left for later (of a file that still has the size it had). */
function completeModel(kept: ModelEntry, there: ModelEntry): ModelEntry {
  const certain = kept.guess === true && there.guess !== true ? withoutGuess(kept) : kept;
  if (there.digest === 'missing') return certain;
  const facts = { ...certain, ...there };
  const learned = kept.guess === true && there.guess === true ? facts : withoutGuess(facts);
  if (kept.digest === 'missing') return learned;
  if (there.digest === 'unhashed') return certain;
  const sameSize = kept.size === undefined || kept.size === there.size;
  if (kept.digest === 'unhashed') return sameSize ? learned : certain;
  return kept.digest === there.digest ? learned : certain;
}

function withoutGuess(entry: ModelEntry): ModelEntry {
  const { guess: _, ...rest } = entry;
  return rest;
}

const completeInput = (kept: InputEntry, there: InputEntry): InputEntry => {
  const known = kept.digest.startsWith('sha256:') || (kept.digest === 'unhashed' && there.digest === 'missing');
  return known ? kept : there;
};

const completePack = (kept: PackEntry, there: PackEntry): PackEntry => {
  const known = kept.commit !== undefined || kept.tree !== undefined || kept.version !== undefined;
  if (!known && !isMissing(there)) return there;
  const { guess: _, ...certain } = kept;
  return there.guess === true ? kept : certain;
};

const guessed = (needs: Needs, models: ReadonlyMap<string, ModelEntry>): Map<string, ModelEntry> =>
  new Map(
    [...models].map(([key, entry]) => [key, needs.models.get(key)?.guess === true ? { ...entry, guess: true } : entry]),
  );

/**
 * Packs of the classes that are used. While some class cannot be told (no server, nothing in the file), packs of the old lock
 * stay: it may be theirs.
 */
function neededPacks(old: Lock, needs: Needs, seen: Dependencies, classes: Lock['classes']): string[] {
  const used = new Set<string>(seen.packs.keys());
  let unknown = false;
  for (const name of needs.classes) {
    const pack = classes.get(name)?.pack;
    if (pack !== undefined) used.add(pack);
    else unknown ||= !needs.named.has(name);
  }
  if (unknown) for (const key of old.packs.keys()) used.add(key);
  used.delete('comfyui');
  return [...used];
}
