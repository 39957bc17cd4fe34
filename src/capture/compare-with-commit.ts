import { InputError } from '../errors.js';
import { redact } from '../lineage/redact.js';
import type { Snapshot } from '../lineage/snapshot.js';
import { toPrompt } from '../workflow/convert.js';
import { documentKind } from '../workflow/detect.js';
import { readWorkflow } from '../workflow/graph.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import { isObject, type JsonObject, parseJson } from '../workflow/json.js';
import { compareForMatch } from '../workflow/match.js';
import { comparePrompts, type PromptMatch } from '../workflow/match-prompt.js';
import { readPrompt } from '../workflow/prompt.js';

/** Places a committed file on the ladder of one run; `undefined` where it is another workflow, or none. */
export type CompareWithRun = (committed: Uint8Array) => PromptMatch | undefined;

/**
 * Compares what commits hold with what ran. Both sides lack what `redact` takes out, so that a run recorded long ago compares like one of now.
 * @param info needed to match a run that embedded no workflow with committed ones
 */
export function comparerFor(run: Snapshot, info?: ObjectInfo): CompareWithRun {
  return (committed) => {
    try {
      const json = parseJson(Buffer.from(committed).toString('utf8'));
      return isObject(json) ? compareDocument(json, run, info) : undefined;
    } catch (error) {
      // A committed file that is damaged, or needs nodes that are not here, is not where this run came from.
      if (error instanceof InputError) return undefined;
      throw error;
    }
  };
}

function compareDocument(json: JsonObject, run: Snapshot, info: ObjectInfo | undefined): PromptMatch | undefined {
  const kind = documentKind(json);
  if (kind === 'prompt') return withPrompt(json, run);
  if (kind !== 'workflow') return undefined;
  const committed = readWorkflow(redact('', json).json);
  if (run.workflow !== undefined) return compareForMatch(committed, readWorkflow(run.workflow));
  return info === undefined ? undefined : withPrompt(toPrompt(committed, info), run);
}

const withPrompt = (json: JsonObject, run: Snapshot) =>
  comparePrompts(readPrompt(redact('', json).json), readPrompt(run.prompt));
