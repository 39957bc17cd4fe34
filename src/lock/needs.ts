import { embeddingReferences, inputKey, inputReferences } from '../workflow/input-references.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import { byCodePoint } from '../workflow/json.js';
import { classesUsed, packsNamed } from '../workflow/packs-named.js';
import { modelReferences } from '../workflow/references.js';
import type { Source } from '../workflow/resolved-nodes.js';
import type { Dependencies, Lock, WorkflowNeeds } from './entries.js';
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
  /** Packs that are known to be needed, by key of the lock, also where nobody can tell any more which class is theirs. */
  readonly packs: ReadonlySet<string>;
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
      models: sorted([...used.keys()]),
      inputs: sorted(inputsOf(source, known.info)),
      classes: classesUsed(source),
    });
  }
  const all = [...workflows.values()];
  return {
    workflows,
    models,
    named,
    packs: new Set(),
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
    .map(inputKey);

const staysInside = (name: string) =>
  !/^(?:\/|[A-Za-z]:)/.test(name) && !name.split('/').includes('..') && !name.includes('\0');

/**
 * Gives models of unknown folder the folder that the lock has for them (another machine may have had a server to ask), or another
 * workflow. They stay guesses. The lock that is made of the outcome settles them the same way: of several folders the first one by name counts.
 */
export function settleGuesses(needs: Needs, lock: Lock): Needs {
  const settled = new Map<string, string>();
  const folders = new Map<string, string>();
  for (const key of sorted([...needs.models.keys(), ...lock.models.keys()])) {
    const { folder, name } = splitModelKey(key);
    if (folder !== unknownFolder && !folders.has(name)) folders.set(name, key);
  }
  for (const key of needs.models.keys()) {
    const { folder, name } = splitModelKey(key);
    const known = folder === unknownFolder ? folders.get(name) : undefined;
    if (known !== undefined) settled.set(key, known);
  }
  if (settled.size === 0) return needs;
  const rename = (key: string) => settled.get(key) ?? key;
  const renamed = ({ models, ...rest }: WorkflowNeeds) => ({ ...rest, models: sorted(models.map(rename)) });
  const models = new Map<string, { readonly guess: boolean }>();
  for (const [key, { guess }] of needs.models) {
    models.set(rename(key), { guess: guess && models.get(rename(key))?.guess !== false });
  }
  return {
    ...needs,
    models,
    workflows: new Map([...needs.workflows].map(([path, used]) => [path, renamed(used)])),
  };
}

/** Needs of both: of a workflow that both have, everything that either needs. */
export function uniteNeeds(a: Needs, b: Needs): Needs {
  const workflows = new Map(a.workflows);
  for (const [path, used] of b.workflows) {
    const before = workflows.get(path);
    workflows.set(path, before === undefined ? used : uniteLists(before, used));
  }
  const models = new Map(a.models);
  for (const [key, { guess }] of b.models) models.set(key, { guess: guess && models.get(key)?.guess !== false });
  return {
    workflows,
    models,
    inputs: new Set([...a.inputs, ...b.inputs]),
    classes: new Set([...a.classes, ...b.classes]),
    named: new Map([...b.named, ...a.named]),
    packs: new Set([...a.packs, ...b.packs]),
  };
}

const uniteLists = (a: WorkflowNeeds, b: WorkflowNeeds): WorkflowNeeds => ({
  models: sorted([...a.models, ...b.models]),
  inputs: sorted([...a.inputs, ...b.inputs]),
  classes: sorted([...a.classes, ...b.classes]),
});

/** Everything that a lock or a state has an entry for. */
export const needsOfEntries = (entries: Dependencies): Needs => ({
  workflows: new Map(),
  models: new Map([...entries.models].map(([key, { guess }]) => [key, { guess: guess === true }])),
  inputs: new Set(entries.inputs.keys()),
  classes: new Set(entries.classes.keys()),
  named: new Map(),
  packs: new Set(entries.packs.keys()),
});

const sorted = (items: readonly string[]): string[] => [...new Set(items)].sort(byCodePoint);
