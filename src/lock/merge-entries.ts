import { byCodePoint } from '../workflow/json.js';
import type { ClassEntry, InputEntry, Lock, ModelEntry, PackEntry, WorkflowNeeds } from './entries.js';
import { sameEntry } from './lock-changes.js';

/** What two versions of an entry say together; `undefined` where they contradict each other. */
export type Unite<Entry> = (a: Entry, b: Entry) => Entry | undefined;

/** A hash that was left for later is no contradiction to the hash, nor is a file that one machine does not have. */
export const uniteModels: Unite<ModelEntry> = (a, b) => {
  const [less, more] = knowledge(a.digest) <= knowledge(b.digest) ? [a, b] : [b, a];
  if (knowledge(less.digest) === 2 && less.digest !== more.digest) return undefined;
  const sizes = new Set([less.size, more.size].filter((size) => size !== undefined));
  const licenses = new Set([less.license, more.license].filter((license) => license !== undefined));
  const tensors = new Set([less.tensors, more.tensors].filter((digest) => digest !== undefined));
  if (sizes.size > 1 || licenses.size > 1 || tensors.size > 1) return undefined;
  const sources = [...new Set([...(less.sources ?? []), ...(more.sources ?? [])])].sort(byCodePoint);
  const { guess: _, executed: __, ...facts } = { ...less, ...more };
  const guess = less.guess === true && more.guess === true;
  const idle = less.executed === false && more.executed === false;
  return {
    ...facts,
    ...(guess ? { guess: true as const } : {}),
    ...(idle ? { executed: false as const } : {}),
    ...(sources.length === 0 ? {} : { sources }),
  };
};

const knowledge = (digest: ModelEntry['digest']) => (digest === 'missing' ? 0 : digest === 'unhashed' ? 1 : 2);

export const uniteInputs: Unite<InputEntry> = (a, b) => {
  if (knowledge(a.digest) === 2 && knowledge(b.digest) === 2 && a.digest !== b.digest) return undefined;
  const { digest } = knowledge(a.digest) < knowledge(b.digest) ? b : a;
  return a.guess === true && b.guess === true ? { digest, guess: true } : { digest };
};

/** A pack that one machine does not have, or could not look at. */
export const unitePacks: Unite<PackEntry> = (a, b) => {
  if (isUnknown(a) || isUnknown(b)) return isUnknown(a) ? b : a;
  // A branch is a name for people, and who is certain of a pack is.
  const { branch, guess, ...facts } = a;
  const { branch: other, guess: guessed, ...others } = b;
  if (!sameEntry(facts, others)) return undefined;
  return {
    ...facts,
    ...(branch === undefined || branch !== other ? {} : { branch }),
    ...(guess === true && guessed === true ? { guess } : {}),
  };
};

const isUnknown = ({ commit, tree, version }: PackEntry) =>
  commit === undefined && tree === undefined && version === undefined;

export const uniteClasses: Unite<ClassEntry> = (a, b) => {
  const same = a.interface === b.interface && a.widgets.join('\n') === b.widgets.join('\n');
  if (!same || (a.pack !== undefined && b.pack !== undefined)) return undefined;
  return { ...a, ...b };
};

/** What the merged workflow of a path needs: no list is anybody's opinion. */
export function mergeNeeds(base: WorkflowNeeds | undefined, ours: WorkflowNeeds, theirs: WorkflowNeeds): WorkflowNeeds {
  const list = (name: keyof WorkflowNeeds) => {
    const before = new Set(base?.[name]);
    const all = new Set([...ours[name], ...theirs[name]]);
    const stays = (key: string) => !before.has(key) || (ours[name].includes(key) && theirs[name].includes(key));
    return [...all].filter(stays).sort(byCodePoint);
  };
  return { models: list('models'), inputs: list('inputs'), classes: list('classes') };
}

/** Whether anything in the lock still needs an entry. */
export function isNeeded(
  section: 'models' | 'inputs' | 'classes' | 'packs',
  key: string,
  lock: Pick<Lock, 'workflows' | 'classes'>,
): boolean {
  if (section === 'packs') return [...lock.classes.values()].some(({ pack }) => pack === key);
  return [...lock.workflows.values()].some((needs) => needs[section].includes(key));
}
