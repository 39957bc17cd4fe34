import type { ClassEntry, Dependencies, PackEntry } from './entries.js';

/**
 * The same pack stands in differently named folders on different machines (`ComfyUI-Impact-Pack`, `comfyui-impact-pack`). Gives
 * observed packs the keys that the lock has for them, so that people with different folders do not fight over it.
 */
export function alignPacks(lock: Dependencies, observed: Dependencies): Dependencies {
  const names = new Map<string, string>();
  // A name that classes of the lock go by is the lock's own, also where its entry is lost.
  const spoken = new Set([...lock.classes.values()].map(({ pack }) => pack));
  for (const [key, entry] of observed.packs) {
    if (lock.packs.has(key) || spoken.has(key)) continue;
    const known = [...lock.packs].find(
      ([other, locked]) => !observed.packs.has(other) && samePack(other, locked, key, entry),
    );
    if (known !== undefined) names.set(key, known[0]);
  }
  if (names.size === 0) return observed;
  const rename = (key: string) => names.get(key) ?? key;
  return {
    ...observed,
    packs: new Map([...observed.packs].map(([key, entry]) => [rename(key), entry])),
    classes: new Map([...observed.classes].map(([key, entry]) => [key, renamePack(entry, rename)])),
  };
}

const renamePack = (entry: ClassEntry, rename: (key: string) => string): ClassEntry =>
  entry.pack === undefined ? entry : { ...entry, pack: rename(entry.pack) };

/** By registry id, by repository, or by a name that differs in case only. */
function samePack(aKey: string, a: PackEntry, bKey: string, b: PackEntry): boolean {
  if (a.registry !== undefined && b.registry !== undefined) return registryId(a.registry) === registryId(b.registry);
  if (a.repository !== undefined && b.repository !== undefined) return sameRepository(a.repository, b.repository);
  return aKey.toLowerCase() === bKey.toLowerCase();
}

/** The id in `id@version`. */
export const registryId = (registry: string) => registry.replace(/@[^@]*$/, '').toLowerCase();

/**
 * Two spellings of one `id@version`: ComfyUI-Manager fills versions up to three numbers (`2.5` is `2.5.0`) and sets what follows them off by a
 * hyphen (`1.2.3.dev1` is `1.2.3-dev1`).
 */
export const sameRegistryVersion = (a: string, b: string) =>
  registryId(a) === registryId(b) &&
  fullVersion(a.slice(a.lastIndexOf('@') + 1)) === fullVersion(b.slice(b.lastIndexOf('@') + 1));

function fullVersion(version: string): string {
  const [, major, minor = '0', patch = '0', rest = ''] =
    /^(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[.-]?(.*))$/.exec(version) ?? [];
  return major === undefined ? version : `${major}.${minor}.${patch}-${rest}`;
}

/** Two spellings of one address (`git@host:path`, `https://host/path.git`): protocol, account, case and endings do not matter. */
const sameRepository = (a: string, b: string) => bareAddress(a) === bareAddress(b);

const bareAddress = (address: string) =>
  address
    .toLowerCase()
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/^[^@/:]+@/, '')
    .replace(/^([^/:]+):(?!\d)/, '$1/')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
