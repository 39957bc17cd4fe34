import type { Difference } from '../../lock/drift.js';
import { isProvidable } from '../../lock/drift-rules.js';
import type { Dependencies, Digest, ModelEntry } from '../../lock/entries.js';
import { readSource } from '../../lock/model-source.js';
import { modelWords, splitModelKey } from '../../lock/model-words.js';
import { currentFolderName, type ModelFolders } from '../../models/find-model.js';
import { partSize } from '../../models/part-file.js';
import { type SourceRules, sourceRefusal } from '../../models/source-rules.js';
import { type FoundContent, findModelContent } from '../find-model-content.js';
import type { Verifying } from '../verifying.js';
import { fileKind, placeModel } from './place-model.js';
import { type FetchStep, type Obstacle, obstacle, type Step } from './steps.js';

export interface PlanningModels extends Verifying {
  readonly folders: ModelFolders;
  readonly rules: SourceRules;
  /** Fetch pickles too. */
  readonly pickles: boolean;
}

/** A step for every model that is not here under a name under which ComfyUI loads it. */
export async function planModels(
  expected: Dependencies,
  differences: readonly Difference[],
  planning: PlanningModels,
): Promise<Step[]> {
  const steps: Step[] = [];
  /** Where the content of two keys is one, it is fetched once. */
  const fetched = new Map<Digest, FetchStep>();
  for (const { subject } of differences.filter(({ code }) => isProvidable.model(code))) {
    const entry = expected.models.get(subject);
    const step = entry === undefined ? undefined : await planModel(subject, entry, { ...planning, fetched });
    if (step === undefined || steps.some((other) => sameFile(other, step))) continue;
    if (step.kind === 'fetch') fetched.set(step.digest, step);
    steps.push(step);
  }
  return steps;
}

/** Two keys may mean one file: `unet/x` is an older way to say `diffusion_models/x`. */
const sameFile = (a: Step, b: Step) => 'digest' in a && 'digest' in b && a.to === b.to && a.digest === b.digest;

interface PlanningOne extends PlanningModels {
  readonly fetched: ReadonlyMap<Digest, FetchStep>;
}

async function planModel(key: string, entry: ModelEntry, planning: PlanningOne): Promise<Step | undefined> {
  const { digest } = entry;
  const words = modelWords(key);
  if (splitModelKey(key).folder === 'diffusers') {
    return obstacle(key, 'whole-folder', `${words}: a model that is a whole folder has to be put there by hand`);
  }
  if (digest === 'missing' || digest === 'unhashed') {
    return obstacle(key, 'never-hashed', `${words}: nobody has hashed it, so nobody can tell it from another`);
  }
  const there = await findModelContent(key, entry, planning);
  const other = planning.fetched.get(digest);
  const from = there?.path ?? other?.to;
  const place = await placeModel(key, { digest, size: entry.size }, planning.folders, from ?? '');
  if ('kind' in place) return place;
  if (from !== undefined) {
    const { path: to, folder, name, beside } = place;
    const size = there?.size ?? entry.size ?? 0;
    // Another file has the locked name, and the one that it has works already.
    const works = beside && there?.hidden === false && sameFolder(there.folder, key);
    return works ? ready(key, from, there) : { kind: 'link', key, name, from, to, folder, digest, size };
  }
  return planFetch(key, { ...entry, digest }, planning);
}

const ready = (key: string, path: string, { folder, name }: FoundContent): Step => ({
  kind: 'ready',
  key,
  path,
  text: `${modelWords(key)}: another file has this name; it is here as ${folder}/${name}, and reproduce uses it as that`,
});

const sameFolder = (folder: string, key: string) =>
  currentFolderName(splitModelKey(key).folder) === currentFolderName(folder);

async function planFetch(
  key: string,
  { digest, size, sources = [] }: ModelEntry & { readonly digest: Digest },
  { rules, folders, pickles }: PlanningOne,
): Promise<FetchStep | Obstacle> {
  const refused: string[] = [];
  for (const source of sources.map(readSource)) {
    const why = 'refused' in source ? source.refused : sourceRefusal(source.url, rules);
    if ('refused' in source || why !== undefined) {
      refused.push(`${withoutSecrets(source.text)}: ${why}`);
      continue;
    }
    const place = await placeModel(key, { digest, size }, folders, source.url.pathname);
    if ('kind' in place) return place;
    const { folder, path: to, name } = place;
    const kind = fileKind(name);
    if (kind === 'other')
      return obstacle(key, 'no-model-file', `${modelWords(key)}: that is no model file, and is not fetched`);
    if (kind === 'pickle' && !pickles) return pickle(key);
    const present = await partSize(folder, digest);
    const known = size === undefined ? {} : { size };
    return {
      kind: 'fetch',
      key,
      name,
      source: source.text,
      url: source.url.href,
      folder,
      to,
      digest,
      ...known,
      present,
    };
  }
  return refused.length === 0 ? noSource(key, digest) : sourcesRefused(key, refused);
}

const pickle = (key: string) =>
  obstacle(
    key,
    'pickle',
    `${modelWords(key)}: a file of that kind can hold code, which runs when ComfyUI loads it`,
    'if you trust who locked it: git comfy provide --pickles',
  );

function noSource(key: string, digest: Digest): Obstacle {
  const hint = `put sha256 ${digest.slice(7, 19)} into models/${splitModelKey(key).folder}, any name will do`;
  return obstacle(key, 'no-source', `${modelWords(key)}: it is in no model folder, and the lock knows no source`, hint);
}

const sourcesRefused = (key: string, refused: readonly string[]) =>
  obstacle(
    key,
    'source-refused',
    `${modelWords(key)}: none of its sources is fetched from: ${refused.join('; ')}`,
    'hosts that you trust: git config --add comfy.source <host>',
  );

/** A token in an address is nobody's to see. */
const withoutSecrets = (text: string) => text.replace(/\/\/[^/@]*@/, '//***@').replace(/\?.*$/, '');
