import { InputError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import { type FoundOutput, foundIn } from './found-output.js';
import { lineageAbout } from './lineage-about.js';

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
