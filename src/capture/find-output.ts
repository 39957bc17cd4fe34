import { readFile } from 'node:fs/promises';
import { InputError } from '../errors.js';
import { readNamed } from '../files/named.js';
import type { Repository } from '../git/repository.js';
import { stillPicture } from '../image/containers.js';
import { describeBytes, type OutputIdentity } from '../image/describe-output.js';
import type { OutputLook } from '../image/look.js';
import type { Lineage, SkippedLine } from '../lineage/lineage.js';
import { findByOutput, type OutputKeys, type OutputMatch } from '../lineage/query.js';
import type { Question } from '../lineage/question.js';
import type { RunRecord } from '../lineage/record.js';
import { recordId } from '../lineage/record-line.js';
import type { Snapshot } from '../lineage/snapshot.js';
import { promptIdentity, readPrompt } from '../workflow/prompt.js';
import { storedPrompt } from './draft-record.js';
import { embeddedSnapshot, snapshotIn } from './embedded-snapshot.js';
import { lineageAbout } from './lineage-about.js';

/** An output that lineage knows. */
export interface FoundOutput extends OutputMatch {
  /** Of the best line of the run. */
  readonly id: string;
  readonly record: RunRecord;
  /** Lines that could not be read: one of them may have known more. */
  readonly skipped: readonly SkippedLine[];
}

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

/** The beginning of a SHA-256; fewer digits would fit by chance. */
export const isDigits = (subject: string): boolean => /^[0-9a-f]{6,64}$/i.test(subject);

/**
 * Finds the record of an output by the first digits of the SHA-256 of its file.
 * @throws InputError `ambiguous-output` where several outputs begin so; GitError `git-failed`
 */
export async function findByDigest(repository: Repository, digits: string): Promise<FoundOutput | undefined> {
  const small = digits.toLowerCase();
  const lineage = await lineageAbout(repository, { files: [small] });
  const outputs = lineage.records.flatMap(({ record }) => record.outputs);
  const names = new Map(outputs.flatMap(({ sha256, name }) => (sha256.startsWith(small) ? [[sha256, name]] : [])));
  if (names.size > 1) {
    throw new InputError('ambiguous-output', `${names.size} outputs have a hash that begins with ${digits}`, {
      hint: `say more of it: ${[...names]
        .slice(0, 5)
        .map(([sha256, name]) => `${sha256.slice(0, digits.length + 6)} ${name}`)
        .join(', ')}`,
    });
  }
  const [sha256] = names.keys();
  return sha256 === undefined ? undefined : foundIn(lineage, { sha256 });
}

const findByKeys = async (repository: Repository, keys: OutputKeys): Promise<FoundOutput | undefined> =>
  foundIn(await lineageAbout(repository, questionOf(keys)), keys);

function foundIn(lineage: Lineage, keys: OutputKeys): FoundOutput | undefined {
  const match = findByOutput(lineage.records, keys);
  if (match === undefined) return undefined;
  const { text, record } = match.run.best;
  return { ...match, id: recordId(text), record, skipped: lineage.skipped };
}

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
