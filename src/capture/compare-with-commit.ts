import { InputError } from '../errors.js';
import { redact } from '../lineage/redact.js';
import type { Snapshot } from '../lineage/snapshot.js';
import { documentKind } from '../workflow/detect.js';
import { isObject, type JsonObject, parseJson } from '../workflow/json.js';
import { comparePrompts, type PromptMatch } from '../workflow/match-prompt.js';
import { readPrompt } from '../workflow/prompt.js';

/** Places a committed file on the ladder of one run; `undefined` where it is another workflow, or none. */
export type CompareWithRun = (committed: Uint8Array) => PromptMatch | undefined;

/**
 * Compares what commits hold with what ran. Both sides lack what `redact` takes out, so that a run recorded long ago compares like one of now.
 */
export function comparerFor(run: Snapshot): CompareWithRun {
  return (committed) => {
    const json = documentOf(committed);
    if (json === undefined) return undefined;
    const kind = documentKind(json);
    try {
      if (kind === 'prompt') return comparePrompts(readPrompt(redact('', json).json), readPrompt(run.prompt));
      return undefined;
    } catch (error) {
      // A committed file that is damaged, or needs nodes that are not here, is not where this run came from.
      if (error instanceof InputError) return undefined;
      throw error;
    }
  };
}

function documentOf(bytes: Uint8Array): JsonObject | undefined {
  try {
    const json = parseJson(Buffer.from(bytes).toString('utf8'));
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
