import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { lookAround } from '../capture/look-around.js';
import { readRunTexts } from '../capture/read-documents.js';
import type { Surroundings } from '../capture/surroundings.js';
import { serverFile } from '../comfyui/server-file.js';
import type { Context } from '../context.js';
import { InputError } from '../errors.js';
import { writeZip } from '../files/zip.js';
import { maxArchiveBytes } from '../files/zip-directory.js';
import { isSafePath } from '../files/zip-path.js';
import { readBlob } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { archiveFiles } from '../lineage/archive.js';
import type { State } from '../lineage/state.js';
import type { Digest } from '../lock/entries.js';
import { findInput } from '../reproduce/find-input.js';
import { annotation } from '../reproduce/input-difference.js';
import type { Exported } from './exported.js';
import { exportedRun } from './exported-run.js';

/** Documents of a run have a few hundred kB. */
const documentBytes = 32 * 1024 * 1024;
/** How long a server may take to answer: the inputs may be on disk as well. */
const patience = 3000;

/**
 * A run as an archive that `import` reads elsewhere: workflow, prompt, lock, record and inputs; no models, no packs. The same run with the
 * same inputs at hand gives the same bytes.
 * @throws InputError `no-snapshot`; what `exportedRun` throws
 */
export async function exportArchive(
  repository: Repository,
  asked: string | undefined,
  tools: Pick<Context, 'cwd' | 'env' | 'signal'>,
): Promise<Exported> {
  const { record, state } = await exportedRun(repository, asked, tools.cwd);
  const texts = await readRunTexts(repository, record);
  if (texts.snapshot === undefined) throw new InputError('no-snapshot', 'the prompt of this run is not in the store');
  const lock = record.lock === undefined ? undefined : await readBlob(repository, record.lock);
  const { inputs, leftOut } = await collectInputs(repository, state, tools);
  const files = archiveFiles({
    ...{ record, snapshot: texts.snapshot, inputs },
    ...(texts.state === undefined ? {} : { state: texts.state }),
    ...(lock === undefined ? {} : { lock: lock.toString('utf8') }),
  });
  return { data: await writeZip(files), leftOut };
}

async function collectInputs(
  repository: Repository,
  state: State | undefined,
  tools: Pick<Context, 'cwd' | 'env' | 'signal'>,
): Promise<{ readonly inputs: Map<string, Uint8Array>; readonly leftOut: Exported['leftOut'] }> {
  const inputs = new Map<string, Uint8Array>();
  const leftOut: { what: string; why: string }[] = [];
  if (state === undefined || state.inputs.size === 0) return { inputs, leftOut };
  const around = await lookAround(repository, { ...tools, patience });
  let room = maxArchiveBytes - documentBytes;
  for (const [key, { digest }] of state.inputs) {
    const why = (text: string) => leftOut.push({ what: `input ${key}`, why: text });
    if (!digest.startsWith('sha256:')) why(`it was ${digest} at the run`);
    else if (!isSafePath(key)) why('an archive cannot have a file of that name');
    else {
      const bytes = await inputBytes(repository, key, digest as Digest, around, tools.signal);
      room -= bytes?.length ?? 0;
      if (bytes === undefined) why('its content is not here any more, or is larger than an archive may be');
      else if (room < 0) why('with it the archive would be larger than import reads');
      else inputs.set(key, bytes);
    }
  }
  return { inputs, leftOut };
}

/** As the run read it: from the server, else from anywhere in ComfyUI's folders or in the repository. */
async function inputBytes(
  { top }: Repository,
  key: string,
  digest: Digest,
  { server, installation }: Surroundings,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const name = key.replace(annotation, '');
  const folder = annotation.exec(key)?.[1] === 'output' ? 'output' : 'input';
  const served = server && (await serverFile(server, name, folder, signal));
  if (served !== undefined && digestOf(served) === digest) return served;
  const folders = [installation?.input, installation?.output, top].flatMap((one) => one ?? []);
  const places = folders.map((one) => ({ folder: one, name: one }));
  const found = await findInput(name, digest, places, signal);
  if (found === undefined || (await stat(found.path)).size > maxArchiveBytes) return undefined;
  return readFile(found.path);
}

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
