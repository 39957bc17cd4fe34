import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { disabledPacks } from '../../comfyui/disabled-packs.js';
import type { Installation } from '../../comfyui/installation.js';
import { listPacks } from '../../comfyui/packs.js';
import { checkedOutCommit } from '../../git/checkout-foreign.js';
import { cloneAddress } from '../../git/clone-address.js';
import { comfyPath, type Repository } from '../../git/repository.js';
import type { Difference } from '../../lock/drift.js';
import { isProvidable } from '../../lock/drift-rules.js';
import type { Dependencies, PackEntry } from '../../lock/entries.js';
import { isConfigured, type SourceRules } from '../../models/source-rules.js';
import type { HasAgreed } from './consents.js';
import { obstacle, type Step } from './steps.js';

export interface PlanningPacks {
  readonly repository: Repository;
  readonly installation: Installation;
  readonly rules: SourceRules;
  readonly hasAgreed: HasAgreed;
}

/** A step for every pack, and for ComfyUI, that is not at its commit: it is checked out beside, never where ComfyUI loads packs from. */
export async function planPacks(
  expected: Dependencies,
  differences: readonly Difference[],
  planning: PlanningPacks,
): Promise<Step[]> {
  const steps: Step[] = [];
  for (const { subject } of differences.filter(({ code }) => isProvidable.pack(code))) {
    const entry = subject === 'comfyui' ? expected.comfyui : expected.packs.get(subject);
    if (entry !== undefined) steps.push(await planPack(subject, entry, planning));
  }
  return steps;
}

/** What it takes to have a pack, or ComfyUI (`comfyui`), at its commit. */
export async function planPack(key: string, entry: PackEntry, planning: PlanningPacks): Promise<Step> {
  const { commit, repository: address, dirty } = entry;
  const words = packWords(key);
  if (commit === undefined) return withoutCommit(key, entry);
  if (dirty !== undefined) {
    const text = `${words}: it had edits of its own at ${short(commit)}, which no repository holds`;
    return obstacle(key, 'edited', text, 'whoever locked it has to commit and push them, and lock it again');
  }
  if (address === undefined) {
    return obstacle(key, 'no-repository', `${words}: nothing says where ${short(commit)} comes from`);
  }
  const read = cloneAddress(address, (url) => isConfigured(url, planning.rules));
  if ('refused' in read) {
    const text = `${words}: its repository is not cloned: ${read.refused}`;
    return obstacle(key, 'repository-refused', text, `clone it yourself if you trust it, and look at comfy.lock`);
  }
  const to = comfyPath(planning.repository, 'packs', `${folderName(key)}-${short(commit)}`);
  const there = await checkedOutCommit(to);
  if (there === commit) return { kind: 'ready', key, path: to, text: `${words}: ${short(commit)} is in ${to}` };
  if ((await stat(to).catch(() => undefined)) !== undefined) {
    return obstacle(key, 'folder-taken', `${words}: ${to} was edited, and stays as it is`, 'move it away');
  }
  const clone = await cloneOf(key, planning.installation);
  const agreed = planning.hasAgreed({ repository: read.url, commit });
  const here = clone === undefined ? {} : { clone };
  return { kind: 'checkout', key, repository: read.url, protocol: read.protocol, commit, ...here, to, agreed };
}

const packWords = (key: string) => (key === 'comfyui' ? 'ComfyUI' : `pack ${key}`);

const short = (commit: string) => commit.slice(0, 12);

function withoutCommit(key: string, { registry }: PackEntry): Step {
  const text = `${packWords(key)}: no commit of it is locked`;
  const hint = registry === undefined ? undefined : `install ${registry} with ComfyUI-Manager`;
  return obstacle(key, 'no-commit', text, hint);
}

/** A key is a name that somebody else wrote. */
export const folderName = (key: string) =>
  key
    .replace(/[^\w.-]/g, '_')
    .replace(/^[.-]+/, '_')
    .slice(0, 80);

/** The user's own clone of a pack, which holds the commit more often than not. */
export async function cloneOf(key: string, installation: Installation): Promise<string | undefined> {
  const path = key === 'comfyui' ? installation.root : await packPath(key, installation);
  if (path === undefined) return undefined;
  return (await stat(join(path, '.git')).catch(() => undefined)) === undefined ? undefined : path;
}

/** A disabled pack is a clone as good as any. */
async function packPath(key: string, installation: Installation): Promise<string | undefined> {
  for (const places of [await listPacks(installation), await disabledPacks(installation)]) {
    const alike = [...places.values()].find(({ name }) => name.toLowerCase() === key.toLowerCase());
    const found = places.get(key) ?? alike;
    if (found !== undefined) return found.path;
  }
  return undefined;
}
