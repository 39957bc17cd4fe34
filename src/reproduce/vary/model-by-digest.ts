import { workTreeLock } from '../../capture/lock-files.js';
import type { Surroundings } from '../../capture/surroundings.js';
import { remoteHashes } from '../../comfyui/remote-hashes.js';
import { modelNames } from '../../comfyui/requests.js';
import type { Server } from '../../comfyui/server.js';
import { serverName } from '../../comfyui/server-address.js';
import type { Context } from '../../context.js';
import { ServerError, UsageError } from '../../errors.js';
import type { Repository } from '../../git/repository.js';
import type { Dependencies } from '../../lock/entries.js';
import { modelWords } from '../../lock/model-words.js';
import { listModels } from '../../models/find-model.js';
import { hashModels } from '../../models/hash-models.js';
import { type Assignment, findTarget } from '../../workflow/assignment.js';
import type { JsonObject } from '../../workflow/json.js';
import { readPrompt } from '../../workflow/prompt.js';
import { modelReferences } from '../../workflow/references.js';
import type { Original } from '../original.js';

/** A model by what is in it: `sha256:` and the first digits of its hash, as the lock and `show` have it. */
const byDigest = /^sha256:[0-9a-f]{8,64}$/;

export interface ModelSearch extends Pick<Context, 'signal' | 'talk'> {
  readonly server: Server;
  readonly around: Surroundings;
  /** As it runs on this server. */
  readonly prompt: JsonObject;
  readonly original: Original;
}

interface Content {
  readonly name: string;
  readonly digest: string;
}

/**
 * Puts the name that a server has for it in the place of each model that is asked for by its hash.
 * @throws UsageError where the input takes no model, or several contents begin so; ServerError `no-such-model`
 */
export function settleModels(
  repository: Repository | undefined,
  search: ModelSearch,
): (assignments: readonly Assignment[]) => Promise<Assignment[]> {
  const known = new Map<string, Promise<string>>();
  const nameOf = (place: string, value: string) => {
    const key = `${place}=${value}`;
    const found = known.get(key) ?? findName(repository, search, place, value);
    known.set(key, found);
    return found;
  };
  return (assignments) =>
    Promise.all(
      assignments.map(async ({ place, value }) => ({
        place,
        value: byDigest.test(value) ? await nameOf(place, value) : value,
      })),
    );
}

async function findName(
  repository: Repository | undefined,
  search: ModelSearch,
  place: string,
  value: string,
): Promise<string> {
  const { server, signal } = search;
  const folder = folderOf(search.prompt, place);
  const listed = await modelNames(server, folder, { signal });
  const contents = await contentsOf(repository, search, folder, value, listed);
  const fitting = contents.filter(({ digest }) => digest.startsWith(value));
  if (new Set(fitting.map(({ digest }) => digest)).size > 1) {
    throw new UsageError(`several models begin with ${value}`, {
      hint: `say more digits: ${fitting.map(({ name, digest }) => `${digest} is ${name}`).join(', ')}`,
    });
  }
  for (const { name } of fitting) {
    const spelled = listed.find((option) => option.replaceAll('\\', '/') === name);
    if (spelled !== undefined) return spelled;
  }
  throw new ServerError('no-such-model', `${serverName(server)} has no file in ${folder} with ${value}`, {
    hint: 'git comfy provide fetches what the lock names; the hashes are in comfy.lock',
  });
}

function folderOf(prompt: JsonObject, place: string): string {
  const read = readPrompt(prompt);
  const target = findTarget(read, place);
  const reference = modelReferences(read).find(({ node, input }) => node === target.node && input === target.input);
  if (reference?.folder !== undefined) return reference.folder;
  throw new UsageError(`${place} takes no model that could be found by its hash`, {
    hint: 'give the name as the node shows it',
  });
}

/** Of a server on this machine by its files, each hashed once; of another one by what its capture pack says. */
async function contentsOf(
  repository: Repository | undefined,
  { server, around, original, signal, talk }: ModelSearch,
  folder: string,
  value: string,
  listed: readonly string[],
): Promise<Content[]> {
  const folders = around.installation?.modelFolders;
  if (folders === undefined) {
    const named = listed.map((name) => ({ folder, name }));
    const told = await remoteHashes(server, named, { signal, talk });
    if (told !== undefined) return listed.map((name, index) => ({ name, digest: told[index]?.digest ?? '' }));
    throw new ServerError('no-such-model', `${serverName(server)} does not say what is in its models`, {
      hint: 'give the name as the node shows it, or install the capture pack there: git comfy init --capture-pack',
    });
  }
  const sizes = await knownSizes(repository, original, value);
  const files: { readonly name: string; readonly path: string }[] = [];
  for await (const file of listModels(folder, folders)) {
    if (sizes.size === 0 || sizes.has(file.size)) files.push(file);
  }
  if (sizes.size === 0) talk.say(`${value} is not in comfy.lock: looking at every ${modelWords(`${folder}/`).trim()}`);
  const paths = files.map(({ path }) => path);
  const hashed = await hashModels(paths, { cache: around.cache, signal, talk });
  return files.flatMap(({ name, path }) => {
    const found = hashed.get(path);
    return found !== undefined && 'digest' in found ? [{ name, digest: found.digest }] : [];
  });
}

/** What the lock and the original know to be that large; nothing else need be read. */
async function knownSizes(
  repository: Repository | undefined,
  { state }: Original,
  value: string,
): Promise<Set<number>> {
  const lock = repository === undefined ? [] : [(await workTreeLock(repository)).lock];
  const sources: Pick<Dependencies, 'models'>[] = [...lock, ...(state ? [state] : [])];
  return new Set(
    sources
      .flatMap(({ models }) => [...models.values()])
      .flatMap(({ digest, size }) => (digest.startsWith(value) && size !== undefined ? [size] : [])),
  );
}
