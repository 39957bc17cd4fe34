import { readFile } from 'node:fs/promises';
import { readNamed } from '../files/named.js';
import type { Repository } from '../git/repository.js';
import { stillPicture } from '../image/containers.js';
import { describeBytes, type OutputIdentity } from '../image/describe-output.js';
import type { OutputLook } from '../image/look.js';
import type { OutputKeys } from '../lineage/query.js';
import type { Question } from '../lineage/question.js';
import type { Snapshot } from '../lineage/snapshot.js';
import { promptIdentity, readPrompt } from '../workflow/prompt.js';
import { embeddedSnapshot, snapshotIn } from './embedded-snapshot.js';
import { type FoundOutput, foundIn } from './found-output.js';
import { lineageAbout } from './lineage-about.js';
import { storedPrompt } from './stored-prompt.js';

/**
 * Finds the record of an output by the file's hash, else by its pixels, else by its embedded prompt.
 * @throws GitError `git-failed`
 */
export async function findOutput(
  repository: Repository,
  source: string | Uint8Array,
): Promise<FoundOutput | undefined> {
  return findByKeys(repository, outputKeys(typeof source === 'string' ? await readFile(source) : source));
}

const findByKeys = async (repository: Repository, keys: OutputKeys): Promise<FoundOutput | undefined> =>
  foundIn(await lineageAbout(repository, questionOf(keys)), keys);

const questionOf = ({ sha256, pixels, identity }: OutputKeys): Question => ({
  files: sha256 === undefined ? [] : [sha256],
  pixels: pixels === undefined ? [] : [pixels],
  identities: identity === undefined ? [] : [identity],
});

/**
 * For an output of which nothing is found: where its bytes are damaged, that is why.
 * @throws InputError `png-truncated`, `png-bad`, `png-too-large`, with its name
 */
export function refuseDamaged(name: string, bytes: Uint8Array): void {
  readNamed(name, () => stillPicture(bytes));
}

/** By what an output is known. A damaged picture still has the hash of its file. */
export const outputKeys = (bytes: Uint8Array): OutputKeys => keysOf(describeBytes(bytes), embeddedSnapshot(bytes));

/** As `outputKeys`, of an output that somebody has looked at. */
export const lookedKeys = (look: OutputLook): OutputKeys => keysOf(look, snapshotIn(look.embedded));

function keysOf({ sha256, pixels }: OutputIdentity, embedded: Snapshot | undefined): OutputKeys {
  const prompt = embedded?.prompt;
  const identity = prompt === undefined ? undefined : promptIdentity(readPrompt(storedPrompt(prompt).json));
  return { sha256, ...(pixels === undefined ? {} : { pixels }), ...(identity === undefined ? {} : { identity }) };
}
