import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError } from '../errors.js';
import { readBounded } from '../files/read.js';
import { isObject, type JsonObject, tryParseJson } from '../workflow/json.js';
import { type JournalRun, type LaterHashes, laterHashes, runOf } from './journal-line.js';

/** The pack begins a new file at 8 MiB; a line more may stand in it. */
const maxFileBytes = 256 * 1024 * 1024;

/**
 * The files of a journal, oldest first.
 * @param path the folder that the pack writes into, or one file of it
 * @throws InputError `no-journal` for a folder that holds none
 */
export async function journalFiles(path: string): Promise<string[]> {
  const names = await readdir(path).catch(() => undefined);
  if (names === undefined) return [path];
  const rotated = names.filter((name) => /^journal-[\w-]+\.jsonl$/.test(name)).sort();
  const current = names.includes('journal.jsonl') ? ['journal.jsonl'] : [];
  if (rotated.length + current.length === 0) {
    throw new InputError('no-journal', `there is no run journal in ${path}`, {
      hint: 'the capture pack writes it at the first run: <ComfyUI>/user/__gitcomfy/journal.jsonl',
    });
  }
  return [...rotated, ...current].map((name) => join(path, name));
}

/** What a journal's files hold, one file at a time: its runs, and how many lines cannot be read. */
export interface JournalPage {
  readonly file: string;
  readonly runs: readonly JournalRun[];
  /** Torn by a kill, damaged, or of a later version. */
  readonly damaged: number;
}

/**
 * Reads a journal, file by file. A line that a kill cut short is passed over, and hinders no other.
 * @throws InputError `no-such-file`, `not-a-file`, `file-too-large`
 */
export async function* readRunJournal(files: readonly string[]): AsyncGenerator<JournalPage> {
  const completed = new Map<string, LaterHashes>();
  // Hashes that took long may stand in a later file than their run.
  for (const file of files) {
    for (const line of await linesOf(file)) {
      const found = line?.get('kind') === 'hashes' ? laterHashes(line) : undefined;
      if (found !== undefined) completed.set(found.promptId, found.models);
    }
  }
  for (const file of files) yield pageOf(file, await linesOf(file), completed);
}

/** `undefined` for a line that is none of ours. */
async function linesOf(file: string): Promise<(JsonObject | undefined)[]> {
  const texts = (await readBounded(file, maxFileBytes)).toString('utf8').split('\n');
  return texts
    .filter((text) => text !== '')
    .map((text) => {
      const json = tryParseJson(text);
      return isObject(json) && json.get('journal') === 1 ? json : undefined;
    });
}

function pageOf(
  file: string,
  lines: readonly (JsonObject | undefined)[],
  completed: ReadonlyMap<string, LaterHashes>,
): JournalPage {
  const documents = new Map<string, JsonObject>();
  const runs: JournalRun[] = [];
  let damaged = 0;
  for (const line of lines) {
    const name = line?.get('id');
    if (line !== undefined && typeof name === 'string') documents.set(name, line);
    if (line === undefined) damaged++;
    if (line?.get('kind') !== 'run') continue;
    const run = runOf(line, documents, completed);
    if (run === undefined) damaged++;
    else runs.push(run);
  }
  return { file: basename(file), runs, damaged };
}
