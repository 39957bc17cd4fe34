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
import type { WidgetNames } from '../workflow/node-values.js';
import { readPrompt } from '../workflow/prompt.js';
import { widgetNames } from '../workflow/widgets.js';

/** Places a committed file on the ladder of one run; `undefined` where it is another workflow, or none. */
export type CompareWithRun = (committed: Uint8Array) => PromptMatch | undefined;

/**
 * Compares what commits hold with what ran. Both sides lack what `redact` takes out, so that a run recorded long ago compares like one of now.
 * @param info needed to match a run that embedded no workflow with committed ones
 * @param names of the values of packs' nodes, where a lock has them and no server does
 */
export function comparerFor(run: Snapshot, info?: ObjectInfo, names = namesIn(info)): CompareWithRun {
  return (committed) => {
    try {
      const json = parseJson(Buffer.from(committed).toString('utf8'));
      return isObject(json) ? compareDocument(json, run, { info, names }) : undefined;
    } catch (error) {
      // A committed file that is damaged, or needs nodes that are not here, is not where this run came from.
      if (error instanceof InputError) return undefined;
      throw error;
    }
  };
}

interface Known {
  readonly info: ObjectInfo | undefined;
  readonly names: WidgetNames | undefined;
}

const namesIn = (info: ObjectInfo | undefined): WidgetNames | undefined =>
  info === undefined ? undefined : new Map([...info].map(([name, known]) => [name, widgetNames(known)]));

function compareDocument(json: JsonObject, run: Snapshot, { info, names }: Known): PromptMatch | undefined {
  const kind = documentKind(json);
  if (kind === 'prompt') return withPrompt(json, run);
  if (kind !== 'workflow') return undefined;
  const committed = readWorkflow(redact('', json).json);
  if (run.workflow !== undefined) return compareForMatch(committed, readWorkflow(run.workflow), names);
  return info === undefined ? undefined : withPrompt(toPrompt(committed, info), run);
}

const withPrompt = (json: JsonObject, run: Snapshot) =>
  comparePrompts(readPrompt(redact('', json).json), readPrompt(run.prompt));
