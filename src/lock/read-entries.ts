import type { ClassEntry, Digest, InputEntry, ModelEntry, PackEntry, WorkflowNeeds } from './entries.js';
import type { YamlMap, YamlValue } from './yaml-value.js';

/** Where in the lock a value stands, and how to say that it is wrong. */
export interface Spot {
  readonly key: string;
  readonly fail: (problem: string) => Error;
}

const digestForm = /^sha256:[0-9a-f]{64}$/;
const commitForm = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const interfaceForm = /^[0-9a-f]{16}$/;
const sizeForm = /^(?:0|[1-9]\d{0,15})$/;

/** @throws what `spot.fail` makes of a value that is not as product.md shows it */
export function readModel(value: YamlValue, spot: Spot): ModelEntry {
  const map = mapOf(value, spot, ['digest', 'size', 'tensors', 'guess', 'executed', 'sources', 'license']);
  const size = textOf(map, 'size', spot, sizeForm);
  return defined({
    digest: digestOrWord(map, spot, ['unhashed', 'missing']),
    size: size === undefined ? undefined : Number(size),
    tensors: textOf(map, 'tensors', spot, digestForm) as Digest | undefined,
    guess: flagOf(map, 'guess', spot),
    executed: textOf(map, 'executed', spot, /^false$/) === undefined ? undefined : (false as const),
    sources: listOf(map, 'sources', spot),
    license: textOf(map, 'license', spot),
  });
}

export function readPack(value: YamlValue, spot: Spot): PackEntry {
  const names = [
    'repository',
    'branch',
    'commit',
    'dirty',
    'tree',
    'registry',
    'version',
    'missing',
    'disabled',
    'guess',
    'notCaptured',
  ];
  const map = mapOf(value, spot, names);
  return defined({
    repository: textOf(map, 'repository', spot),
    branch: textOf(map, 'branch', spot),
    commit: textOf(map, 'commit', spot, commitForm),
    dirty: textOf(map, 'dirty', spot, digestForm) as Digest | undefined,
    tree: textOf(map, 'tree', spot, digestForm) as Digest | undefined,
    registry: textOf(map, 'registry', spot),
    version: textOf(map, 'version', spot),
    missing: flagOf(map, 'missing', spot),
    disabled: flagOf(map, 'disabled', spot),
    guess: flagOf(map, 'guess', spot),
    notCaptured: textOf(map, 'notCaptured', spot),
  });
}

export function readInput(value: YamlValue, spot: Spot): InputEntry {
  const map = mapOf(value, spot, ['digest', 'guess']);
  return defined({ digest: digestOrWord(map, spot, ['unhashed', 'missing']), guess: flagOf(map, 'guess', spot) });
}

export function readClass(value: YamlValue, spot: Spot): ClassEntry {
  const map = mapOf(value, spot, ['pack', 'interface', 'widgets']);
  const found = textOf(map, 'interface', spot, interfaceForm);
  if (found === undefined) throw spot.fail(`${spot.key} has no interface`);
  return defined({
    pack: textOf(map, 'pack', spot),
    interface: found,
    widgets: listOf(map, 'widgets', spot) ?? [],
  });
}

export function readNeeds(value: YamlValue, spot: Spot): WorkflowNeeds {
  const map = mapOf(value, spot, ['models', 'inputs', 'classes']);
  return {
    models: listOf(map, 'models', spot) ?? [],
    inputs: listOf(map, 'inputs', spot) ?? [],
    classes: listOf(map, 'classes', spot) ?? [],
  };
}

function mapOf(value: YamlValue, spot: Spot, known: readonly string[]): YamlMap {
  if (value === '') return new Map();
  if (!(value instanceof Map)) throw spot.fail(`${spot.key} is no map`);
  const unknown = [...value.keys()].find((key) => !known.includes(key));
  if (unknown !== undefined) throw spot.fail(`${spot.key} has the unknown member "${unknown}"`);
  return value;
}

function textOf(map: YamlMap, name: string, spot: Spot, form?: RegExp): string | undefined {
  const value = map.get(name);
  if (value === undefined) return undefined;
  if (typeof value === 'string' && (form === undefined || form.test(value))) return value;
  throw spot.fail(`${spot.key} has a ${name} that is none`);
}

function digestOrWord<Word extends string>(map: YamlMap, spot: Spot, words: readonly Word[]): Digest | Word {
  const value = map.get('digest');
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  const digest = textOf(map, 'digest', spot, digestForm);
  if (digest === undefined) throw spot.fail(`${spot.key} has no digest`);
  return digest as Digest;
}

function flagOf(map: YamlMap, name: string, spot: Spot): true | undefined {
  return textOf(map, name, spot, /^true$/) === undefined ? undefined : true;
}

function listOf(map: YamlMap, name: string, spot: Spot): string[] | undefined {
  const value = map.get(name);
  if (value === undefined || value === '') return undefined;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw spot.fail(`${spot.key} has ${name} that are no list`);
  }
  return value;
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Without the members that are `undefined`. */
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}
