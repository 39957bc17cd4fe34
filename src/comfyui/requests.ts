import { ServerError } from '../errors.js';
import { isArray, isObject, type Json, type JsonObject, stringsIn, writeJson } from '../workflow/json.js';
import { askJson, askObject, refused, replyJson, tell, unexpected } from './answers.js';
import { exchange } from './http.js';
import type { OutputFile, Server } from './server.js';
import { serverName } from './server-address.js';

/** How long, how large; all of it may be left out. */
export interface Asking {
  readonly signal?: AbortSignal;
}

/** `/object_info` of an installation with hundreds of packs is some tens of megabytes. */
const largeAnswer = 512 * 1024 * 1024;
/** A picture of 16k x 16k, or a short video. */
const largeFile = 2 * 1024 * 1024 * 1024;

/** `GET /system_stats`: versions, arguments, devices. */
export const systemStats = (server: Server, asking: Asking = {}): Promise<JsonObject> =>
  askObject(server, '/system_stats', asking);

/** Node interfaces by class: of the classes named, or of all. A class that the server does not know is left out. */
export async function objectInfo(
  server: Server,
  classes?: readonly string[],
  asking: Asking = {},
): Promise<JsonObject> {
  // The whole list is one request; for more than a handful of classes that is faster than asking for each.
  if (classes === undefined || classes.length > 8) {
    const all = await askObject(server, '/object_info', { ...asking, maxBytes: largeAnswer, timeout: 180_000 });
    return classes === undefined ? all : new Map([...all].filter(([name]) => classes.includes(name)));
  }
  const found: JsonObject = new Map();
  for (const name of classes) {
    const answer = await askObject(server, `/object_info/${encodeURIComponent(name)}`, asking);
    const info = answer.get(name);
    if (info !== undefined) found.set(name, info);
  }
  return found;
}

/**
 * Where ComfyUI-Manager on a server would get each class from: the pack's address by class. Empty for a server without it, or with one that answers
 * in another way.
 */
export async function packList(server: Server, asking: Asking = {}): Promise<Map<string, string>> {
  const path = '/customnode/getmappings';
  const reply = await exchange(server, path, { ...asking, query: { mode: 'local' }, maxBytes: largeAnswer });
  const packs = new Map<string, string>();
  if (reply.status !== 200 || !reply.type.includes('json')) return packs;
  const answer = replyJson(server, path, reply);
  for (const [address, entry] of isObject(answer) ? answer : []) {
    const classes = isArray(entry) ? stringsIn(entry[0]) : [];
    for (const name of classes) if (!packs.has(name)) packs.set(name, address);
  }
  return packs;
}

/** `GET /internal/folder_paths`: folders of the server's machine by name, `custom_nodes` included. Empty for a server without that route. */
export async function modelFolders(server: Server, asking: Asking = {}): Promise<Map<string, string[]>> {
  const reply = await exchange(server, '/internal/folder_paths', asking);
  if (reply.status === 404) return new Map();
  if (reply.status !== 200) throw refused(server, '/internal/folder_paths', reply);
  const answer = replyJson(server, '/internal/folder_paths', reply);
  if (!isObject(answer)) throw unexpected(server, '/internal/folder_paths', 'no JSON object');
  return new Map([...answer].map(([name, folders]) => [name, stringsIn(folders)]));
}

/** Names that the server offers in one of its model folders, with the server's separators; empty for a folder that it does not have. */
export async function modelNames(server: Server, folder: string, asking: Asking = {}): Promise<string[]> {
  const path = `/models/${encodeURIComponent(folder)}`;
  const reply = await exchange(server, path, { ...asking, maxBytes: largeAnswer });
  if (reply.status === 404) return [];
  if (reply.status !== 200) throw refused(server, path, reply);
  return stringsIn(replyJson(server, path, reply));
}

/** Names of embeddings, without extensions. */
export const embeddings = async (server: Server, asking: Asking = {}): Promise<string[]> =>
  stringsIn(await askJson(server, '/embeddings', asking));

/** The history entry of one prompt; `undefined` when the server does not know it, or has not finished it. */
export async function history(server: Server, id: string, asking: Asking = {}): Promise<JsonObject | undefined> {
  const path = `/history/${encodeURIComponent(id)}`;
  const entry = (await askObject(server, path, { ...asking, maxBytes: largeAnswer })).get(id);
  if (entry === undefined) return undefined;
  if (!isObject(entry)) throw unexpected(server, '/history', 'an entry that is no object');
  return entry;
}

/**
 * A page of the history by prompt id, in the order in which the runs ended; what still runs is not in it.
 * @param most how many; every entry holds a whole prompt and workflow
 * @param offset counted from the oldest; without one the page is the newest
 */
export async function historyPage(
  server: Server,
  most: number,
  { offset, ...asking }: Asking & { readonly offset?: number } = {},
): Promise<Map<string, JsonObject>> {
  const query = { max_items: String(most), ...(offset === undefined ? {} : { offset: String(offset) }) };
  const answer = await askObject(server, '/history', { ...asking, query, maxBytes: largeAnswer });
  return new Map([...answer].filter((item): item is [string, JsonObject] => isObject(item[1])));
}

/** A prompt that runs now. */
export interface RunningPrompt {
  readonly id: string;
  readonly prompt: JsonObject;
}

export async function runningPrompts(server: Server, asking: Asking = {}): Promise<RunningPrompt[]> {
  const answer = await askObject(server, '/queue', { ...asking, maxBytes: largeAnswer });
  const items = answer.get('queue_running');
  return (isArray(items) ? items.filter(isArray) : []).flatMap(([, id, prompt]) =>
    typeof id === 'string' && isObject(prompt) ? [{ id, prompt }] : [],
  );
}

/** Prompt ids in the queue; pending ones in the order in which they will run. */
export interface QueueState {
  readonly running: readonly string[];
  readonly pending: readonly string[];
}

export async function queueState(server: Server, asking: Asking = {}): Promise<QueueState> {
  const answer = await askObject(server, '/queue', { ...asking, maxBytes: largeAnswer });
  return { running: idsOf(answer.get('queue_running')), pending: idsOf(answer.get('queue_pending')) };
}

/** Queue items are `[number, id, prompt, extra_data, outputs]`; pending ones come in heap order. */
function idsOf(items: Json | undefined): string[] {
  const tuples = isArray(items) ? items.filter(isArray) : [];
  const numberOf = (tuple: Json[]) => (typeof tuple[0] === 'number' ? tuple[0] : 0);
  return tuples
    .sort((a, b) => numberOf(a) - numberOf(b))
    .map((tuple) => tuple[1])
    .filter((id) => typeof id === 'string');
}

/** Interrupts this prompt if it is the one that runs; servers before 0.3.57 interrupt whatever runs. */
export const interrupt = (server: Server, id: string, asking: Asking = {}): Promise<void> =>
  tell(server, '/interrupt', writeJson(new Map([['prompt_id', id]])), asking);

/** Takes this prompt out of the queue if it still waits. */
export const deleteQueued = (server: Server, id: string, asking: Asking = {}): Promise<void> =>
  tell(server, '/queue', writeJson(new Map([['delete', [id]]])), asking);

/** Drops loaded models and cached results; the server does it when its queue is next idle. */
export const freeMemory = (server: Server, asking: Asking = {}): Promise<void> =>
  tell(server, '/free', '{"unload_models": true, "free_memory": true}', asking);

/**
 * Puts a file into the server's input folder.
 * @returns the value for a loader node: the server may have chosen another name, where one of that name has other bytes
 */
export async function uploadInput(
  server: Server,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  asking: Asking = {},
): Promise<string> {
  const parts = name.split('/');
  const form = new FormData();
  form.set('image', new Blob([bytes]), parts.at(-1) ?? name);
  form.set('type', 'input');
  if (parts.length > 1) form.set('subfolder', parts.slice(0, -1).join('/'));
  const answer = await askObject(server, '/upload/image', { ...asking, form, timeout: 600_000 });
  const stored = answer.get('name');
  const subfolder = answer.get('subfolder') ?? '';
  if (typeof stored !== 'string' || typeof subfolder !== 'string') {
    throw unexpected(server, '/upload/image', 'no name');
  }
  return subfolder === '' ? stored : `${subfolder}/${stored}`;
}

/**
 * The exact bytes of an output file.
 * @throws ServerError `output-gone` when the server no longer has it
 */
export async function fetchOutput(server: Server, output: OutputFile, asking: Asking = {}): Promise<Buffer> {
  const { filename, subfolder, type } = output;
  const request = { ...asking, query: { filename, subfolder, type }, maxBytes: largeFile, timeout: 600_000 };
  const reply = await exchange(server, '/view', request);
  if (reply.status === 200) return reply.bytes;
  if (reply.status !== 404) throw refused(server, '/view', reply);
  throw new ServerError('output-gone', `${serverName(server)} no longer has ${filename}`, {
    hint: 'somebody moved or deleted it right after the run; run it again',
  });
}
