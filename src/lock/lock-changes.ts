import type { Dependencies, Lock } from './entries.js';

/** What happened to one entry between two locks. */
export interface LockChange {
  readonly section: 'comfyui' | 'models' | 'packs' | 'inputs' | 'classes';
  readonly key: string;
  readonly change: 'added' | 'changed' | 'dropped';
}

/** Entries that differ, in the order of the file. Lists of what each workflow uses follow from the workflows and are left out. */
export function lockChanges(before: Lock, after: Lock): LockChange[] {
  const comfyui = entryChange(before.comfyui, after.comfyui);
  return [
    ...(comfyui === undefined ? [] : [{ section: 'comfyui' as const, key: 'comfyui', change: comfyui }]),
    ...(['models', 'packs', 'inputs', 'classes'] as const).flatMap((section) => sectionChanges(section, before, after)),
  ];
}

function sectionChanges(section: 'models' | 'packs' | 'inputs' | 'classes', before: Dependencies, after: Dependencies) {
  const keys = new Set([...before[section].keys(), ...after[section].keys()]);
  return [...keys].sort().flatMap((key): LockChange[] => {
    const change = entryChange(before[section].get(key), after[section].get(key));
    return change === undefined ? [] : [{ section, key, change }];
  });
}

function entryChange(before: object | undefined, after: object | undefined): LockChange['change'] | undefined {
  if (before === undefined || after === undefined) {
    if (before === after) return undefined;
    return before === undefined ? 'added' : 'dropped';
  }
  return sameEntry(before, after) ? undefined : 'changed';
}

/** Members in whatever order they came to be in. */
export const sameEntry = (a: object, b: object) => canonical(a) === canonical(b);

const canonical = (entry: object) => JSON.stringify(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)));
