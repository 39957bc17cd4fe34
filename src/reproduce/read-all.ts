import type { Installation } from '../comfyui/installation.js';
import type { Talk } from '../context.js';
import { InputError, Interrupted } from '../errors.js';
import type { Digest } from '../lock/entries.js';
import { splitModelKey } from '../lock/model-words.js';
import type { Unhashed } from '../models/file-hash.js';
import { listModels, resolve } from '../models/find-model.js';
import type { HashCache } from '../models/hash-cache.js';
import { type HashModelsOptions, hashModels } from '../models/hash-models.js';
import { type LocatedFile, locateFiles } from '../models/locate-files.js';
import { beginPass, finishPass } from '../models/passes.js';

/** A file whose content is another than when it was read before, though nothing says that it was written to. */
export interface Damaged {
  /** `<folder>/<name>`. */
  readonly name: string;
  readonly before: Digest;
  readonly now: Digest;
}

/** What a reading of all models has covered. */
export interface Coverage {
  readonly files: number;
  readonly bytes: number;
  /** In earlier sittings of the same pass. */
  readonly earlier: { readonly files: number; readonly bytes: number };
  /** When the pass began; milliseconds since 1970. */
  readonly since: number;
  readonly damaged: readonly Damaged[];
  readonly unread: readonly { readonly name: string; readonly problem: string }[];
}

export interface ReadingAll {
  readonly installation: Installation | undefined;
  readonly cache: HashCache;
  /** Begin anew, whatever was read in a pass that was not finished. */
  readonly anew: boolean;
  readonly signal: AbortSignal;
  readonly talk: Talk;
  readonly now: number;
}

/**
 * Reads every file in the model folders, those that are expected first. What is finished is kept: the next call goes on from there, until all
 * are read.
 * @param expected keys of models, `<folder>/<name>`
 * @throws InputError `no-model-folders`; Interrupted, when it has said how far it is
 */
export async function readAll(expected: Iterable<string>, reading: ReadingAll): Promise<Coverage> {
  const { installation, cache, anew, signal, talk, now } = reading;
  if (installation === undefined) throw noFolders();
  const roots = [...installation.modelFolders].flatMap(([folder, paths]) => (folder === 'custom_nodes' ? [] : paths));
  const { since, resumed } = await beginPass(cache.folder, roots, now, anew);
  const view = cache.trusting({ since });
  const names = await allModels(expected, installation);
  const files = locateFiles([...names.keys()], () => {});
  const earlier = sumOf(files.filter((file) => isRead(file, view)));
  if (resumed) talk.say(`going on: ${progressWords(files, view)}`);
  const found = await hashInTurn(names, files, { cache: view, signal, talk });
  await finishPass(cache.folder, roots);
  const unread = [...found].flatMap(([path, { problem }]) =>
    problem === undefined ? [] : [{ name: names.get(path)?.name ?? path, problem }],
  );
  return { ...sumOf(files), earlier, since, damaged: files.flatMap((file) => damageOf(file, view, names)), unread };
}

const noFolders = () =>
  new InputError('no-model-folders', 'there are no model folders on this machine that could be read', {
    hint: 'git config comfy.directory <folder>',
  });

interface Named {
  readonly name: string;
  readonly expected: boolean;
}

/** Every file by path, once. A folder without one that is expected is listed like the others. */
async function allModels(expected: Iterable<string>, { modelFolders }: Installation): Promise<Map<string, Named>> {
  const names = new Map<string, Named>();
  for (const key of expected) {
    const { folder, name } = splitModelKey(key);
    const path = await resolve(folder, name, modelFolders);
    if (path !== undefined) names.set(path, { name: key, expected: true });
  }
  for (const folder of modelFolders.keys()) {
    if (folder === 'custom_nodes') continue;
    for await (const { name, path, size } of listModels(folder, modelFolders)) {
      // ComfyUI's own empty files only say which folder it is.
      if (size > 0 && !names.has(path)) names.set(path, { name: `${folder}/${name}`, expected: false });
    }
  }
  return names;
}

/** Those that are expected first: whoever stops it has them. */
async function hashInTurn(
  names: ReadonlyMap<string, Named>,
  files: readonly LocatedFile[],
  options: HashModelsOptions,
): Promise<Map<string, Partial<Unhashed>>> {
  const pathsWhere = (expected: boolean) =>
    [...names].filter(([, named]) => named.expected === expected).map(([path]) => path);
  try {
    const first = await hashModels(pathsWhere(true), options);
    return new Map<string, Partial<Unhashed>>([...first, ...(await hashModels(pathsWhere(false), options))]);
  } catch (error) {
    if (error instanceof Interrupted) {
      options.talk.say(`${progressWords(files, options.cache)}; git comfy verify --all goes on from there`);
    }
    throw error;
  }
}

const isRead = ({ path, identity }: LocatedFile, view: HashCache) => view.lookup(path, identity) !== undefined;

const sumOf = (files: readonly LocatedFile[]) => ({
  files: files.length,
  bytes: files.reduce((sum, { size }) => sum + size, 0),
});

function progressWords(files: readonly LocatedFile[], view: HashCache): string {
  const read = sumOf(files.filter((file) => isRead(file, view)));
  const all = sumOf(files);
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(bytes < 1e10 ? 2 : 0)} GB`;
  return `${read.files} of ${all.files} model files are read (${gigabytes(read.bytes)} of ${gigabytes(all.bytes)})`;
}

function damageOf(file: LocatedFile, view: HashCache, names: ReadonlyMap<string, Named>): Damaged[] {
  const line = view.lookup(file.path, file.identity);
  if (line?.before === undefined) return [];
  const [path = file.path] = file.names;
  return [{ name: names.get(path)?.name ?? path, before: line.before, now: line.digest }];
}
