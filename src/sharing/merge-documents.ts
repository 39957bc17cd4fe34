import { filterLimits } from '../capture/filter-limits.js';
import { ComfyError } from '../errors.js';
import { lockWords } from '../lock/lock-conflict-words.js';
import { readLock, writeLock } from '../lock/lockfile.js';
import { mergeLocks } from '../lock/merge-locks.js';
import { documentKind } from '../workflow/detect.js';
import { isObject, type JsonObject } from '../workflow/json.js';
import type { UntimedLayout } from '../workflow/layout.js';
import { mergeLayouts } from '../workflow/merge/layouts.js';
import { writeLike } from '../workflow/merge/prompt-text.js';
import { mergePrompts } from '../workflow/merge/prompts.js';
import { type Choices, mapSides, type Side, type Sides } from '../workflow/merge/sides.js';
import { type ConflictWords, conflictWords } from '../workflow/merge/words.js';
import { mergeWorkflows } from '../workflow/merge/workflows.js';
import type { WidgetNames } from '../workflow/node-values.js';
import { writeNormalText } from '../workflow/normal-text.js';
import { readJsonBytes } from '../workflow/read-bytes.js';

/** Three versions of one file. */
export type Versions = Sides<Uint8Array>;

/** One thing that both sides changed. */
export interface NamedConflict extends ConflictWords {
  readonly key: string;
  readonly taken: Side;
  readonly decided: boolean;
}

export interface MergedDocument {
  readonly kind: 'workflow' | 'prompt' | 'lock';
  /** What git stores; ours in the place of what nobody has decided. */
  readonly text: string;
  readonly conflicts: readonly NamedConflict[];
  /** Of a workflow: its layout, from those of its versions. */
  readonly layout?: (layouts: Sides<UntimedLayout>) => UntimedLayout;
}

/** How a file is merged: as what it holds, or, for comfy.lock, as what its attribute says. */
export type MergeKind = 'content' | 'lock';

/** Merges what we understand; `undefined` where a side is nothing that we know. Never throws: a file may hold anything. */
export function mergeDocuments(
  kind: MergeKind,
  versions: Versions,
  choices: Choices = new Map(),
  names?: WidgetNames,
): MergedDocument | undefined {
  try {
    return kind === 'lock' ? mergeLockTexts(versions, choices) : mergeContents(versions, choices, names);
  } catch (error) {
    if (error instanceof ComfyError) return undefined;
    throw error;
  }
}

function mergeContents(
  versions: Versions,
  choices: Choices,
  names: WidgetNames | undefined,
): MergedDocument | undefined {
  const { base, ours, theirs } = mapSides(versions, readContent);
  if (ours === undefined || theirs === undefined) return undefined;
  const [kind, other] = [documentKind(ours), documentKind(theirs)];
  if (kind !== other || kind === 'other') return undefined;
  const before = base !== undefined && documentKind(base) === kind ? base : undefined;
  if (kind === 'prompt') {
    const { prompt, conflicts } = mergePrompts(before, ours, theirs, choices);
    const text = writeLike(prompt, textOf(versions.ours));
    return { kind, text, conflicts: withWords(conflicts, conflictWords(conflicts, prompt)) };
  }
  const merged = mergeWorkflows(before, ours, theirs, choices);
  const words = conflictWords(merged.conflicts, merged.workflow, { versions: [ours, theirs], widgets: names });
  return {
    kind,
    text: writeNormalText(merged.workflow),
    conflicts: withWords(merged.conflicts, words),
    layout: (layouts) => mergeLayouts(layouts, merged.names),
  };
}

function withWords<C extends { readonly key: string; readonly taken: Side; readonly decided: boolean }>(
  conflicts: readonly C[],
  words: readonly ConflictWords[],
): NamedConflict[] {
  return conflicts.flatMap(({ key, taken, decided }, at) => {
    const word = words[at];
    return word === undefined ? [] : [{ key, taken, decided, ...word }];
  });
}

function readContent(bytes: Uint8Array): JsonObject | undefined {
  const json = readJsonBytes(bytes, filterLimits);
  return isObject(json) ? json : undefined;
}

const textOf = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('utf8');

function mergeLockTexts(versions: Versions, choices: Choices): MergedDocument | undefined {
  const read = (bytes: Uint8Array) => (bytes.length === 0 ? undefined : readLock(textOf(bytes)));
  const { base, ours, theirs } = mapSides(versions, read);
  if (ours === undefined || theirs === undefined) return undefined;
  const { lock, conflicts } = mergeLocks(base, ours, theirs, choices);
  return { kind: 'lock', text: writeLock(lock), conflicts: withWords(conflicts, conflicts.map(lockWords)) };
}
