import { isArray, isObject, type Json, type JsonObject, writeJson } from '../workflow/json.js';
import { readParameters } from '../workflow/parameters.js';
import { parametersPrompt } from '../workflow/parameters-prompt.js';
import type { Snapshot } from './snapshot.js';
import { damaged, nameDocument, parseDocument, type StoredDocument } from './stored-document.js';

/** Keys stay in the order in which they ran (the server's own order depends on it), every number as it was read. */
export function snapshotDocument(snapshot: Snapshot): StoredDocument {
  const json: JsonObject = new Map<string, Json>([
    ['snapshot', 1],
    // What a prompt of parameters would be is made again at every reading: they are what was captured.
    ['prompt', snapshot.parameters === undefined ? snapshot.prompt : new Map()],
  ]);
  if (snapshot.parameters !== undefined) json.set('parameters', snapshot.parameters);
  if (snapshot.workflow !== undefined) json.set('workflow', snapshot.workflow);
  for (const key of ['executed', 'cached', 'redacted'] as const) {
    const list = snapshot[key];
    if (list !== undefined) json.set(key, [...list]);
  }
  return nameDocument('snapshot', `${writeJson(json)}\n`);
}

/**
 * @throws InputError `snapshot-newer`, `document-damaged`
 */
export const readSnapshot = (text: string): Snapshot => snapshotOf(parseDocument('snapshot', text));

/**
 * Whether the text is a snapshot for certain: `readSnapshot` takes ten times as long, and may know better of one that this refuses (NaN is no JSON). Numbers
 * are changed by JSON.parse, so nothing of what it read is used.
 */
export function isSnapshot(text: string): boolean {
  try {
    const json: unknown = JSON.parse(text);
    const { snapshot, prompt } = (json ?? {}) as { readonly snapshot?: unknown; readonly prompt?: unknown };
    return snapshot === 1 && typeof prompt === 'object' && prompt !== null && !Array.isArray(prompt);
  } catch {
    return false;
  }
}

/**
 * What ran, without the workflow and all that is written after it: most of a snapshot is that, and it is not even looked at.
 * @throws InputError `snapshot-newer`, `document-damaged`
 */
export function readPromptOfSnapshot(document: Buffer | string): Snapshot {
  const end = document.indexOf(beforeWorkflow);
  const whole = () => snapshotOf(parseDocument('snapshot', document.toString(), 'workflow'));
  if (end < 0) return whole();
  const start = typeof document === 'string' ? document.slice(0, end) : document.toString('utf8', 0, end);
  try {
    return snapshotOf(parseDocument('snapshot', `${start}}`));
  } catch {
    // An input may have that name, too.
    return whole();
  }
}

/** No text holds it, since a quote in a text has a backslash before it. */
const beforeWorkflow = ',"workflow":{';

function snapshotOf(json: JsonObject): Snapshot {
  const prompt = json.get('prompt');
  if (!isObject(prompt)) throw damaged('snapshot');
  const workflow = json.get('workflow');
  const parameters = json.get('parameters');
  const read = typeof parameters === 'string' ? readParameters(parameters) : undefined;
  return {
    snapshot: 1,
    prompt: read === undefined ? prompt : parametersPrompt(read),
    ...(read === undefined ? {} : { parameters: String(parameters) }),
    ...(isObject(workflow) ? { workflow } : {}),
    ...list(json, 'executed'),
    ...list(json, 'cached'),
    ...list(json, 'redacted'),
  };
}

function list(json: JsonObject, key: 'executed' | 'cached' | 'redacted') {
  const value = json.get(key);
  if (!isArray(value)) return {};
  return { [key]: value.filter((item) => typeof item === 'string') };
}
