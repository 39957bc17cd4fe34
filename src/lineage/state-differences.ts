import type { PackEntry } from '../lock/entries.js';
import { modelWords } from '../lock/model-words.js';
import { environmentFacts } from './environment-drift.js';
import type { State } from './state.js';

/** One fact in which two runs differ, before and after in few words. */
export interface StateDifference {
  readonly kind: 'models' | 'inputs' | 'packs' | 'comfyui' | 'environment';
  readonly subject: string;
  readonly before: string;
  readonly after: string;
}

/**
 * What differs in the files, packs and machine of two runs. What only one of them used stands in their prompts; what one of them did not capture
 * says nothing.
 */
export function stateDifferences(a: State, b: State): StateDifference[] {
  return [
    ...inBoth('models', a.models, b.models, modelWords, ({ digest }) => (digest === 'unhashed' ? undefined : digest)),
    ...inBoth(
      'inputs',
      a.inputs,
      b.inputs,
      (key) => `input ${key}`,
      ({ digest }) => digest,
    ),
    ...inBoth('packs', a.packs, b.packs, (key) => `pack ${key}`, packWords),
    ...pair('comfyui', 'ComfyUI', comfyuiWords(a), comfyuiWords(b)),
    ...inBoth(
      'environment',
      environmentFacts(a.environment),
      environmentFacts(b.environment),
      (name) => name,
      (text) => text,
    ),
  ];
}

function inBoth<Entry>(
  kind: StateDifference['kind'],
  before: ReadonlyMap<string, Entry>,
  after: ReadonlyMap<string, Entry>,
  name: (key: string) => string,
  words: (entry: Entry) => string | undefined,
): StateDifference[] {
  return [...before].flatMap(([key, entry]) => {
    const other = after.get(key);
    return other === undefined ? [] : pair(kind, name(key), words(entry), words(other));
  });
}

function pair(
  kind: StateDifference['kind'],
  subject: string,
  before: string | undefined,
  after: string | undefined,
): StateDifference[] {
  if (before === undefined || after === undefined || before === after) return [];
  return [{ kind, subject, before: short(before), after: short(after) }];
}

/** Without a commit, a version or a digest nothing is known to differ. */
function packWords({ commit, tree, version, dirty }: PackEntry): string | undefined {
  const state = commit ?? tree ?? version;
  return state === undefined || dirty === undefined ? state : `${short(state)} with edits ${short(dirty)}`;
}

const comfyuiWords = ({ comfyui }: State) => (comfyui === undefined ? undefined : packWords(comfyui));

const short = (value: string) => value.replace(/^((?:sha256:)?[0-9a-f]{12})[0-9a-f]{28,}$/, '$1');
