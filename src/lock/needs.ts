import type { Lock, WorkflowNeeds } from './entries.js';
import { splitModelKey } from './model-words.js';

/** What workflows say that they need; made from their text and, where there is one, what a server says of its nodes. */
export interface Needs {
  /** By path in the repository. */
  readonly workflows: ReadonlyMap<string, WorkflowNeeds>;
  /** By key of the lock. */
  readonly models: ReadonlyMap<string, { readonly guess: boolean }>;
  readonly inputs: ReadonlySet<string>;
  readonly classes: ReadonlySet<string>;
  /** What the files themselves say about the pack of a class. */
  readonly named: ReadonlyMap<string, NamedPack>;
}

export interface NamedPack {
  /** Id in the ComfyUI registry; `comfy-core` is ComfyUI itself. */
  readonly registry?: string;
  /** `<user>/<repository>` on GitHub. */
  readonly github?: string;
}

/** Folder in the key of a model whose folder nobody could tell. */
export const unknownFolder = 'unknown';

/**
 * Gives models of unknown folder the folder that is known for them: from the lock (another machine may have had a server to ask), else
 * from `folderOf`. They stay guesses.
 */
export function settleGuesses(needs: Needs, lock: Lock, folderOf: (name: string) => string | undefined): Needs {
  const settled = new Map<string, string>();
  for (const key of needs.models.keys()) {
    const { folder, name } = splitModelKey(key);
    if (folder !== unknownFolder) continue;
    const known = [...lock.models.keys()].find((other) => other !== key && splitModelKey(other).name === name);
    const found = known ?? keyIn(folderOf(name), name);
    if (found !== undefined) settled.set(key, found);
  }
  if (settled.size === 0) return needs;
  const rename = (key: string) => settled.get(key) ?? key;
  return {
    ...needs,
    models: new Map([...needs.models].map(([key, value]) => [rename(key), value])),
    workflows: new Map(
      [...needs.workflows].map(([path, used]) => [path, { ...used, models: used.models.map(rename) }]),
    ),
  };
}

const keyIn = (folder: string | undefined, name: string) => (folder === undefined ? undefined : `${folder}/${name}`);
