import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Installation } from '../comfyui/installation.js';
import type { Digest, InputEntry } from '../lock/entries.js';
import type { FileHash, Unhashed } from '../models/file-hash.js';
import { safeName } from '../models/find-model.js';
import { type HashModelsOptions, hashModels } from '../models/hash-models.js';
import { folderEntry, pathsOf, readModelFolder } from './observe-model-folder.js';

/** Inputs are small next to models and are hashed whatever the time; but for those above this, which wait like models. */
const smallInput = 256 * 1024 * 1024;

type Hashed = ReadonlyMap<string, FileHash | Unhashed>;

/** What has to be hashed for an input: a file, or all files of a folder (frames of a video, pictures to learn from). */
interface InputFiles {
  readonly paths: readonly string[];
  readonly small: boolean;
  /** `undefined` where there was no time for all of them. */
  readonly digest: (hashed: Hashed) => Digest | undefined;
}

/** Inputs by key (`name`, or `name [output]`), as they are on disk. One that there was no time for is left out. */
export async function observeInputs(
  keys: Iterable<string>,
  installation: Installation,
  options: HashModelsOptions,
): Promise<Map<string, InputEntry>> {
  const found = new Map<string, InputFiles | undefined>();
  for (const key of keys) found.set(key, await filesOf(inputPath(key, installation)));
  const { budgetMs: _, ...unlimited } = options;
  const pathsWhere = (small: boolean) =>
    [...found.values()].flatMap((files) => (files?.small === small ? files.paths : []));
  const hashed: Hashed = new Map([
    ...(await hashModels(pathsWhere(true), unlimited)),
    ...(await hashModels(pathsWhere(false), options)),
  ]);
  const entries = new Map<string, InputEntry>();
  for (const [key, files] of found) {
    const digest = files === undefined ? 'missing' : files.digest(hashed);
    if (digest !== undefined) entries.set(key, { digest });
  }
  return entries;
}

async function filesOf(path: string | undefined): Promise<InputFiles | undefined> {
  const info = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (path === undefined || info === undefined) return undefined;
  if (info.isDirectory()) return filesOfFolder(path);
  if (!info.isFile()) return undefined;
  return { paths: [path], small: info.size <= smallInput, digest: (hashed) => digestOf(hashed.get(path)) };
}

async function filesOfFolder(path: string): Promise<InputFiles> {
  const folder = await readModelFolder(path);
  return {
    paths: pathsOf(folder),
    small: folder.size <= smallInput,
    digest: (hashed) => {
      const { digest } = folderEntry(folder, hashed);
      return digest === 'unhashed' || digest === 'missing' ? undefined : digest;
    },
  };
}

const digestOf = (found: FileHash | Unhashed | undefined) =>
  found !== undefined && 'digest' in found ? found.digest : undefined;

/** Where the file of an input key is; `undefined` for a name that leaves its folder. */
function inputPath(key: string, installation: Pick<Installation, 'input' | 'output'>): string | undefined {
  const [, name = key, folder] = /^(.*) \[(output)\]$/s.exec(key) ?? [];
  const safe = safeName(name);
  return safe === undefined ? undefined : join(folder === 'output' ? installation.output : installation.input, safe);
}
