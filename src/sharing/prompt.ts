import { readRunnable } from '../capture/runnable.js';
import { serverFor } from '../capture/server-choice.js';
import { objectInfo } from '../comfyui/requests.js';
import { readBounded } from '../files/read.js';
import type { Repository } from '../git/repository.js';
import { toPrompt } from '../workflow/convert.js';
import { readWorkflow, type Workflow } from '../workflow/graph.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import { type JsonObject, parseJson } from '../workflow/json.js';
import { classesUsed } from '../workflow/packs-named.js';
import { readObjectInfo } from '../workflow/read-interfaces.js';

export interface Describing {
  /** A file that holds what a server answers at `/object_info`; no server is asked then. */
  readonly objectInfo?: string | undefined;
  /** `--server` of the command line. */
  readonly server?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/**
 * The prompt that ComfyUI would run for a file: a workflow is converted with the interfaces of a server's nodes; a prompt, also one embedded in a
 * picture, is that prompt.
 * @throws InputError of the readers and of the conversion; ServerError where a server is needed and none answers
 */
export async function promptOf(
  repository: Repository | undefined,
  path: string,
  describing: Describing,
): Promise<JsonObject> {
  const { prompt, workflow } = await readRunnable(path);
  if (prompt !== undefined || workflow === undefined) return prompt ?? new Map();
  const typed = readWorkflow(workflow);
  return toPrompt(typed, await interfaces(repository, typed, describing));
}

async function interfaces(
  repository: Repository | undefined,
  workflow: Workflow,
  { objectInfo: file, server: flag, env, signal }: Describing,
): Promise<ObjectInfo> {
  if (file !== undefined) {
    return readObjectInfo(parseJson((await readBounded(file, mostBytes)).toString('utf8')));
  }
  const server = await serverFor(repository, { flag, env, signal });
  return readObjectInfo(await objectInfo(server, classesUsed(workflow), { signal }));
}

/** Lists of installations with hundreds of packs have some tens of megabytes. */
const mostBytes = 512 * 1024 * 1024;
