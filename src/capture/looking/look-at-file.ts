import { readBounded } from '../../files/read.js';
import { fileDigest, maxOutputBytes } from '../../image/describe-output.js';
import { lookAt } from '../../image/look.js';
import type { LookResult } from './look-messages.js';

/** @throws InputError `no-such-file`, `not-a-file`, `file-too-large` */
export async function lookAtFile(
  path: string,
  isWanted: (sha256: string) => boolean | Promise<boolean>,
): Promise<LookResult> {
  const bytes = await readBounded(path, maxOutputBytes);
  const sha256 = fileDigest(bytes);
  return (await isWanted(sha256)) ? lookAt(bytes) : { sha256, onlyHashed: true };
}
