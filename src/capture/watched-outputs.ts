import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchOutput } from '../comfyui/requests.js';
import type { FinishedRun } from '../comfyui/run-record.js';
import type { OutputFile } from '../comfyui/server.js';
import { ServerError } from '../errors.js';
import { isMissing, readIfThere } from '../files/read.js';
import { promptIdentity, readPrompt } from '../workflow/prompt.js';
import { outputsThatCount, temporary } from './fetch-outputs.js';
import { outputKeys } from './find-output.js';
import type { OutputFacts } from './run-facts.js';
import { storedPrompt } from './stored-prompt.js';
import type { WatchStage } from './watch-stage.js';

/** A file as it is now. */
interface ReadFile {
  readonly bytes: Buffer;
  /** When it was last written, milliseconds since 1970; absent for what a server sent. */
  readonly written?: number;
}

/** Clocks of disk and server need not agree to the second; milliseconds. */
const leeway = 10_000;

/**
 * The files of a run, from the output folder where it is on this machine, else from the server; kept nowhere. What somebody has deleted since is
 * left out and named.
 * @param justNow nothing can have been written over them
 * @throws ServerError where none of them is left: `output-gone`, `output-replaced`; as `exchange`
 */
export async function watchedOutputs(stage: WatchStage, run: FinishedRun, justNow: boolean): Promise<OutputFacts[]> {
  const read: OutputFacts[] = [];
  const lost: ServerError[] = [];
  for (const file of outputsThatCount(run.outputs)) {
    const name = file.subfolder === '' ? file.filename : `${file.subfolder}/${file.filename}`;
    try {
      const found = await readOutput(stage, file, name);
      if (!justNow && !isOf(run, file, found)) throw replaced(name);
      read.push({ name, node: file.node, index: file.index, bytes: found.bytes, ...temporary(file) });
    } catch (error) {
      if (!(error instanceof ServerError) || !['output-gone', 'output-replaced'].includes(error.code)) throw error;
      lost.push(error);
    }
  }
  const [first] = lost;
  if (read.length === 0 && first !== undefined) throw first;
  for (const { message } of lost) stage.tools.talk.say(`a run is recorded without one of its outputs: ${message}`);
  return read;
}

async function readOutput({ server, around, tools }: WatchStage, file: OutputFile, name: string): Promise<ReadFile> {
  const folder = file.type === 'input' ? undefined : around.installation?.[file.type];
  const inside = !name.split(/[/\\]/).includes('..');
  if (folder !== undefined && inside) {
    const path = join(folder, name);
    const bytes = await readIfThere(path);
    if (bytes !== undefined) return { bytes, written: await writtenAt(path) };
  }
  return { bytes: await fetchOutput(server, file, { signal: tools.signal }) };
}

async function writtenAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    // Deleted just now: what was read is what the run left.
    if (isMissing(error)) return 0;
    throw error;
  }
}

/** Whether a file is still what the run wrote: ComfyUI counts on from the files that are there, so a deleted one's name comes again. */
function isOf(run: FinishedRun, { node }: OutputFile, { bytes, written }: ReadFile): boolean {
  const { identity } = outputKeys(bytes);
  if (identity !== undefined && identity === promptIdentity(readPrompt(storedPrompt(run.prompt).json))) return true;
  if (written !== undefined) return written <= run.start.getTime() + run.duration + leeway;
  // What came from the cache has the prompt of an earlier run in it; without a prompt nothing tells.
  return identity === undefined || run.cached.includes(node);
}

const replaced = (name: string) =>
  new ServerError('output-replaced', `${name} is another file now than the run wrote`, {
    hint: 'git comfy record takes in what is there',
  });
