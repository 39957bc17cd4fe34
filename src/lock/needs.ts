import { embeddingReferences, inputReferences } from '../workflow/input-references.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import { byCodePoint } from '../workflow/json.js';
import { classesUsed, packsNamed } from '../workflow/packs-named.js';
import { modelReferences } from '../workflow/references.js';
import type { Source } from '../workflow/resolved-nodes.js';
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

/** What a server says that the files do not. */
export interface Known {
  readonly info?: ObjectInfo | undefined;
  /** Files by model folder. */
  readonly folders?: ReadonlyMap<string, readonly string[]> | undefined;
}

/**
 * What workflows and prompts need, by path. A name that leaves its folder (`..`, absolute) is none of ours and is left out; so is
 * what a run puts into the temp folder.
 */
export function needsOf(sources: ReadonlyMap<string, Source>, known: Known = {}): Needs {
  const workflows = new Map<string, WorkflowNeeds>();
  const models = new Map<string, { readonly guess: boolean }>();
  const named = new Map<string, NamedPack>();
  for (const [path, source] of sources) {
    const used = modelsOf(source, known);
    for (const [key, guess] of used) models.set(key, { guess: guess && models.get(key)?.guess !== false });
    for (const [name, hint] of packsNamed(source)) if (!named.has(name)) named.set(name, hint);
    workflows.set(path, {
      models: [...used.keys()].sort(byCodePoint),
      inputs: [...new Set(inputsOf(source, known.info))].sort(byCodePoint),
      classes: classesUsed(source),
    });
  }
  const all = [...workflows.values()];
  return {
    workflows,
    models,
    named,
    inputs: new Set(all.flatMap(({ inputs }) => inputs)),
    classes: new Set(all.flatMap(({ classes }) => classes)),
  };
}

/** Key of the lock -> whether it is a guess. */
function modelsOf(source: Source, { info, folders }: Known): Map<string, boolean> {
  const references = [
    ...modelReferences(source, info, folders).map(({ folder, name, guess }) => ({ folder, name, guess })),
    ...embeddingReferences(source, info).map(({ name }) => ({ folder: 'embeddings', name, guess: false })),
  ];
  const keys = new Map<string, boolean>();
  for (const { folder, name, guess } of references.filter((reference) => staysInside(reference.name))) {
    const key = `${folder ?? unknownFolder}/${name}`;
    keys.set(key, guess && keys.get(key) !== false);
  }
  return keys;
}

const inputsOf = (source: Source, info: ObjectInfo | undefined): string[] =>
  inputReferences(source, info)
    .filter(({ name, folder }) => folder !== 'temp' && staysInside(name))
    .map(({ name, folder }) => (folder === 'input' ? name : `${name} [${folder}]`));

const staysInside = (name: string) =>
  !/^(?:\/|[A-Za-z]:)/.test(name) && !name.split('/').includes('..') && !name.includes('\0');

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
