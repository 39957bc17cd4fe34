import type { Lock } from '../lock/entries.js';
import { lineOfKey } from '../lock/line-of-key.js';
import type { Finding } from '../lock/lint/finding.js';
import { lockPath, writeLock } from '../lock/lockfile.js';
import { unsoundAddresses } from '../lock/secrets.js';

const rewrite = `git comfy lock && git add ${lockPath}`;

/** What is wrong with a lock by itself: what is not hashed yet, what nobody may read, and text that is not canonical. */
export function soundProblems(lock: Lock, text: string | undefined): Finding[] {
  const problems = [...unhashed(lock), ...unsound(lock)].map((one) => atLine(one, text));
  if (text === undefined || text === writeLock(lock)) return problems;
  const said = `${lockPath} is not written as git comfy writes it`;
  return [...problems, { path: lockPath, code: 'lock-not-canonical', text: said, hint: rewrite }];
}

function unhashed(lock: Lock): Finding[] {
  const files = [...lock.models, ...lock.inputs].filter(([, { digest }]) => digest === 'unhashed');
  return files.map(([key]) => ({
    path: lockPath,
    key,
    code: 'unhashed',
    text: `${key} is not hashed yet`,
    hint: `on a machine that has it: ${rewrite}`,
  }));
}

const unsound = (lock: Lock): Finding[] =>
  unsoundAddresses(lock).map(({ key, why }) => ({
    path: lockPath,
    key,
    code: 'unsound-address',
    text: `an address of ${key} in ${lockPath} ${why}`,
    hint: `take it out of ${lockPath}, then git add it; a secret that was pushed has to be revoked`,
  }));

/** Workflows that the lock still has, and the repository has no more. */
export function staleProblems(lock: Lock, text: string | undefined, tracked: readonly string[]): Finding[] {
  const gone = [...lock.workflows.keys()].filter((path) => !tracked.includes(path));
  const findings = gone.map((path): Finding => {
    const said = `${lockPath} has ${path}, which is no workflow of this repository any more`;
    return { path: lockPath, key: path, code: 'stale', text: said, hint: rewrite };
  });
  return findings.map((one) => atLine(one, text));
}

/** Says in which line of the lock the entry starts that a finding is about. */
function atLine(finding: Finding, text: string | undefined): Finding {
  const line = lineOfKey(text ?? '', finding.key ?? '');
  return line === undefined ? finding : { ...finding, line };
}
