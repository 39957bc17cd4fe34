import type { Lock, PackEntry } from './entries.js';
import type { Needs } from './needs.js';
import { alignPacks, registryId, sameRegistryVersion } from './pack-identity.js';

export interface TakenPacks {
  readonly lock: Lock;
  /** Keys of packs that no tracked workflow uses, as far as that can be told. */
  readonly unused: readonly string[];
}

/**
 * Puts packs (of a snapshot) into a lock: those that it has, those that the workflows name, and all of them where the pack of some class cannot
 * be told, since it may be theirs. What is known of a pack and not of the snapshot (its repository) stays.
 */
export function takePacks(
  lock: Lock,
  found: { readonly packs: ReadonlyMap<string, PackEntry>; readonly comfyui?: PackEntry },
  needs: Needs,
): TakenPacks {
  const aligned = alignPacks(lock, { ...lock, packs: found.packs }).packs;
  const named = new Set([...needs.named.values()].flatMap(namesOf));
  const unknown = [...needs.classes].some((name) => !lock.classes.has(name) && !needs.named.has(name));
  const isUsed = (key: string, entry: PackEntry) =>
    unknown || lock.packs.has(key) || [key, ...idOf(entry)].some((name) => named.has(name.toLowerCase()));
  const used = [...aligned].filter(([key, entry]) => isUsed(key, entry));
  const comfyui = moved(lock.comfyui, found.comfyui);
  return {
    lock: {
      ...lock,
      ...(comfyui === undefined ? {} : { comfyui }),
      packs: new Map([
        ...lock.packs,
        ...used.map(([key, entry]) => [key, moved(lock.packs.get(key), entry) ?? entry] as const),
      ]),
    },
    unused: [...aligned.keys()].filter((key) => !used.some(([other]) => other === key)),
  };
}

const namesOf = ({ registry, github }: { readonly registry?: string; readonly github?: string }) =>
  [registry, github?.slice(github.lastIndexOf('/') + 1)].flatMap((name) => name?.toLowerCase() ?? []);

const idOf = ({ registry }: PackEntry) => (registry === undefined ? [] : [registryId(registry)]);

/** An entry that says the same stays whole, edits and all; another one keeps its repository only. */
function moved(old: PackEntry | undefined, found: PackEntry | undefined): PackEntry | undefined {
  if (old === undefined || found === undefined) return old ?? found;
  const sameRegistry =
    found.registry === undefined || (old.registry !== undefined && sameRegistryVersion(old.registry, found.registry));
  const same = sameRegistry && (found.commit === undefined || found.commit === old.commit);
  if (same) return old;
  return { ...(old.repository === undefined ? {} : { repository: old.repository }), ...found };
}
