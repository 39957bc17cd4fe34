import { describedBy } from '../capture/node-interfaces.js';
import { readRunnable } from '../capture/runnable.js';
import { lockedWidgetNames } from '../capture/widget-names.js';
import { packList } from '../comfyui/requests.js';
import type { Server } from '../comfyui/server.js';
import type { Talk } from '../context.js';
import { InputError, ServerError } from '../errors.js';
import { readBounded } from '../files/read.js';
import type { Repository } from '../git/repository.js';
import { type Settling, toPrompt } from '../workflow/convert.js';
import { readWorkflow, type Workflow } from '../workflow/graph.js';
import { type JsonObject, parseJson } from '../workflow/json.js';
import { readObjectInfo } from '../workflow/read-interfaces.js';

export interface Describing {
  /** A file that holds what a server answers at `/object_info`; no server is asked then. */
  readonly objectInfo?: string | undefined;
  /** `--server` of the command line. */
  readonly server?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly talk: Talk;
  /** Chooses of `{a|b}`. */
  readonly textSeed?: string | undefined;
  readonly now: Date;
}

/**
 * The prompt that ComfyUI would run for a file: a workflow is converted with the interfaces of a server's nodes; a prompt, also one embedded in a
 * picture, is that prompt. Where no server answers, what one answered before is used, else the widget names of the lock.
 * @throws InputError of the readers and of the conversion; ServerError where a server is needed and none answers
 */
export async function promptOf(
  repository: Repository | undefined,
  path: string,
  describing: Describing,
): Promise<JsonObject> {
  const { prompt, workflow } = await readRunnable(path);
  if (prompt !== undefined || workflow === undefined) return prompt ?? new Map();
  return converted(repository, readWorkflow(workflow), describing);
}

async function converted(
  repository: Repository | undefined,
  workflow: Workflow,
  describing: Describing,
): Promise<JsonObject> {
  const { objectInfo: file, textSeed, now } = describing;
  const settling: Settling = { now, ...(textSeed === undefined ? {} : { textSeed }) };
  if (file !== undefined) {
    const said = parseJson((await readBounded(file, mostBytes)).toString('utf8'));
    return toPrompt(workflow, readObjectInfo(said), settling);
  }
  try {
    return await bySaying(repository, workflow, describing, settling);
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== 'no-server' || repository === undefined) throw error;
    const prompt = await byNames(repository, workflow, settling);
    if (prompt === undefined) throw error;
    describing.talk.say('no server answers: the names of inputs are those of comfy.lock');
    return prompt;
  }
}

/** Asks a server, or takes what one has said before. */
async function bySaying(
  repository: Repository | undefined,
  workflow: Workflow,
  { server: flag, env, signal, talk }: Describing,
  settling: Settling,
): Promise<JsonObject> {
  const { info, server, remembered } = await describedBy(repository, workflow, { flag, env, signal });
  if (remembered !== undefined) talk.say(`no server answers: nodes are taken as ${remembered} described them`);
  try {
    return toPrompt(workflow, readObjectInfo(info), settling);
  } catch (error) {
    if (!(error instanceof InputError) || error.code !== 'unknown-node-type' || server === undefined) throw error;
    return toPrompt(workflow, readObjectInfo(info), { ...settling, packOf: await packsOf(server, signal) });
  }
}

/** Only asked for when a class is missing: the list is long. */
async function packsOf(server: Server, signal: AbortSignal): Promise<(classType: string) => string | undefined> {
  const packs = await packList(server, { signal });
  return (classType) => packs.get(classType);
}

/**
 * By the widget names of the lock alone; `undefined` where there is no lock, or it does not know a class.
 * @throws InputError `interface-needed` where the file does not hold every value
 */
async function byNames(
  repository: Repository,
  workflow: Workflow,
  settling: Settling,
): Promise<JsonObject | undefined> {
  const names = repository.bare ? undefined : await lockedWidgetNames(repository.top);
  if (names === undefined) return undefined;
  try {
    return toPrompt(workflow, new Map(), { ...settling, names });
  } catch (error) {
    if (error instanceof InputError && error.code !== 'interface-needed') return undefined;
    throw error;
  }
}

/** Lists of installations with hundreds of packs have some tens of megabytes. */
const mostBytes = 512 * 1024 * 1024;
