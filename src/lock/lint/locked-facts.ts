import { shellWord } from '../../shell-word.js';
import type { Lock, PackEntry, WorkflowNeeds } from '../entries.js';
import { lineOfKey } from '../line-of-key.js';
import { lockPath } from '../lockfile.js';
import type { Finding } from './finding.js';
import type { RuleId } from './rules.js';

/** A lock as it stands in a repository, and the workflows of it that are looked at. */
export interface LintedLock {
  readonly lock: Lock;
  readonly text: string;
  readonly paths: readonly string[];
}

const relock = `git comfy lock && git add ${lockPath}`;

/** What the lock itself says of the things that workflows use: missing, not to be brought back, edited, of nobody. */
export function lockedFindings(linted: LintedLock): Finding[] {
  return [
    ...fileFindings(linted, 'models', 'model-missing'),
    ...fileFindings(linted, 'inputs', 'input-missing'),
    ...classFindings(linted),
    ...packFindings(linted),
  ];
}

function fileFindings(linted: LintedLock, section: 'models' | 'inputs', code: RuleId): Finding[] {
  return [...usedBy(linted, section)].flatMap(([key, paths]) => {
    const entry = linted.lock[section].get(key);
    if (entry?.digest !== 'missing' || ('executed' in entry && entry.executed === false)) return [];
    const text = `${key} is locked as missing (${named(paths)})`;
    const hint = `on a machine that has it: ${relock}`;
    return [{ ...finding(linted, key, code, text, hint), ...(entry.guess === true ? { unsure: true as const } : {}) }];
  });
}

/** Without a pack nobody can install what is missing; the lock of a machine without ComfyUI has no classes at all. */
function classFindings(linted: LintedLock): Finding[] {
  if (linted.lock.classes.size === 0) return [];
  return [...usedBy(linted, 'classes')].flatMap(([name, paths]) => {
    const entry = linted.lock.classes.get(name);
    if (entry?.pack !== undefined) return [];
    const what = entry === undefined ? 'was not there where the lock was written' : 'is of a pack that nobody named';
    const hint = `with ComfyUI running and the pack installed: ${relock}`;
    return [finding(linted, name, 'class-unknown', `node ${name} ${what} (${named(paths)})`, hint)];
  });
}

function packFindings(linted: LintedLock): Finding[] {
  const { lock } = linted;
  const used = new Set([...usedBy(linted, 'classes').keys()].flatMap((name) => lock.classes.get(name)?.pack ?? []));
  const packs = [...lock.packs].filter(([name]) => used.has(name) || isOrphan(lock, name));
  const entries = lock.comfyui === undefined ? packs : [['comfyui', lock.comfyui] as const, ...packs];
  return entries.flatMap(([name, entry]) => {
    const what = name === 'comfyui' ? 'ComfyUI' : `pack ${name}`;
    const loose = looseness(entry, name === 'comfyui');
    const update = `git comfy lock --update ${shellWord(name)} && git add ${lockPath}`;
    const unpinned = () =>
      finding(linted, name, 'pack-unpinned', `${what} ${loose}`, `install it with git, then: ${update}`);
    const edited = () =>
      finding(
        linted,
        name,
        'pack-edited',
        `${what} has local edits that nobody else has`,
        `commit and push them in the pack, or take them back, then: ${update}`,
      );
    return [...(loose === undefined ? [] : [unpinned()]), ...(entry.dirty === undefined ? [] : [edited()])];
  });
}

/** A pack that is needed, and nobody can tell which class is its own. */
const isOrphan = ({ classes }: Lock, name: string) => ![...classes.values()].some(({ pack }) => pack === name);

/** Why nobody could bring this version back; `undefined` where somebody can. A release of ComfyUI has its tag. */
function looseness(entry: PackEntry, isComfyui: boolean): string | undefined {
  if (entry.commit !== undefined && (entry.repository !== undefined || isComfyui)) return undefined;
  if (entry.registry !== undefined || (isComfyui && entry.version !== undefined)) return undefined;
  if (entry.missing === true) return 'was not installed where the lock was written';
  if (entry.commit !== undefined) return 'has a commit, and no repository for others to fetch';
  if (entry.tree !== undefined) return 'is not under git: its content is known, and nobody could fetch it';
  return 'has no commit';
}

/** By key of a section, the workflows that use it. */
function usedBy({ lock, paths }: LintedLock, section: keyof WorkflowNeeds): Map<string, string[]> {
  const used = new Map<string, string[]>();
  for (const path of paths) {
    for (const key of lock.workflows.get(path)?.[section] ?? []) used.set(key, [...(used.get(key) ?? []), path]);
  }
  return used;
}

const mostNamed = 3;

const named = (paths: readonly string[]) =>
  [...paths.slice(0, mostNamed), ...(paths.length > mostNamed ? [`${paths.length - mostNamed} more`] : [])].join(', ');

function finding({ text: lockText }: LintedLock, key: string, code: RuleId, text: string, hint: string): Finding {
  const line = lineOfKey(lockText, key);
  return { path: lockPath, key, ...(line === undefined ? {} : { line }), code, text, hint };
}
