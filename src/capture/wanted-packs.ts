import type { ClassEntry, Lock } from '../lock/entries.js';
import type { NamedPack, Needs } from '../lock/needs.js';
import { registryId } from '../lock/pack-identity.js';
import type { ClassOwner } from './class-owners.js';

/** A pack that is needed, by everything that is known of its name. */
export interface WantedPack {
  /** Folder name where a server, the lock or the pack's own text said it, else the name in the registry or of the repository. */
  readonly key: string;
  readonly registry?: string;
  readonly repository?: string;
  /** Neither a server, nor the workflow, nor the pack's mappings say so. */
  readonly guess?: true;
}

export type Owners = ReadonlyMap<string, ClassOwner>;

/** The packs of the needed classes, one a key, and those that are needed by name. */
export function wantedPacks(
  needs: Needs,
  classes: ReadonlyMap<string, ClassEntry>,
  lock: Lock,
  owners: Owners,
): WantedPack[] {
  const wanted = new Map<string, WantedPack>();
  for (const name of needs.classes) {
    const pack = packOf(name, needs, classes, lock) ?? ownedPack(owners.get(name));
    if (pack === undefined || pack.key === 'comfyui') continue;
    if (pack.guess !== true || !wanted.has(pack.key)) wanted.set(pack.key, pack);
  }
  for (const key of needs.packs) if (!wanted.has(key)) wanted.set(key, lockedPack(key, lock));
  return [...wanted.values()];
}

/** Classes of which neither a server, nor the lock, nor the workflow says where they come from. */
export const ownerless = (needs: Needs, classes: ReadonlyMap<string, ClassEntry>, lock: Lock): string[] =>
  [...needs.classes].filter((name) => packOf(name, needs, classes, lock) === undefined);

function packOf(
  name: string,
  needs: Needs,
  classes: ReadonlyMap<string, ClassEntry>,
  lock: Lock,
): WantedPack | undefined {
  const known = classes.get(name)?.pack ?? lock.classes.get(name)?.pack;
  return known === undefined ? namedPack(needs.named.get(name)) : lockedPack(known, lock);
}

function lockedPack(key: string, lock: Lock): WantedPack {
  const { repository, registry } = lock.packs.get(key) ?? {};
  return {
    key,
    ...(repository === undefined ? {} : { repository }),
    ...(registry === undefined ? {} : { registry: registryId(registry) }),
  };
}

function namedPack(named: NamedPack | undefined): WantedPack | undefined {
  const { registry, github } = named ?? {};
  if (registry === 'comfy-core') return { key: 'comfyui' };
  const repository =
    github !== undefined && /^[\w.-]+\/[\w.-]+$/.test(github) ? `https://github.com/${github}` : undefined;
  const key = registry ?? (repository === undefined ? undefined : lastPart(repository));
  if (key === undefined) return undefined;
  return { key, ...(registry === undefined ? {} : { registry }), ...(repository === undefined ? {} : { repository }) };
}

function ownedPack(owner: ClassOwner | undefined): WantedPack | undefined {
  const { pack, repository, guess } = owner ?? {};
  const key = pack ?? (repository === undefined ? undefined : lastPart(repository));
  if (key === undefined) return undefined;
  return {
    key,
    ...(repository === undefined ? {} : { repository }),
    ...(guess === true ? { guess } : {}),
  };
}

/** The name of a repository in its address. */
export const lastPart = (repository: string): string =>
  repository
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split('/')
    .at(-1) ?? repository;
