import { observe } from '../capture/observe.js';
import { shadowedModels } from '../capture/shadowed-models.js';
import { knownClasses, knownFolders } from '../capture/surroundings.js';
import { type Difference, driftBetween, missingClasses } from '../lock/drift.js';
import type { Whose } from '../lock/drift-hints.js';
import type { Dependencies, Lock } from '../lock/entries.js';
import { emptyLock } from '../lock/lockfile.js';
import { needsOfEntries } from '../lock/needs.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import { lookElsewhere } from './look-elsewhere.js';
import { budget, type Verifying } from './verifying.js';

export interface Verified {
  readonly differences: readonly Difference[];
  readonly observed: Dependencies;
  /** Models under another name in the same folder, by key as expected: a run can use them under the name that they have now. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Interfaces of the expected classes, where a server was asked. */
  readonly info?: ObjectInfo;
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
  const missing = classes.info === undefined ? [] : missingClasses(expected.classes.keys(), observed.classes);
  for (const found of [...driftBetween(expected, observed, whose), ...missing]) {
    differences.push(await lookElsewhere(found, { expected, renamed }, verifying));
  }
  const { installation } = around;
  if (installation !== undefined) differences.push(...(await shadowedModels(expected.models.keys(), installation)));
  return { differences, observed, renamed, ...(classes.info === undefined ? {} : { info: classes.info }) };
}
