import { writeFileAtomic } from '../files/atomic.js';
import { readIfThere } from '../files/read.js';
import { comfyPath, type Repository } from '../git/repository.js';
import { isObject, type Json, type JsonObject, tryParseJson, writeJson } from '../workflow/json.js';

const fileOf = (repository: Repository) => comfyPath(repository, 'cache', 'object_info.json');

/** What servers have said of node classes, and which one said the newest of it. */
export interface Remembered {
  readonly info: JsonObject;
  readonly server: string;
}

/** Adds to what is kept of node classes; the newest answer of a class counts. A cache: what cannot be kept is asked again. */
export async function rememberInterfaces(repository: Repository, server: string, info: JsonObject): Promise<void> {
  const before = await rememberedInterfaces(repository);
  const all = new Map([...before.info, ...info]);
  const text = writeJson(
    new Map<string, Json>([
      ['server', server],
      ['classes', all],
    ]),
  );
  const path = fileOf(repository);
  if ((await readIfThere(path))?.toString('utf8') === text) return;
  await writeFileAtomic(path, text).catch(() => {});
}

/** Empty where nothing is kept, or the file is damaged. */
export async function rememberedInterfaces(repository: Repository): Promise<Remembered> {
  const text = (await readIfThere(fileOf(repository)))?.toString('utf8');
  const json = text === undefined ? undefined : tryParseJson(text);
  const classes = isObject(json) ? json.get('classes') : undefined;
  const server = isObject(json) ? json.get('server') : undefined;
  return { info: isObject(classes) ? classes : new Map(), server: typeof server === 'string' ? server : 'a server' };
}
