import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readIfThere } from '../../files/read.js';
import { comfyPath, type Repository } from '../../git/repository.js';
import { isObject, parseJson, writeJson } from '../../workflow/json.js';
import type { CheckoutStep } from './steps.js';

// What this person has agreed to check out, a line each, in the common git directory: a clone does not bring it along.

const fileOf = (repository: Repository) => comfyPath(repository, 'consents.jsonl');

/** Whether the person has agreed to a repository at a commit before. */
export type HasAgreed = (step: Pick<CheckoutStep, 'repository' | 'commit'>) => boolean;

export async function readConsents(repository: Repository): Promise<HasAgreed> {
  const lines = String((await readIfThere(fileOf(repository))) ?? '').split('\n');
  const known = new Set(lines.flatMap(keyOfLine));
  return (step) => known.has(keyOf(step.repository, step.commit));
}

/** The line break comes first too: after a line that a crash cut short, ours is still a line. */
export async function rememberConsent(repository: Repository, step: CheckoutStep): Promise<void> {
  const line = writeJson(
    new Map([
      ['repository', step.repository],
      ['commit', step.commit],
    ]),
  );
  await mkdir(dirname(fileOf(repository)), { recursive: true });
  await appendFile(fileOf(repository), `\n${line.trim()}\n`);
}

const keyOf = (repository: string, commit: string) => `${commit} ${repository}`;

function keyOfLine(line: string): string[] {
  try {
    const json = parseJson(line);
    const [address, commit] = isObject(json) ? [json.get('repository'), json.get('commit')] : [];
    return typeof address === 'string' && typeof commit === 'string' ? [keyOf(address, commit)] : [];
  } catch {
    return []; // empty, or cut short
  }
}
