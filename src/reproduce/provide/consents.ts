import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readIfThere } from '../../files/read.js';
import { comfyPath, type Repository } from '../../git/repository.js';
import { isObject, type Json, parseJson, writeJson } from '../../workflow/json.js';
import type { CheckoutStep } from './steps.js';

// What this person has agreed to check out, a line each, in the common git directory: a clone does not bring it along.

const fileOf = (repository: Repository) => comfyPath(repository, 'consents.jsonl');

type Agreed = Pick<CheckoutStep, 'repository' | 'commit'>;

/** Whether the person has agreed to a repository at a commit before. */
export type HasAgreed = (step: Agreed) => boolean;

/** @param to what was agreed to: to check it out, which is the lesser thing, or to run it */
export async function readConsents(repository: Repository, to: 'check out' | 'run' = 'check out'): Promise<HasAgreed> {
  const lines = String((await readIfThere(fileOf(repository))) ?? '').split('\n');
  const known = new Set(lines.flatMap((line) => keyOfLine(line, to === 'run')));
  return (step) => known.has(keyOf(step.repository, step.commit));
}

/** The line break comes first too: after a line that a crash cut short, ours is still a line. */
export async function rememberConsent(repository: Repository, step: Agreed, run = false): Promise<void> {
  const members: [string, Json][] = [
    ['repository', step.repository],
    ['commit', step.commit],
  ];
  const line = writeJson(new Map(run ? [...members, ['run', true]] : members));
  await mkdir(dirname(fileOf(repository)), { recursive: true });
  await appendFile(fileOf(repository), `\n${line.trim()}\n`);
}

const keyOf = (repository: string, commit: string) => `${commit} ${repository}`;

function keyOfLine(line: string, run: boolean): string[] {
  try {
    const json = parseJson(line);
    const [address, commit] = isObject(json) ? [json.get('repository'), json.get('commit')] : [];
    if (run && (!isObject(json) || json.get('run') !== true)) return [];
    return typeof address === 'string' && typeof commit === 'string' ? [keyOf(address, commit)] : [];
  } catch {
    return []; // empty, or cut short
  }
}
