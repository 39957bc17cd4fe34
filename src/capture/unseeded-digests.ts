import { InputError } from '../errors.js';
import { readSnapshot } from '../lineage/documents.js';
import type { Snapshot } from '../lineage/snapshot.js';
import { readWorkflow } from '../workflow/graph.js';
import { readPrompt } from '../workflow/prompt.js';
import { unseededDigest } from '../workflow/unseeded-digest.js';
import { documentIn } from './compare-with-commit.js';

/** `unseededDigest` of a prompt and of a workflow: what a run executed and embedded, or the one that a committed file is. */
export interface UnseededDigests {
  readonly prompt?: string;
  readonly workflow?: string;
}

/** Of a document that cannot be read nothing is known, and it is like no other. */
export function digestsOfSnapshot(snapshot: Snapshot | string): UnseededDigests {
  return unlessDamaged(() => {
    const { prompt, workflow } = typeof snapshot === 'string' ? readSnapshot(snapshot) : snapshot;
    const ran = unseededDigest(readPrompt(prompt));
    return workflow === undefined ? { prompt: ran } : { prompt: ran, workflow: unseededDigest(readWorkflow(workflow)) };
  });
}

/** By their bytes, like the documents themselves. */
const ofCommitted = new WeakMap<Uint8Array, UnseededDigests>();

export function digestsOfCommitted(committed: Uint8Array): UnseededDigests {
  const known = ofCommitted.get(committed);
  if (known !== undefined) return known;
  const digests = unlessDamaged(() => {
    const document = documentIn(committed);
    if (document === undefined) return {};
    return 'prompt' in document
      ? { prompt: unseededDigest(document.prompt) }
      : { workflow: unseededDigest(document.workflow) };
  });
  ofCommitted.set(committed, digests);
  return digests;
}

/**
 * Whether a run may be of a committed file, seeds aside: what ran is compared with a committed prompt, what was embedded with a committed workflow. Without
 * an embedded workflow it takes a conversion to tell.
 */
export function mayBeOf(run: UnseededDigests, committed: UnseededDigests): boolean {
  if (committed.prompt !== undefined) return committed.prompt === run.prompt;
  return committed.workflow !== undefined && (run.workflow === undefined || run.workflow === committed.workflow);
}

function unlessDamaged(read: () => UnseededDigests): UnseededDigests {
  try {
    return read();
  } catch (error) {
    if (error instanceof InputError) return {};
    throw error;
  }
}
