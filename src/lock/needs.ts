import { inputKey, inputReferences } from '../workflow/input-references.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import { byCodePoint } from '../workflow/json.js';
import { classesUsed, packsNamed } from '../workflow/packs-named.js';
import type { Source } from '../workflow/resolved-nodes.js';
import type { Dependencies, WorkflowNeeds } from './entries.js';
import { addNeed, type Known, type ModelNeed, type ModelNeeds, modelNeedsOf, staysInside } from './model-needs.js';

/** What workflows say that they need; made from their text and, where there is one, what a server says of its nodes. */
export interface Needs {
  /** By path in the repository. */
  readonly workflows: ReadonlyMap<string, WorkflowNeeds>;
  /** By key of the lock. */
  readonly models: ModelNeeds;
  readonly inputs: ReadonlySet<string>;
  /** Of these, the ones whose name only looks like a file's. */
  readonly guessedInputs?: ReadonlySet<string>;
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

/**
 * What workflows and prompts need, by path. A name that leaves its folder (`..`, absolute) is none of ours and is left out; so is
 * what a run puts into the temp folder, and an input that no running node reads.
 */
export function needsOf(sources: ReadonlyMap<string, Source>, known: Known = {}): Needs {
  const workflows = new Map<string, WorkflowNeeds>();
  const models = new Map<string, ModelNeed>();
  const named = new Map<string, NamedPack>();
  const inputs = new Map<string, boolean>();
  for (const [path, source] of sources) {
    const read = inputsOf(source, known.info);
    for (const [key, guess] of read) inputs.set(key, guess && inputs.get(key) !== false);
    const used = modelNeedsOf(source, known);
    for (const [key, need] of used) addNeed(models, key, need);
    for (const [name, hint] of packsNamed(source)) if (!named.has(name)) named.set(name, hint);
    workflows.set(path, {
      models: sorted([...used.keys()]),
      inputs: sorted([...read.keys()]),
      classes: classesUsed(source),
    });
  }
  const all = [...workflows.values()];
  return {
    workflows,
    models,
    named,
    packs: new Set(),
    inputs: new Set(inputs.keys()),
    guessedInputs: new Set([...inputs].filter(([, guess]) => guess).map(([key]) => key)),
    classes: new Set(all.flatMap(({ classes }) => classes)),
  };
}

/** Key of the lock -> whether it is a guess. */
function inputsOf(source: Source, info: ObjectInfo | undefined): Map<string, boolean> {
  const inputs = new Map<string, boolean>();
  for (const reference of inputReferences(source, info)) {
    const { name, folder, executed, guess } = reference;
    if (!executed || folder === 'temp' || !staysInside(name)) continue;
    const key = inputKey(reference);
    inputs.set(key, guess && inputs.get(key) !== false);
  }
  return inputs;
}

/** Needs of both: of a workflow that both have, everything that either needs. */
export function uniteNeeds(a: Needs, b: Needs): Needs {
  const workflows = new Map(a.workflows);
  for (const [path, used] of b.workflows) {
    const before = workflows.get(path);
    workflows.set(path, before === undefined ? used : uniteLists(before, used));
  }
  const models = new Map(a.models);
  for (const [key, need] of b.models) addNeed(models, key, need);
  return {
    workflows,
    models,
    inputs: new Set([...a.inputs, ...b.inputs]),
    guessedInputs: new Set(
      [...guessedBy(a), ...guessedBy(b)].filter((key) => !isCertain(a, key) && !isCertain(b, key)),
    ),
    classes: new Set([...a.classes, ...b.classes]),
    named: new Map([...b.named, ...a.named]),
    packs: new Set([...a.packs, ...b.packs]),
  };
}

const guessedBy = ({ guessedInputs = new Set() }: Needs): ReadonlySet<string> => guessedInputs;

const isCertain = (needs: Needs, key: string) => needs.inputs.has(key) && !guessedBy(needs).has(key);

const uniteLists = (a: WorkflowNeeds, b: WorkflowNeeds): WorkflowNeeds => ({
  models: sorted([...a.models, ...b.models]),
  inputs: sorted([...a.inputs, ...b.inputs]),
  classes: sorted([...a.classes, ...b.classes]),
});

/** Everything that a lock or a state has an entry for. */
export const needsOfEntries = (entries: Dependencies): Needs => ({
  workflows: new Map(),
  models: new Map(
    [...entries.models].map(([key, { guess, executed }]) => [
      key,
      { guess: guess === true, ...(executed === false ? { executed } : {}) },
    ]),
  ),
  inputs: new Set(entries.inputs.keys()),
  classes: new Set(entries.classes.keys()),
  named: new Map(),
  packs: new Set(entries.packs.keys()),
});

const sorted = (items: readonly string[]): string[] => [...new Set(items)].sort(byCodePoint);
