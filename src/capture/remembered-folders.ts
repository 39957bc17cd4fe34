import { writeFileAtomic } from '../files/atomic.js';
import { readIfThere } from '../files/read.js';
import { comfyPath, type Repository } from '../git/repository.js';
import { fromPlain, isArray, isObject, type Json, parseJson, writeJson } from '../workflow/json.js';

/** What a server on this machine said of where its files are. */
export interface SaidFolders {
  readonly folders: ReadonlyMap<string, readonly string[]>;
  /** `main.py` as it was started. */
  readonly main: string | undefined;
}

const fileOf = (repository: Repository) => comfyPath(repository, 'cache', 'folders.json');

/**
 * Keeps what a server said for when it does not run: ComfyUI started with folders of its own is found in no other way. A cache; what cannot
 * be kept is asked again.
 */
export async function rememberFolders(repository: Repository, { folders, main }: SaidFolders): Promise<void> {
  const text = writeJson(fromPlain({ main: main ?? '', folders: Object.fromEntries(folders) }));
  const path = fileOf(repository);
  if ((await readIfThere(path))?.toString('utf8') === text) return;
  await writeFileAtomic(path, text).catch(() => {});
}

/** What a server last said; `undefined` where none has, or the file is damaged. */
export async function rememberedFolders(repository: Repository): Promise<SaidFolders | undefined> {
  const json = parsed((await readIfThere(fileOf(repository)))?.toString('utf8'));
  const said = isObject(json) ? json.get('folders') : undefined;
  if (!isObject(json) || !isObject(said)) return undefined;
  const main = json.get('main');
  return {
    folders: new Map([...said].map(([name, paths]) => [name, isArray(paths) ? paths.filter(isText) : []])),
    main: isText(main) && main !== '' ? main : undefined,
  };
}

const isText = (value: Json | undefined): value is string => typeof value === 'string';

function parsed(text: string | undefined): Json | undefined {
  try {
    return text === undefined ? undefined : parseJson(text);
  } catch {
    return undefined;
  }
}
