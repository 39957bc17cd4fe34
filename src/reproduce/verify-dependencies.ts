import { observe } from '../capture/observe.js';
import { knownClasses, knownFolders, type Surroundings } from '../capture/surroundings.js';
import type { Talk } from '../context.js';
import { type Difference, difference, driftBetween, type Whose } from '../lock/drift.js';
import type { Dependencies, Lock } from '../lock/entries.js';
import { emptyLock } from '../lock/lockfile.js';
import { modelWords, splitModelKey } from '../lock/model-words.js';
import type { Needs } from '../lock/needs.js';
import { currentFolderName, findByDigest } from '../models/find-model.js';
import { hashModels } from '../models/hash-models.js';

export interface Verifying {
  readonly around: Surroundings;
  readonly signal: AbortSignal;
  readonly talk: Talk;
  /** What hashing may take, in milliseconds; what is left over is told as unchecked. Without it everything is hashed. */
  readonly budgetMs?: number;
}

export interface Verified {
  readonly differences: readonly Difference[];
  readonly observed: Dependencies;
  /** Models under another name in the same folder, by key as expected: a run can use them under the name that they have now. */
  readonly renamed: ReadonlyMap<string, string>;
}

/**
 * Compares what is expected (a lock, or what a run saw) with what is here now. Everything is hashed, through the cache. A model that
 * is gone or replaced is looked for by its content in every model folder.
 */
export async function verifyDependencies(
  expected: Dependencies,
  whose: Whose,
  verifying: Verifying,
): Promise<Verified> {
  const { around, signal, talk, budgetMs } = verifying;
  const classes = await knownClasses(around, [...expected.classes.keys()], signal);
  const remote = around.installation === undefined && around.server !== undefined;
  const known = remote ? { ...classes, folders: await knownFolders(around, signal) } : classes;
  const lock: Lock = { ...emptyLock, ...expected };
  const observed = await observe(needsOfEntries(expected), {
    ...around,
    known,
    lock,
    signal,
    talk,
    ...budget(budgetMs),
  });
  const renamed = new Map<string, string>();
  const differences: Difference[] = [];
  for (const found of driftBetween(expected, observed, whose)) {
    differences.push(await lookElsewhere(found, expected, renamed, verifying));
  }
  return { differences, observed, renamed };
}

const budget = (budgetMs: number | undefined) => (budgetMs === undefined ? {} : { budgetMs });

const needsOfEntries = (expected: Dependencies): Needs => ({
  workflows: new Map(),
  models: new Map([...expected.models].map(([key, { guess }]) => [key, { guess: guess === true }])),
  inputs: new Set(expected.inputs.keys()),
  classes: new Set(expected.classes.keys()),
  named: new Map(),
});

/** A model that is not what is expected under its name may be there under another. */
async function lookElsewhere(
  found: Difference,
  expected: Dependencies,
  renamed: Map<string, string>,
  { around, signal, talk, budgetMs }: Verifying,
): Promise<Difference> {
  const entry = expected.models.get(found.subject);
  const folders = around.installation?.modelFolders;
  if (found.code !== 'model-missing' && found.code !== 'model-changed') return found;
  if (entry?.size === undefined || !entry.digest.startsWith('sha256:') || folders === undefined) return found;
  const { folder } = splitModelKey(found.subject);
  const hash = async (path: string) => {
    const hashed = (await hashModels([path], { cache: around.cache, signal, talk, ...budget(budgetMs) })).get(path);
    return hashed !== undefined && 'digest' in hashed ? hashed : undefined;
  };
  const sought = { digest: entry.digest as `sha256:${string}`, size: entry.size, folder };
  const there = await findByDigest(sought, folders, hash);
  if (there === undefined) return found;
  const now = `${there.folder}/${there.name}`;
  if (there.folder !== currentFolderName(folder)) {
    return { ...found, text: `${found.text}; the same content is ${now}` };
  }
  renamed.set(found.subject, there.name);
  const was = found.code === 'model-missing' ? 'not under this name' : 'another file has this name now';
  return difference('model-renamed', found.subject, `${modelWords(found.subject)}: ${was}, its content is ${now}`);
}
