import { apiFindings, claimFindings } from './classes.js';
import type { Finding, Linted } from './finding.js';
import { type LintedLock, lockedFindings } from './locked-facts.js';
import { pathFindings, secretFindings } from './private-values.js';
import { seedFindings } from './random-seed.js';

/** What keeps workflows from being run again elsewhere with the same outcome; told from their text and the lock alone. */
export const lint = (files: readonly Linted[], locked: LintedLock | undefined): Finding[] => [
  ...files.flatMap((file) => [...secretFindings(file), ...pathFindings(file), ...apiFindings(file)]),
  ...claimFindings(files),
  ...(locked === undefined ? [] : lockedFindings(locked)),
  ...files.flatMap(seedFindings),
];
