import { join } from 'node:path';
import type { Installation } from '../comfyui/installation.js';
import { describePack, listPacks, type PackPlace } from '../comfyui/packs.js';
import { projectOf } from '../comfyui/pyproject.js';
import { readIfThere } from '../files/read.js';
import { readForeignRepository } from '../git/foreign.js';
import type { ClassEntry, Lock, PackEntry } from '../lock/entries.js';
import type { NamedPack, Needs } from '../lock/needs.js';
import { registryId } from '../lock/pack-identity.js';

/** A pack that is needed, by everything that is known of its name. */
interface WantedPack {
  /** Folder name where a server or the lock said it, else the name in the registry or of the repository. */
  readonly key: string;
  readonly registry?: string;
  readonly repository?: string;
}

/**
 * The packs that the needed classes come from, as they are installed. Where neither a server, nor the lock, nor the workflow says
 * where a class comes from, nothing is claimed.
 */
export async function observePacks(
  needs: Needs,
  classes: ReadonlyMap<string, ClassEntry>,
  lock: Lock,
  installation: Installation | undefined,
): Promise<Map<string, PackEntry>> {
  const packs = new Map<string, PackEntry>();
  if (installation === undefined) return packs;
  const places = await listPacks(installation);
  for (const wanted of wantedPacks(needs, classes, lock)) {
    const place = await placeOf(wanted, places);
    const missing: PackEntry = {
      ...(wanted.repository === undefined ? {} : { repository: wanted.repository }),
      missing: true,
    };
    packs.set(
      place?.name ?? wanted.key,
      place === undefined ? missing : await describePack(place, readForeignRepository),
    );
  }
  return packs;
}

function wantedPacks(needs: Needs, classes: ReadonlyMap<string, ClassEntry>, lock: Lock): WantedPack[] {
  const wanted = new Map<string, WantedPack>();
  for (const name of needs.classes) {
    const known = classes.get(name)?.pack ?? lock.classes.get(name)?.pack;
    const pack = known === undefined ? namedPack(needs.named.get(name)) : lockedPack(known, lock);
    if (pack !== undefined && pack.key !== 'comfyui') wanted.set(pack.key, pack);
  }
  for (const key of needs.packs) if (!wanted.has(key)) wanted.set(key, lockedPack(key, lock));
  return [...wanted.values()];
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
  const key = registry ?? repository?.slice(repository.lastIndexOf('/') + 1);
  if (key === undefined) return undefined;
  return { key, ...(registry === undefined ? {} : { registry }), ...(repository === undefined ? {} : { repository }) };
}

/** By folder name, whatever its case; by the name of the repository; by the id in its `pyproject.toml`. */
async function placeOf(wanted: WantedPack, places: ReadonlyMap<string, PackPlace>): Promise<PackPlace | undefined> {
  const exact = places.get(wanted.key);
  if (exact !== undefined) return exact;
  const last = wanted.repository
    ?.replace(/\.git$/, '')
    .split('/')
    .at(-1);
  const names = [wanted.key, wanted.registry, last].map((name) => name?.toLowerCase());
  const similar = [...places.values()].find(({ name }) => names.includes(name.toLowerCase()));
  if (similar !== undefined || wanted.registry === undefined) return similar;
  for (const place of places.values()) {
    const project = place.file ? undefined : projectOf(await readIfThere(join(place.path, 'pyproject.toml')));
    if (project?.name === wanted.registry.toLowerCase()) return place;
  }
  return undefined;
}
