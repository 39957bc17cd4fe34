import { InputError } from '../errors.js';
import { redact } from '../lineage/redact.js';
import type { Snapshot } from '../lineage/snapshot.js';
import { toPrompt } from '../workflow/convert.js';
import { documentKind } from '../workflow/detect.js';
import { readWorkflow, type Workflow } from '../workflow/graph.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import { isObject, parseJson, workflowLimits } from '../workflow/json.js';
import { compareForMatch } from '../workflow/match.js';
import { comparePrompts, type PromptMatch } from '../workflow/match-prompt.js';
import type { WidgetNames } from '../workflow/node-values.js';
import { type Prompt, readPrompt } from '../workflow/prompt.js';
import { widgetNames } from '../workflow/widgets.js';

/** Places a committed file on the ladder of one run; `undefined` where it is another workflow, or none. */
export type CompareWithRun = (committed: Uint8Array) => PromptMatch | undefined;

/**
 * Compares what commits hold with what ran. Both sides lack what `redact` takes out, so that a run recorded long ago compares like one of now.
 * @param info needed to match a run that embedded no workflow with committed ones
 * @param names of the values of packs' nodes, where a lock has them and no server does
 */
export function comparerFor(snapshot: Snapshot, info?: ObjectInfo, names = namesIn(info)): CompareWithRun {
  const run = readOnce(snapshot);
  return (committed) => {
    try {
      const document = documentIn(committed);
      return document === undefined ? undefined : compareDocument(document, run, { info, names });
    } catch (error) {
      // A committed file that is damaged, or needs nodes that are not here, is not where this run came from.
      if (error instanceof InputError) return undefined;
      throw error;
    }
  };
}

/** A committed file as it is compared; whatever is private in it is out. */
type CommittedDocument = { readonly prompt: Prompt } | { readonly workflow: Workflow };

/** By their bytes: thousands of outputs that are taken in together are compared with the same few files. */
const documents = new WeakMap<Uint8Array, CommittedDocument>();

/** @throws InputError for a file that is damaged; `undefined` for one that is neither workflow nor prompt */
export function documentIn(committed: Uint8Array): CommittedDocument | undefined {
  const known = documents.get(committed);
  if (known !== undefined) return known;
  const json = parseJson(Buffer.from(committed).toString('utf8'), workflowLimits);
  const kind = documentKind(json);
  if (!isObject(json) || kind === 'other') return undefined;
  const clean = redact('', json).json;
  const document = kind === 'prompt' ? { prompt: readPrompt(clean) } : { workflow: readWorkflow(clean) };
  documents.set(committed, document);
  return document;
}

interface Known {
  readonly info: ObjectInfo | undefined;
  readonly names: WidgetNames | undefined;
}

const namesIn = (info: ObjectInfo | undefined): WidgetNames | undefined =>
  info === undefined ? undefined : new Map([...info].map(([name, known]) => [name, widgetNames(known)]));

/** A run, of which each document is read when it is first compared. */
interface Run {
  readonly prompt: () => Prompt;
  readonly workflow?: () => Workflow;
}

function readOnce({ prompt, workflow }: Snapshot): Run {
  let readOfPrompt: Prompt | undefined;
  let readOfWorkflow: Workflow | undefined;
  return {
    prompt: () => {
      readOfPrompt ??= readPrompt(prompt);
      return readOfPrompt;
    },
    ...(workflow === undefined
      ? {}
      : {
          workflow: () => {
            readOfWorkflow ??= readWorkflow(workflow);
            return readOfWorkflow;
          },
        }),
  };
}

function compareDocument(document: CommittedDocument, run: Run, { info, names }: Known): PromptMatch | undefined {
  if ('prompt' in document) return comparePrompts(document.prompt, run.prompt());
  if (run.workflow !== undefined) return compareForMatch(document.workflow, run.workflow(), names);
  if (info === undefined) return undefined;
  // Only the prompt has names for the values of packs' nodes, by which private ones are known.
  const committed = redact('', toPrompt(document.workflow, info)).json;
  return comparePrompts(readPrompt(committed), run.prompt());
}
