import { areHere, findInstallation, type Installation } from '../comfyui/installation.js';
import { modelFolders, modelNames, objectInfo, systemStats } from '../comfyui/requests.js';
import type { Server } from '../comfyui/server.js';
import { serverName } from '../comfyui/server-address.js';
import { ServerError } from '../errors.js';
import { getConfigMatching } from '../git/config.js';
import { comfyPath, type Repository } from '../git/repository.js';
import type { Known } from '../lock/model-needs.js';
import { cacheFolder } from '../models/cache-folder.js';
import { listModels } from '../models/find-model.js';
import { type HashCache, openHashCache } from '../models/hash-cache.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import { isArray, isObject, type Json, type JsonObject } from '../workflow/json.js';
import { readObjectInfo } from '../workflow/read-interfaces.js';
import { rememberedFolders, rememberFolders } from './remembered-folders.js';
import { rememberedInterfaces, rememberInterfaces } from './remembered-interfaces.js';

/** What of ComfyUI can be looked at from here: its files, its server, both or neither. */
export interface Surroundings {
  readonly installation?: Installation;
  readonly server?: Server;
  /** ComfyUI's version as the server says it. */
  readonly version?: string;
  /** `comfy.python` of git config: ComfyUI's Python, where it is not in a usual place. */
  readonly python?: string;
  readonly cache: HashCache;
  /** Interfaces of nodes as a server last described them; absent outside of a repository. */
  readonly remembered?: () => Promise<ObjectInfo>;
  /** Keeps what a server says of nodes for when it does not run. */
  readonly remember?: (info: JsonObject) => Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Values of git config that say where ComfyUI is on this machine, by key. */
type Settings = ReadonlyMap<string, string>;

export const settingsOf = async (repository: Repository | undefined): Promise<Settings> =>
  repository === undefined ? new Map() : getConfigMatching(repository, '^comfy\\.(directory|python)$');

/**
 * Finds ComfyUI's files and opens the cache of hashes. Without a server, the folders that one last named count.
 * @param repository `undefined` outside of one: then only the server's own answer and the folders above `cwd` are looked at
 * @throws InputError `comfy-directory`, `extra-model-paths`
 */
export async function findSurroundings(
  repository: Repository | undefined,
  where: {
    readonly cwd: string;
    readonly env: Environment;
    readonly server?: Server | undefined;
    /** Where they are read already. */
    readonly settings?: Promise<Settings>;
    readonly signal: AbortSignal;
  },
): Promise<Surroundings> {
  const { cwd, env, server, signal } = where;
  const folder = cacheFolder(env) ?? (repository === undefined ? undefined : comfyPath(repository, 'cache'));
  // Read while git and the server are asked.
  const cache = openHashCache(folder);
  const settings = await (where.settings ?? settingsOf(repository));
  const configured = settings.get('comfy.directory');
  const python = settings.get('comfy.python');
  const said = server === undefined ? undefined : await askServer(server, signal);
  const known = said ?? (repository === undefined ? undefined : await rememberedFolders(repository));
  const installation = await findInstallation({
    cwd,
    configured,
    serverFolders: known?.folders,
    main: known?.main,
    env,
  });
  if (repository !== undefined && said !== undefined && (await areHere(said.folders))) {
    await rememberFolders(repository, said);
  }
  return {
    ...(installation === undefined ? {} : { installation }),
    ...(server === undefined || said === undefined ? {} : { server }),
    ...(said?.version === undefined ? {} : { version: said.version }),
    ...(python === undefined ? {} : { python }),
    cache: await cache,
    ...(repository === undefined ? {} : memoryOf(repository, server)),
  };
}

/** Read only where somebody asks: most commands do not. */
const memoryOf = (
  repository: Repository,
  server: Server | undefined,
): Pick<Surroundings, 'remembered' | 'remember'> => ({
  remembered: async () => readObjectInfo((await rememberedInterfaces(repository)).info),
  ...(server === undefined ? {} : { remember: (info) => rememberInterfaces(repository, serverName(server), info) }),
});

/** `undefined` for a server that does not answer (any more): then the files must do. */
async function askServer(server: Server, signal: AbortSignal) {
  try {
    const system = (await systemStats(server, { signal })).get('system');
    const version = isObject(system) ? system.get('comfyui_version') : undefined;
    const argv = isObject(system) ? system.get('argv') : undefined;
    const [main] = isArray(argv) ? argv : [];
    const folders = await modelFolders(server, { signal });
    return { folders, version: text(version), main: text(main) };
  } catch (error) {
    if (error instanceof ServerError) return undefined;
    throw error;
  }
}

const text = (value: Json | undefined) => (typeof value === 'string' ? value : undefined);

/** Interfaces of the classes, where a server answers. */
export async function knownClasses(
  around: Surroundings,
  classes: readonly string[],
  signal: AbortSignal,
): Promise<Known> {
  if (around.server === undefined || classes.length === 0) return {};
  const info = await objectInfo(around.server, classes, { signal });
  await around.remember?.(info);
  return { info: readObjectInfo(info) };
}

/** Names of all models by folder: the server's lists, else those of the folders on disk. */
export async function knownFolders(
  around: Surroundings,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const lists = new Map<string, readonly string[]>();
  if (around.server !== undefined) {
    for (const folder of (await modelFolders(around.server, { signal })).keys()) {
      if (folder !== 'custom_nodes') lists.set(folder, await modelNames(around.server, folder, { signal }));
    }
    return lists;
  }
  for (const folder of around.installation?.modelFolders.keys() ?? []) {
    const names: string[] = [];
    for await (const { name } of listModels(folder, around.installation?.modelFolders ?? new Map())) names.push(name);
    lists.set(folder, names);
  }
  return lists;
}
