import { join } from 'node:path';
import { disabledPacks } from '../comfyui/disabled-packs.js';
import type { Installation } from '../comfyui/installation.js';
import { describePack, listPacks, type PackPlace, readSmall } from '../comfyui/packs.js';
import { projectOf } from '../comfyui/pyproject.js';
import { readForeignRepository } from '../git/foreign.js';
import type { ClassEntry, Lock, PackEntry } from '../lock/entries.js';
import type { Needs } from '../lock/needs.js';
import { classOwners } from './class-owners.js';
import { lastPart, ownerless, type WantedPack, wantedPacks } from './wanted-packs.js';

type Places = ReadonlyMap<string, PackPlace>;

/**
 * The packs that the needed classes come from, as they are installed: by the server, the lock and the workflow, else by what the packs' own text and
 * ComfyUI-Manager's map say. Where nothing says it, nothing is claimed.
 * @param thorough reads the text of packs for classes too that the lock has had already: a commit keeps what it says of them
 */
export async function observePacks(
  needs: Needs,
  classes: ReadonlyMap<string, ClassEntry>,
  lock: Lock,
  installation: Installation | undefined,
  thorough = true,
): Promise<Map<string, PackEntry>> {
  const packs = new Map<string, PackEntry>();
  if (installation === undefined) return packs;
  const places = await listPacks(installation);
  const locked = new Set([...lock.workflows.values()].flatMap((used) => used.classes));
  const unknown = ownerless(needs, classes, lock);
  const sought = unknown.filter((name) => thorough || !locked.has(name));
  // Whose the others are was settled once: what the lock has stays needed.
  const kept = sought.length < unknown.length ? [...lock.packs.keys()] : [];
  const owners = await classOwners(sought, places.values(), installation);
  let disabled: Places | undefined;
  for (const wanted of wantedPacks({ ...needs, packs: new Set([...needs.packs, ...kept]) }, classes, lock, owners)) {
    const place = await placeOf(wanted, places);
    const guess = wanted.guess === true ? { guess: true as const } : {};
    if (place !== undefined) {
      packs.set(place.name, { ...(await describePack(place, readForeignRepository)), ...guess });
      continue;
    }
    disabled ??= await disabledPacks(installation);
    packs.set(wanted.key, { ...missing(wanted, await placeOf(wanted, disabled)), ...guess });
  }
  return packs;
}

const missing = ({ repository }: WantedPack, disabled: PackPlace | undefined): PackEntry => ({
  ...(repository === undefined ? {} : { repository }),
  missing: true,
  ...(disabled === undefined ? {} : { disabled: true }),
});

/** By folder name, whatever its case; by the name of the repository; by the id in its `pyproject.toml`. */
async function placeOf(wanted: WantedPack, places: Places): Promise<PackPlace | undefined> {
  const exact = places.get(wanted.key);
  if (exact !== undefined) return exact;
  const last = wanted.repository === undefined ? undefined : lastPart(wanted.repository);
  const names = [wanted.key, wanted.registry, last].map((name) => name?.toLowerCase());
  const similar = [...places.values()].find(({ name }) => names.includes(name.toLowerCase()));
  if (similar !== undefined || wanted.registry === undefined) return similar;
  for (const place of places.values()) {
    const project = place.file ? undefined : projectOf(await readSmall(join(place.path, 'pyproject.toml')));
    if (project?.name === wanted.registry.toLowerCase()) return place;
  }
  return undefined;
}
