import { basename } from 'node:path';
import type { Talk } from '../context.js';
import type { FileHash } from './file-hash.js';
import { readHints } from './hints.js';

/**
 * Says where a file that was just read is not what stands beside it: a download that broke, a damaged disk, or a file that was replaced. What was
 * read counts, whatever others say.
 */
export async function doubtHints(path: string, { digest }: FileHash, talk: Talk): Promise<void> {
  for (const { from, digests } of await readHints(path)) {
    if (digests.includes(digest)) continue;
    const [said = ''] = digests;
    const other = digests.length === 1 ? said.slice(0, 19) : `one of ${digests.length} others`;
    talk.say(`${basename(path)} is ${digest.slice(0, 19)}, and ${from} says ${other}: damaged, or replaced`);
  }
}
