import { shellWord } from '../shell-word.js';
import type { ModelEntry, PackEntry } from './entries.js';
import { splitModelKey } from './model-words.js';

/** Says whose facts are expected: `the lock's`, `the record's`. */
export type Whose = "the lock's" | "the record's";

/** A lock may move to what is here; what was true at a run stays true. */
export const moveHint = (key: string, whose: Whose): string | undefined =>
  whose === "the lock's" ? `if that is meant: git comfy lock --update ${shellWord(key)}` : undefined;

/** Or back to what the lock says. */
const moveOrProvide = (key: string) =>
  `if that is meant: git comfy lock --update ${shellWord(key)}; if not: git comfy provide`;

export const modelHint = (key: string, expected: ModelEntry, whose: Whose): string | undefined =>
  whose === "the lock's" ? moveOrProvide(key) : returnHint(key, expected);

/** What may bring a model back that is in no folder. */
export function missingHint(key: string, expected: ModelEntry, whose: Whose): string | undefined {
  const back = returnHint(key, expected);
  return whose === "the lock's" && back !== undefined ? `git comfy provide fetches it if it can; else ${back}` : back;
}

export function installHint({ repository, registry, commit }: PackEntry, disabled: boolean): string {
  if (disabled) return 'enable it in ComfyUI-Manager, then restart ComfyUI';
  const at = commit === undefined ? '' : ` at ${short(commit)}`;
  if (repository !== undefined) return `install it from ${repository}${at}, then restart ComfyUI`;
  return registry === undefined ? 'install it, then restart ComfyUI' : `install ${registry} with ComfyUI-Manager`;
}

/** A model is used under any name, as long as its content is that of then. */
export function returnHint(key: string, { digest }: ModelEntry): string | undefined {
  if (!digest.startsWith('sha256:')) return undefined;
  return `put sha256 ${short(digest)} back into models/${splitModelKey(key).folder}, any name will do`;
}

/** The commit to go back to; nothing is checked out here. */
export function packHint(
  key: string,
  { commit, registry, tree, version }: PackEntry,
  whose: Whose,
): string | undefined {
  if (whose === "the lock's") return moveOrProvide(key);
  if (registry !== undefined) return `install ${registry} with ComfyUI-Manager, then restart ComfyUI`;
  if (tree !== undefined) return 'put its files of then back; nothing but the files themselves says which they were';
  if (commit === undefined && version !== undefined) return `use version ${version}`;
  if (commit === undefined || !/^[0-9a-f]{12,64}$/.test(commit)) return undefined;
  return `to go back: git -C ${folderOf(key)} checkout ${short(commit)}, then restart ComfyUI`;
}

/** What was edited in a clone; edits that a run had and that are gone cannot be shown. */
export function editHint(key: string, seen: PackEntry, whose: Whose): string | undefined {
  if (seen.dirty === undefined || seen.commit === undefined) return moveHint(key, whose);
  return moveHint(key, whose) ?? `what was edited: git -C ${folderOf(key)} diff`;
}

const folderOf = (key: string) => (key === 'comfyui' ? 'ComfyUI' : shellWord(`custom_nodes/${key}`));

const short = (value: string) => value.replace(/^sha256:/, '').slice(0, 12);
