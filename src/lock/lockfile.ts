import { InputError } from '../errors.js';
import { byCodePoint } from '../workflow/json.js';
import type { Lock, WorkflowNeeds } from './entries.js';
import { readClass, readInput, readModel, readNeeds, readPack, type Spot } from './read-entries.js';
import { type EntryWriter, writeClass, writeInput, writeModel, writePack } from './write-entries.js';
import { readYaml, writeYaml, type YamlOut } from './yaml.js';
import type { YamlMap, YamlValue } from './yaml-value.js';

/** Where the lock is in a repository. */
export const lockPath = 'comfy.lock';

const version = 1;

export const emptyLock: Lock = {
  lockfileVersion: version,
  models: new Map(),
  packs: new Map(),
  inputs: new Map(),
  classes: new Map(),
  workflows: new Map(),
};

const sections = ['lockfileVersion', 'comfyui', 'models', 'packs', 'inputs', 'classes', 'workflows'];

/**
 * Reads `comfy.lock`.
 * @throws InputError `lock-newer` when another version of this program wrote it, `lock-damaged` with the place that is wrong
 */
export function readLock(text: string): Lock {
  if (/^(?:<{7}|>{7}) /m.test(text)) throw damaged('a merge left conflict markers in it');
  const root = readYaml(text, damaged);
  if (!(root instanceof Map)) throw damaged('it is no map of sections');
  refuseNewer(root);
  const unknown = [...root.keys()].find((key) => !sections.includes(key));
  if (unknown !== undefined) throw damaged(`there is no section "${unknown}" in version ${version}`);
  const comfyui = root.get('comfyui');
  return {
    lockfileVersion: version,
    ...(comfyui === undefined ? {} : { comfyui: readPack(comfyui, { key: 'comfyui', fail: damaged }) }),
    models: readSection(root, 'models', readModel),
    packs: readSection(root, 'packs', readPack),
    inputs: readSection(root, 'inputs', readInput),
    classes: readSection(root, 'classes', readClass),
    workflows: readSection(root, 'workflows', readNeeds),
  };
}

function refuseNewer(root: YamlMap): void {
  const found = root.get('lockfileVersion');
  if (found === String(version)) return;
  if (typeof found !== 'string' || !/^[1-9]\d{0,8}$/.test(found)) throw damaged('it says no lockfileVersion');
  throw new InputError(
    'lock-newer',
    `${lockPath} has lockfileVersion ${found}; this git comfy reads version ${version}`,
    {
      hint: 'update git comfy: npm install -g git-comfy',
    },
  );
}

function readSection<Entry>(
  root: YamlMap,
  name: string,
  read: (value: YamlValue, spot: Spot) => Entry,
): Map<string, Entry> {
  const section = root.get(name);
  const entries = new Map<string, Entry>();
  if (section === undefined || section === '') return entries;
  if (!(section instanceof Map)) throw damaged(`"${name}" is no map`);
  for (const [key, value] of section) entries.set(key, read(value, { key: `${name} > ${key}`, fail: damaged }));
  return entries;
}

const damaged = (problem: string) =>
  new InputError('lock-damaged', `${lockPath} is damaged: ${problem}`, {
    hint: `take the last good one: git checkout HEAD -- ${lockPath}   then: git comfy lock`,
  });

/**
 * The canonical text: sections in fixed order, keys by code point, one fact a line. Empty sections are left out, so that adding
 * an entry never changes a line that was there.
 */
export function writeLock(lock: Lock): string {
  const root = new Map<string, YamlOut>([['lockfileVersion', lock.lockfileVersion]]);
  if (lock.comfyui !== undefined) root.set('comfyui', writePack(lock.comfyui));
  writeSection(root, 'models', lock.models, writeModel);
  writeSection(root, 'packs', lock.packs, writePack);
  writeSection(root, 'inputs', lock.inputs, writeInput);
  writeSection(root, 'classes', lock.classes, writeClass);
  writeSection(root, 'workflows', lock.workflows, writeNeeds);
  return writeYaml(root);
}

function writeSection<Entry>(
  root: Map<string, YamlOut>,
  name: string,
  entries: ReadonlyMap<string, Entry>,
  write: EntryWriter<Entry>,
): void {
  if (entries.size === 0) return;
  const keys = [...entries.keys()].sort(byCodePoint);
  root.set(name, new Map(keys.map((key) => [key, write(entries.get(key) as Entry)])));
}

function writeNeeds(needs: WorkflowNeeds): YamlOut {
  const lists = (['models', 'inputs', 'classes'] as const).filter((name) => needs[name].length > 0);
  if (lists.length === 0) return null;
  return new Map(lists.map((name) => [name, [...new Set(needs[name])].sort(byCodePoint)]));
}
