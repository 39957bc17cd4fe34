import fc from 'fast-check';
import type { ClassEntry, Digest, InputEntry, Lock, ModelEntry, PackEntry } from '../../src/lock/entries.js';

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
export const digest = hex(64).map((text): Digest => `sha256:${text}`);

/** Names as they come from workflows and file systems, and some that YAML has another meaning for. */
const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'no',
    '~',
    'null',
    '0123e456',
    '- x',
    'a: b',
    '#c',
    '*alias',
    '&anchor',
    '!tag',
  ),
  fc.constantFrom(
    'loras/ink style.safetensors',
    'checkpoints/Grün 猫.safetensors',
    '{a}',
    '[b]',
    '1:30',
    '? k',
    'a\nb',
    '<<',
    '""',
  ),
);
const text = fc.oneof(name, fc.webUrl());

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Drops members that are absent, as the readers do. */
const compact = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never;

const model: fc.Arbitrary<ModelEntry> = fc
  .record({
    digest: fc.oneof(digest, fc.constant('unhashed' as const), fc.constant('missing' as const)),
    size: optional(fc.nat({ max: Number.MAX_SAFE_INTEGER })),
    tensors: optional(digest),
    guess: optional(fc.constant(true as const)),
    executed: optional(fc.constant(false as const)),
    sources: optional(fc.array(text, { minLength: 1, maxLength: 3 })),
    license: optional(text),
  })
  .map(compact);

const pack: fc.Arbitrary<PackEntry> = fc
  .record({
    repository: optional(text),
    branch: optional(text),
    commit: optional(hex(40)),
    dirty: optional(digest),
    tree: optional(digest),
    registry: optional(text),
    version: optional(text),
    missing: optional(fc.constant(true as const)),
    disabled: optional(fc.constant(true as const)),
    guess: optional(fc.constant(true as const)),
    notCaptured: optional(text),
  })
  .map(compact);

const input: fc.Arbitrary<InputEntry> = fc
  .record({
    digest: fc.oneof(digest, fc.constant('missing' as const)),
    guess: optional(fc.constant(true as const)),
  })
  .map(compact);

const nodeClass: fc.Arbitrary<ClassEntry> = fc
  .record({ pack: optional(name), interface: hex(16), widgets: fc.array(name, { maxLength: 4 }) })
  .map(compact);

const sortedSet = fc
  .uniqueArray(name, { maxLength: 3 })
  .map((names) => names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));

const mapOf = <T>(entry: fc.Arbitrary<T>) =>
  fc.array(fc.tuple(name, entry), { maxLength: 5 }).map((pairs) => new Map(pairs));

export const anyLock: fc.Arbitrary<Lock> = fc
  .record({
    lockfileVersion: fc.constant(1 as const),
    comfyui: optional(pack),
    models: mapOf(model),
    packs: mapOf(pack),
    inputs: mapOf(input),
    classes: mapOf(nodeClass),
    workflows: mapOf(fc.record({ models: sortedSet, inputs: sortedSet, classes: sortedSet })),
  })
  .map(compact);

export { model as anyModel, name as anyName };
