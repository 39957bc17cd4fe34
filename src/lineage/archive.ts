import { createHash } from 'node:crypto';
import { InputError } from '../errors.js';
import { isObject, tryParseJson, writeJson } from '../workflow/json.js';
import { readSnapshot, readState } from './documents.js';
import type { RunRecord } from './record.js';
import { readLine, recordId, writeRecord } from './record-line.js';
import type { Snapshot } from './snapshot.js';

/** One run with everything that it takes to run it again, but for models and packs. Format 1 of `export --format zip`. */
export interface Archive {
  readonly record: RunRecord;
  /** Texts of the documents that the record points to. */
  readonly snapshot: string;
  readonly state?: string;
  readonly lock?: string;
  /** By key of the lock. */
  readonly inputs: ReadonlyMap<string, Uint8Array>;
}

const names = {
  manifest: 'git-comfy.json',
  record: 'record.json',
  snapshot: 'snapshot.json',
  state: 'state.json',
  workflow: 'workflow.json',
  prompt: 'prompt.json',
  lock: 'comfy.lock',
} as const;
const inputFolder = 'inputs/';

/** The files of an archive. Workflow and prompt are in it once more by themselves, for whoever has no git comfy. */
export function archiveFiles(archive: Archive): Map<string, Uint8Array> {
  const { prompt, workflow } = readSnapshot(archive.snapshot);
  const record = writeRecord(archive.record);
  const texts: [string, string | undefined][] = [
    [names.manifest, `${JSON.stringify({ export: 1, record: recordId(record) }, undefined, 2)}\n`],
    [names.record, `${record}\n`],
    [names.snapshot, archive.snapshot],
    [names.state, archive.state],
    [names.workflow, workflow && `${writeJson(workflow)}\n`],
    [names.prompt, `${writeJson(prompt)}\n`],
    [names.lock, archive.lock],
  ];
  const given = texts.filter((one): one is [string, string] => one[1] !== undefined);
  return new Map<string, Uint8Array>([
    ...given.map(([name, text]) => [name, new TextEncoder().encode(text)] as const),
    ...[...archive.inputs].map(([key, bytes]) => [`${inputFolder}${key}`, bytes] as const),
  ]);
}

/**
 * An archive from its files. Every document has to be what the record says, and every input what was observed at the run.
 * @throws InputError `not-an-export`, `export-newer`, `export-damaged`
 */
export function readArchive(files: ReadonlyMap<string, Uint8Array>): Archive & { readonly read: Snapshot } {
  const text = (name: string) => {
    const bytes = files.get(name);
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  };
  const id = manifestOf(text(names.manifest));
  const line = readLine((text(names.record) ?? '').trim());
  if (line.kind !== 'record') throw damaged('its record cannot be read');
  const record = line.value;
  if (recordId(line.text) !== id) throw damaged('its record is not the one that it names');
  const snapshot = document(text(names.snapshot), record.snapshot, names.snapshot);
  const state = record.state === undefined ? undefined : document(text(names.state), record.state, names.state);
  const lock = text(names.lock);
  const inputs = inputsOf(files, state);
  const more = { ...(state === undefined ? {} : { state }), ...(lock === undefined ? {} : { lock }) };
  return { record, snapshot, ...more, inputs, read: readSnapshot(snapshot) };
}

function manifestOf(text: string | undefined): string {
  const json = tryParseJson(text ?? '');
  const version = isObject(json) ? json.get('export') : undefined;
  const record = isObject(json) ? json.get('record') : undefined;
  if (typeof version === 'number' && version > 1) {
    throw new InputError('export-newer', `the archive is of format ${version}, and this git comfy reads format 1`, {
      hint: 'update git comfy: npm install -g git-comfy',
    });
  }
  if (version === 1 && typeof record === 'string') return record;
  throw new InputError('not-an-export', 'the archive is none that git comfy exported', {
    hint: 'what can be imported: what git comfy export --format zip wrote, and snapshots of ComfyUI-Manager',
  });
}

function document(text: string | undefined, id: string, name: string): string {
  if (text !== undefined && sha256(text) === id) return text;
  throw damaged(text === undefined ? `it has no ${name}` : `its ${name} is not the one of the run`);
}

function inputsOf(files: ReadonlyMap<string, Uint8Array>, state: string | undefined): Map<string, Uint8Array> {
  const known = state === undefined ? new Map() : readState(state).inputs;
  const inputs = new Map<string, Uint8Array>();
  for (const [name, bytes] of files) {
    if (!name.startsWith(inputFolder)) continue;
    const key = name.slice(inputFolder.length);
    if (known.get(key)?.digest !== `sha256:${sha256(bytes)}`) throw damaged(`${name} is not what the run read`);
    inputs.set(key, bytes);
  }
  return inputs;
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');

const damaged = (problem: string) =>
  new InputError('export-damaged', `the archive is damaged: ${problem}`, { hint: 'get it again from whoever made it' });
