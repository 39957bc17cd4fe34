import type { ConflictWords } from '../workflow/merge/words.js';
import type { LockConflict } from './merge-locks.js';

const singular = { comfyui: '', models: 'model ', packs: 'pack ', inputs: 'input ', classes: 'class ' } as const;

/** An entry of the lock that both sides changed, with the members that differ. */
export function lockWords({ section, entry, base, ours, theirs }: LockConflict): ConflictWords {
  const sides = [ours, theirs].map((side) => new Map<string, unknown>(Object.entries(side ?? {})));
  const keys = [...new Set(sides.flatMap((side) => [...side.keys()]))];
  const differing = keys.filter((key) => JSON.stringify(sides[0]?.get(key)) !== JSON.stringify(sides[1]?.get(key)));
  const shown = (side: object | undefined) =>
    differing.map((key) => member(new Map<string, unknown>(Object.entries(side ?? {})).get(key))).join(' ');
  return {
    who: `${singular[section]}${entry}`,
    what: differing.join(', '),
    base: base === undefined ? '' : shown(base),
    ours: shown(ours),
    theirs: shown(theirs),
  };
}

const member = (value: unknown): string =>
  value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
