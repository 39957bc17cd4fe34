import { editHint, installHint, missingHint, modelHint, moveHint, packHint, type Whose } from './drift-hints.js';
import { type DriftCode, driftRules, type ExpectedGrade } from './drift-rules.js';
import type { ClassEntry, Dependencies, InputEntry, ModelEntry, PackEntry } from './entries.js';
import { modelWords } from './model-words.js';
import { alignPacks, sameRegistryVersion } from './pack-identity.js';

/** One thing that is not as it was, in a line that a person understands. */
export interface Difference {
  readonly code: DriftCode;
  /** What it is about: a key of the lock, such as `checkpoints/dreamshaper_8.safetensors`. */
  readonly subject: string;
  readonly text: string;
  /** What mends it, where something does. */
  readonly hint?: string;
  /** The best grade that is left. */
  readonly worst: ExpectedGrade;
  /** Nobody looked: what it is about cannot be reached from here. */
  readonly unseen?: true;
}

/**
 * Everything in which what is there differs from what is expected. A key that `observed` does not have was not looked at.
 */
export function driftBetween(
  expected: Dependencies,
  observed: Dependencies,
  whose: Whose = "the lock's",
): Difference[] {
  const seen = alignPacks(expected, observed);
  return [
    ...[...expected.models].flatMap(([key, entry]) => {
      const found = modelDrift(key, entry, seen.models.get(key), whose);
      return entry.executed === false ? idleDrift(entry, found) : found;
    }),
    ...[...expected.inputs].flatMap(([key, entry]) => inputDrift(key, entry, seen.inputs.get(key), whose)),
    ...(expected.comfyui === undefined ? [] : packDrift('comfyui', expected.comfyui, seen.comfyui, whose)),
    ...[...expected.packs].flatMap(([key, entry]) => packDrift(key, entry, seen.packs.get(key), whose)),
    ...[...expected.classes].flatMap(([key, entry]) => classDrift(key, entry, seen.classes, whose)),
  ];
}

/** The best grade that a reproduction can be expected to get. */
export function expectedGrade(differences: readonly Difference[]): ExpectedGrade {
  if (differences.some((difference) => difference.worst === 'partial')) return 'partial';
  return differences.some((difference) => difference.worst === 'approximate') ? 'approximate' : 'full';
}

export const difference = (code: DriftCode, subject: string, text: string, hint?: string): Difference => ({
  code,
  subject,
  text,
  worst: driftRules[code],
  ...(hint === undefined ? {} : { hint }),
});

/** What nothing runs decides no picture; that it never was there either is no news. */
function idleDrift({ digest }: ModelEntry, found: readonly Difference[]): Difference[] {
  if (digest === 'missing') return [];
  const code = 'model-not-executed';
  const worst = driftRules[code];
  return found.map((seen) => ({ ...seen, code, worst, text: `${seen.text} (nothing that runs names it)` }));
}

const unseen = (code: DriftCode, subject: string, what: string): Difference => ({
  ...difference(code, subject, `${what}: not checked here`),
  unseen: true,
});

function modelDrift(key: string, expected: ModelEntry, seen: ModelEntry | undefined, whose: Whose): Difference[] {
  const what = modelWords(key);
  if (seen === undefined) return [unseen('model-unchecked', key, what)];
  if (seen.digest === 'missing') {
    const text = `${what}: no such file in any model folder`;
    return [difference('model-missing', key, text, missingHint(key, expected, whose))];
  }
  // It has turned up since: nothing is known that it could differ from.
  if (expected.digest === 'missing') return [];
  // A server elsewhere lists names, and nothing of what is behind them.
  if (seen.digest === 'unhashed' && seen.size === undefined) {
    return [
      difference('model-unchecked', key, `${what}: the server has that name; its content cannot be seen from here`),
    ];
  }
  const otherSize = expected.size !== undefined && seen.size !== undefined && expected.size !== seen.size;
  const bothHashed = expected.digest !== 'unhashed' && seen.digest !== 'unhashed';
  if (bothHashed && expected.digest === seen.digest) return [];
  if (expected.tensors !== undefined && expected.tensors === seen.tensors) {
    const text = `${what}: same tensors as ${whose}, under another header`;
    return [difference('model-header-changed', key, text)];
  }
  if (otherSize || bothHashed) {
    return [difference('model-changed', key, `${what}: other content than ${whose}`, modelHint(key, expected, whose))];
  }
  if (seen.alike !== undefined) return [sampledDrift(key, expected, seen.alike, whose)];
  if (whose === "the record's" && expected.digest === 'unhashed') {
    return [difference('model-unhashed', key, `${what}: same size, and not hashed at the run`)];
  }
  return [difference('model-unhashed', key, `${what}: same size, not hashed yet`, 'hash it: git comfy lock')];
}

/** Of a file whose head and tail were looked at (`--fast`): known from elsewhere, they tell it from others, and prove nothing. */
function sampledDrift(key: string, { digest }: ModelEntry, alike: readonly string[], whose: Whose): Difference {
  const what = modelWords(key);
  if (digest !== 'unhashed' && !alike.includes(digest)) {
    const text = `${what}: its head and tail are those of other content than ${whose} (--fast: not read whole)`;
    return difference('model-changed', key, text);
  }
  const like = digest === 'unhashed' ? 'its size, head and tail are known' : `size, head and tail are ${whose}`;
  return difference('model-unhashed', key, `${what}: ${like}; not read whole (--fast)`, 'read it: git comfy lock');
}

function inputDrift(key: string, expected: InputEntry, seen: InputEntry | undefined, whose: Whose): Difference[] {
  if (seen === undefined) return [unseen('input-unchecked', key, `input ${key}`)];
  if (seen.digest === 'missing')
    return [difference('input-missing', key, `input ${key}: no such file`, "put it back into ComfyUI's input folder")];
  if (expected.digest === 'missing' || expected.digest === seen.digest) return [];
  if (expected.digest === 'unhashed' || seen.digest === 'unhashed') {
    return [difference('input-unchecked', key, `input ${key}: not hashed yet`, 'hash it: git comfy lock')];
  }
  const hint = moveHint(key, whose) ?? "put the file of then back into ComfyUI's input folder, any name will do";
  return [difference('input-changed', key, `input ${key}: other content than ${whose}`, hint)];
}

function packDrift(key: string, expected: PackEntry, seen: PackEntry | undefined, whose: Whose): Difference[] {
  const part = key === 'comfyui' ? 'comfyui' : 'pack';
  const what = part === 'comfyui' ? 'ComfyUI' : `pack ${key}`;
  if (seen?.missing === true) {
    if (expected.missing === true || part === 'comfyui') return [];
    const state = seen.disabled === true ? 'installed, but disabled' : 'not installed';
    return [difference('pack-missing', key, `${what}: ${state}`, installHint(expected, seen.disabled === true))];
  }
  if (seen === undefined) return [unseen(`${part}-unchecked`, key, what)];
  const moved = movedMember(expected, seen);
  const why = seen.notCaptured ?? (isCodeKnown(expected) && !isCodeKnown(seen) ? unknownCode : undefined);
  if (moved === undefined && why !== undefined) {
    return [difference(`${part}-unchecked`, key, `${what}: not checked here (${why})`)];
  }
  if (moved !== undefined) {
    const text = `${what}: ${whose} is ${short(expected[moved])}, here it is ${short(seen[moved] ?? seen.commit ?? seen.tree)}`;
    return [difference(`${part}-moved`, key, text, packHint(key, expected, whose))];
  }
  // Where no commit was captured, nobody looked for edits either.
  if (expected.dirty === seen.dirty || (expected.commit === undefined && expected.dirty === undefined)) return [];
  const text = seen.dirty === undefined ? `without the edits that ${whose} had` : `edited locally, other than ${whose}`;
  return [difference(`${part}-edited`, key, `${what}: ${text}`, editHint(key, seen, whose))];
}

/** What is known of both and differs. A clone that was replaced by files of the registry has moved, too. */
function movedMember(expected: PackEntry, seen: PackEntry) {
  const known = seen.notCaptured === undefined && isCodeKnown(seen);
  return (['commit', 'registry', 'tree', 'version'] as const).find(
    (name) =>
      expected[name] !== undefined &&
      (seen[name] !== undefined || known) &&
      !sameMember(name, expected[name], seen[name]),
  );
}

const isCodeKnown = ({ commit, tree, registry }: PackEntry) => (commit ?? tree ?? registry) !== undefined;

/** A server elsewhere says the version of ComfyUI, and nothing of its code. */
const unknownCode = 'its commit is not known here';

const sameMember = (name: string, a: string, b: string | undefined) =>
  a === b || (name === 'registry' && b !== undefined && sameRegistryVersion(a, b));

const short = (value: string | undefined) =>
  value === undefined ? 'not known' : value.replace(/^(?:sha256:)?([0-9a-f]{12})[0-9a-f]+$/, '$1');

/** Of classes that a server was asked for, those that it does not have; without a server nothing is known of any. */
export const missingClasses = (names: Iterable<string>, seen: Dependencies['classes']): Difference[] =>
  [...names]
    .filter((name) => !seen.has(name))
    .map((name) => difference('class-missing', name, `node ${name}: the server does not have it`, installClass));

const installClass = 'install or enable the pack that has it, look for errors in its log, then restart ComfyUI';

const olderPack = ({ pack = 'its pack' }: ClassEntry) =>
  `it has them at the commit that ${pack === 'comfyui' ? 'ComfyUI' : pack} was at then`;

function classDrift(
  key: string,
  expected: ClassEntry,
  seen: ReadonlyMap<string, ClassEntry>,
  whose: Whose,
): Difference[] {
  const entry = seen.get(key);
  if (entry === undefined || entry.interface === expected.interface) return [];
  const text = `node ${key}: other inputs than ${whose}`;
  return [difference('class-changed', key, text, moveHint(key, whose) ?? olderPack(expected))];
}
