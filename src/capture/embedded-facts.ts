import { basename } from 'node:path';
import { errorOf, InputError } from '../errors.js';
import type { Embedded } from '../image/embedded.js';
import type { OutputLook } from '../image/look.js';
import type { Environment } from '../lineage/state.js';
import { noDependencies } from '../lineage/state-document.js';
import { shellWord } from '../shell-word.js';
import { isObject, type JsonObject, parseJson } from '../workflow/json.js';
import { readParameters } from '../workflow/parameters.js';
import { parametersPrompt } from '../workflow/parameters-prompt.js';
import { readPrompt } from '../workflow/prompt.js';
import type { PromptDocuments } from '../workflow/prompt-documents.js';
import { embeddedInputs } from './embedded-inputs.js';
import { outputNode } from './output-node.js';
import type { RunFacts } from './run-facts.js';

/** What the user gives of a run whose outputs say nothing. */
export interface GivenFacts extends PromptDocuments {
  readonly environment?: Environment;
}

/** What a file beside an output says of it. */
export interface BesideFacts extends PromptDocuments {
  readonly parameters?: string;
}

/**
 * What an existing output tells about the run that made it. Nothing of today's machine enters: what nobody says was not captured.
 * @param given counts before what is embedded
 * @param beside counts where nothing is embedded
 * @throws InputError `no-metadata`, `not-a-prompt`, and those of a damaged file or prompt
 */
export function embeddedFacts(
  path: string,
  { embedded, unreadable, ...look }: OutputLook,
  given: GivenFacts = {},
  beside: BesideFacts = {},
): RunFacts {
  if (embedded === undefined) throw errorOf(unreadable ?? { message: 'nobody has looked at it' });
  const making = makingOf(path, embedded, given, beside);
  const name = basename(path);
  // Which picture of a batch it was is not in the file; the first is what most are.
  const output = { ...look, name, node: outputNode(readPrompt(making.prompt), name), index: 0 };
  const { environment } = given;
  const inputs = embeddedInputs(making.prompt);
  return {
    ...making,
    outputs: [],
    known: [output],
    captured: 'embedded',
    ...(inputs.size === 0 ? {} : { dependencies: { ...noDependencies, inputs } }),
    ...(environment === undefined ? {} : { environment }),
  };
}

type Making = Pick<RunFacts, 'prompt' | 'workflow' | 'parameters'>;

function makingOf(path: string, embedded: Embedded, given: GivenFacts, beside: BesideFacts): Making {
  if (given.prompt !== undefined) return documents(given.prompt, given.workflow);
  if (embedded.prompt !== undefined) return documents(parsedPrompt(embedded.prompt), embeddedWorkflow(embedded));
  if (beside.prompt !== undefined) {
    return documents(readPrompt(beside.prompt).source, beside.workflow ?? embeddedWorkflow(embedded));
  }
  const { parameters } = embedded.parameters === undefined ? beside : embedded;
  const read = parameters === undefined ? undefined : readParameters(parameters);
  if (parameters !== undefined && read !== undefined) return { prompt: parametersPrompt(read), parameters };
  throw noMetadata(path, embedded, beside);
}

const documents = (prompt: JsonObject, workflow: JsonObject | undefined): Making => ({
  prompt,
  ...(workflow === undefined ? {} : { workflow }),
});

function parsedPrompt(text: string): JsonObject {
  const json = parseJson(text);
  if (isObject(json)) return readPrompt(json).source;
  throw new InputError('not-a-prompt', 'the prompt embedded in it is no JSON object');
}

/** A workflow that cannot be read is left out: the prompt alone says how the picture was made. */
function embeddedWorkflow({ workflow }: Embedded): JsonObject | undefined {
  if (workflow === undefined) return undefined;
  try {
    const json = parseJson(workflow);
    return isObject(json) ? json : undefined;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function noMetadata(path: string, { container, workflow }: Embedded, beside: BesideFacts): InputError {
  const hint = `if you have its prompt in API format: git comfy record --prompt <prompt.json> --output ${shellWord(path)}`;
  return new InputError('no-metadata', why(container, workflow !== undefined, beside.workflow !== undefined), { hint });
}

function why(container: Embedded['container'], inside: boolean, beside: boolean): string {
  const bare = 'and no prompt, so nothing says what ran';
  if (inside) return `a workflow is embedded in it, ${bare}`;
  if (beside) return `a workflow lies beside it, ${bare}`;
  return container === 'unknown' ? 'metadata of this kind of file is not read' : 'no prompt is embedded in it';
}
