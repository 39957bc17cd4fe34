import type { Repository } from '../../git/repository.js';
import { pairsOf } from '../../lineage/index/postings.js';
import { termOf, termRange } from '../../lineage/index/term.js';
import { askIndex } from './open-index.js';

/**
 * Says at once of the hash of a file whether a record may have it: now and then it says so of one that has none, and of what was recorded since it does not know.
 * @throws GitError `git-failed`
 */
export function recordedFiles(repository: Repository): Promise<(sha256: string) => boolean> {
  return askIndex(repository, async ({ postings }) => {
    const terms = new Set<number>();
    for (const [term] of pairsOf(postings, ...termRange('file', ''))) terms.add(term);
    return (sha256) => terms.has(termOf('file', sha256));
  });
}
