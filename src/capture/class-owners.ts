import type { Installation } from '../comfyui/installation.js';
import { managerMap } from '../comfyui/manager-map.js';
import { definedClasses, ownClasses } from '../comfyui/pack-classes.js';
import type { PackPlace } from '../comfyui/packs.js';
import { coreWidgetNames } from '../workflow/core-widgets.js';

/** Where a class comes from, as files on disk say. */
export interface ClassOwner {
  /** Name of an installed pack. */
  readonly pack?: string;
  /** Of a pack that ComfyUI-Manager's map names. */
  readonly repository?: string;
  readonly guess: boolean;
}

/**
 * The packs of classes of which neither a server nor the workflow says where they come from: by the text of what is installed, read and
 * never executed; else by ComfyUI-Manager's map. Where several packs may define a class, nobody is named.
 */
export async function classOwners(
  classes: readonly string[],
  places: Iterable<PackPlace>,
  installation: Pick<Installation, 'root' | 'customNodes'>,
): Promise<Map<string, ClassOwner>> {
  const own = installation.root === undefined ? new Set<string>() : await ownClasses(installation.root, classes);
  const wanted = classes.filter((name) => !own.has(name) && !coreWidgetNames().has(name));
  if (wanted.length === 0) return new Map();
  const findings = await searchPacks(wanted, places);
  const owners = new Map<string, ClassOwner>();
  for (const name of wanted) {
    const found = findings.get(name) ?? { mapped: [], keyed: [] };
    const [sure, likely] = [only(found.mapped), found.mapped.length === 0 ? only(found.keyed) : undefined];
    const pack = sure ?? likely;
    if (pack !== undefined) owners.set(name, { pack, guess: sure === undefined });
  }
  const left = wanted.filter((name) => !findings.has(name));
  const listed = left.length === 0 ? new Map<string, string>() : await managerMap(installation, left);
  for (const [name, repository] of listed) owners.set(name, { repository, guess: true });
  return owners;
}

const only = (names: readonly string[]): string | undefined => (names.length === 1 ? names[0] : undefined);

interface Findings {
  readonly mapped: string[];
  readonly keyed: string[];
}

async function searchPacks(wanted: readonly string[], places: Iterable<PackPlace>): Promise<Map<string, Findings>> {
  const findings = new Map<string, Findings>();
  for (const place of places) {
    for (const [name, how] of await definedClasses(place, wanted)) {
      const found = findings.get(name) ?? { mapped: [], keyed: [] };
      found[how].push(place.name);
      findings.set(name, found);
    }
  }
  return findings;
}
