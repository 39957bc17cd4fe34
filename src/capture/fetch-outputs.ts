import { join } from 'node:path';
import type { Installation } from '../comfyui/installation.js';
import { fetchOutput } from '../comfyui/requests.js';
import type { OutputFile, Server } from '../comfyui/server.js';
import { ServerError } from '../errors.js';
import { writeNewFile } from '../files/atomic.js';
import { readIfThere } from '../files/read.js';
import type { OutputFacts } from './run-facts.js';

/** A file of a run, and where it lies on this machine. */
export interface FetchedOutput extends OutputFacts {
  readonly bytes: Buffer;
  readonly path: string;
}

export interface Fetching {
  /** ComfyUI on this machine: its files stay where it wrote them. */
  readonly installation?: Installation | undefined;
  /** Where the files of a server on another machine go. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/**
 * Fetches the files of a run. What lies in ComfyUI's own output folder must be what the server sends; the files of a server elsewhere are
 * saved, under a name of their own where that name is taken.
 * @throws ServerError `output-gone`, `output-differs`; as `exchange`
 */
export async function fetchOutputs(
  server: Server,
  files: readonly OutputFile[],
  fetching: Fetching,
): Promise<FetchedOutput[]> {
  const fetched: FetchedOutput[] = [];
  for (const file of outputsThatCount(files)) {
    const bytes = await fetchOutput(server, file, fetching);
    const name = file.subfolder === '' ? file.filename : `${file.subfolder}/${file.filename}`;
    const path = (await localFile(file, name, bytes, fetching)) ?? (await saveAs(join(fetching.folder, name), bytes));
    fetched.push({ name, node: file.node, index: file.index, bytes, path, ...temporary(file) });
  }
  return fetched;
}

/** What is said of a file in the folder that the server clears at every start. */
export const temporary = ({ type }: OutputFile): Pick<OutputFacts, 'temp'> => (type === 'temp' ? { temp: true } : {});

/** Previews (`temp`) count only where a run made nothing else. */
export function outputsThatCount(files: readonly OutputFile[]): OutputFile[] {
  const lasting = files.filter(({ type }) => type === 'output');
  return lasting.length > 0 ? lasting : files.filter(({ type }) => type === 'temp');
}

async function localFile(
  { type }: OutputFile,
  name: string,
  bytes: Buffer,
  { installation }: Fetching,
): Promise<string | undefined> {
  if (installation === undefined || type === 'input') return undefined;
  const path = join(installation[type], name);
  const there = await readIfThere(path);
  // Its output folder may be elsewhere (--output-directory of a server that does not say so).
  if (there === undefined) return undefined;
  if (there.equals(bytes)) return path;
  throw new ServerError('output-differs', `${path} is not what the server sent`, {
    hint: 'another program changed it, or the server writes elsewhere; run it again',
  });
}

/** Writes a new file, never over another one. */
export async function saveAs(path: string, bytes: Buffer): Promise<string> {
  for (let count = 0; ; count++) {
    const candidate = count === 0 ? path : path.replace(/(\.[^./\\]*)?$/, ` (${count})$1`);
    const there = await readIfThere(candidate);
    if (there?.equals(bytes) === true) return candidate;
    if (there === undefined && (await isWritten(candidate, bytes))) return candidate;
  }
}

/** `false` where somebody has taken the name. */
async function isWritten(path: string, bytes: Buffer): Promise<boolean> {
  try {
    await writeNewFile(path, bytes);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}
