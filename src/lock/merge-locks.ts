import type { Side, Sides } from '../workflow/merge/sides.js';
import type { Lock, WorkflowNeeds } from './entries.js';
import { sameEntry } from './lock-changes.js';
import {
  isNeeded,
  mergeNeeds,
  type Unite,
  uniteClasses,
  uniteInputs,
  uniteModels,
  unitePacks,
} from './merge-entries.js';

export type LockSection = 'comfyui' | 'models' | 'packs' | 'inputs' | 'classes';

/** An entry that both sides changed, each in its own way. */
export interface LockConflict extends Sides<object> {
  /** `models checkpoints/a.safetensors` */
  readonly key: string;
  readonly section: LockSection;
  readonly entry: string;
  readonly taken: Side;
  readonly decided: boolean;
}

export interface MergedLock {
  /** Ours in the place of what nobody has decided. */
  readonly lock: Lock;
  readonly conflicts: readonly LockConflict[];
}

interface Merging {
  readonly choices: ReadonlyMap<string, Side>;
  readonly conflicts: LockConflict[];
}

/**
 * Unites two locks. What only one side added or changed is taken; an entry that one side dropped stays while a workflow of the other one needs
 * it; only an entry that both changed, and that cannot be both, is a conflict.
 */
export function mergeLocks(
  base: Lock | undefined,
  ours: Lock,
  theirs: Lock,
  choices: ReadonlyMap<string, Side> = new Map(),
): MergedLock {
  const merging: Merging = { choices, conflicts: [] };
  const sides = { base, ours, theirs };
  const workflows = mergeWorkflowNeeds(base, ours, theirs);
  const comfyui = mergeEntry(
    each(sides, ({ comfyui }) => comfyui),
    { section: 'comfyui', entry: 'comfyui', unite: unitePacks, isNeeded: () => true },
    merging,
  );
  const section = <Entry extends object>(
    name: Exclude<LockSection, 'comfyui'>,
    unite: Unite<Entry>,
    needing: Pick<Lock, 'workflows' | 'classes'>,
  ) =>
    mergeSection<Entry>(
      each(sides, (lock) => lock[name] as unknown as ReadonlyMap<string, Entry>),
      { section: name, unite, isNeeded: (key) => isNeeded(name, key, needing) },
      merging,
    );
  const models = section('models', uniteModels, { workflows, classes: new Map() });
  const classes: Lock['classes'] = section('classes', uniteClasses, { workflows, classes: new Map() });
  const packs = section('packs', unitePacks, { workflows, classes });
  const inputs = section('inputs', uniteInputs, { workflows, classes });
  const lock: Lock = {
    lockfileVersion: 1,
    ...(comfyui === undefined ? {} : { comfyui }),
    models,
    packs,
    inputs,
    classes,
    workflows,
  };
  return { lock, conflicts: merging.conflicts };
}

const each = <T, U>({ base, ours, theirs }: Sides<T>, pick: (side: T) => U | undefined): Sides<U> => ({
  base: base && pick(base),
  ours: ours && pick(ours),
  theirs: theirs && pick(theirs),
});

function mergeWorkflowNeeds(base: Lock | undefined, ours: Lock, theirs: Lock): Map<string, WorkflowNeeds> {
  const merged = new Map<string, WorkflowNeeds>();
  for (const path of new Set([...ours.workflows.keys(), ...theirs.workflows.keys()])) {
    const [b, o, t] = [base, ours, theirs].map((lock) => lock?.workflows.get(path));
    const only = o ?? t;
    if (o !== undefined && t !== undefined) merged.set(path, mergeNeeds(b, o, t));
    else if (only !== undefined && (b === undefined || !sameEntry(b, only))) merged.set(path, only);
  }
  return merged;
}

interface Rules<Entry> {
  readonly section: LockSection;
  readonly unite: Unite<Entry>;
  readonly isNeeded: (key: string) => boolean;
}

function mergeSection<Entry extends object>(
  sides: Sides<ReadonlyMap<string, Entry>>,
  rules: Rules<Entry>,
  merging: Merging,
): Map<string, Entry> {
  const merged = new Map<string, Entry>();
  for (const key of new Set([...(sides.ours?.keys() ?? []), ...(sides.theirs?.keys() ?? [])])) {
    const entry = mergeEntry(
      each(sides, (entries) => entries.get(key)),
      { ...rules, entry: key },
      merging,
    );
    if (entry !== undefined) merged.set(key, entry);
  }
  return merged;
}

function mergeEntry<Entry extends object>(
  sides: Sides<Entry>,
  rules: Rules<Entry> & { readonly entry: string },
  merging: Merging,
): Entry | undefined {
  const { base, ours, theirs } = sides;
  if (ours === undefined || theirs === undefined) {
    const only = ours ?? theirs;
    return base === undefined || rules.isNeeded(rules.entry) ? only : undefined;
  }
  if (sameEntry(ours, theirs) || (base !== undefined && sameEntry(base, theirs))) return ours;
  if (base !== undefined && sameEntry(base, ours)) return theirs;
  const united = rules.unite(ours, theirs);
  if (united !== undefined) return united;
  const key = `${rules.section} ${rules.entry}`;
  const choice = merging.choices.get(key);
  merging.conflicts.push({
    key,
    section: rules.section,
    entry: rules.entry,
    ...sides,
    taken: choice ?? 'ours',
    decided: choice !== undefined,
  });
  return sides[choice ?? 'ours'];
}
