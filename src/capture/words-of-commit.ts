import { basename } from 'node:path';
import { ComfyError } from '../errors.js';
import { readObjects } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { stagedWorkflows } from '../git/staged.js';
import { stagedMoves } from '../git/staged-moves.js';
import type { Lock } from '../lock/entries.js';
import { diffWorkflows } from '../workflow/diff.js';
import { changeLines } from '../workflow/diff-words.js';
import { promptDifferences, promptDifferenceText } from '../workflow/prompt-differences.js';
import { readSource } from '../workflow/read-source.js';
import type { Source } from '../workflow/resolved-nodes.js';

/** What a commit changes in one workflow, in words. */
export interface FileWords {
  readonly path: string;
  /** Nothing where the change has no words (a layout kept in the file). */
  readonly lines: readonly string[];
}

/** What the workflows of an index change against HEAD, in words; names of widgets come from the lock. */
export async function wordsOfCommit(
  repository: Repository,
  lock: Lock,
  index: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<FileWords[]> {
  const names = new Map([...lock.classes].map(([name, { widgets }]) => [name, widgets] as const));
  const words: FileWords[] = [];
  const [staged, { removed, renamed }] = await Promise.all([
    stagedWorkflows(repository, index),
    stagedMoves(repository, index),
  ]);
  const specs = staged.flatMap(({ path, blob }) => [`HEAD:${renamed.get(path) ?? path}`, blob]);
  let at = 0;
  let before: Source | undefined;
  for await (const { bytes } of readObjects(repository, specs)) {
    const source = bytes === undefined ? undefined : sourceIn(bytes);
    const path = staged[Math.floor(at / 2)]?.path ?? '';
    const from = renamed.get(path);
    if (at++ % 2 === 0) before = source;
    else if (source !== undefined) {
      const moved = from === undefined ? [] : [`renamed from ${from}`];
      words.push({ path, lines: [...moved, ...wordsOf(before, source, names)] });
    }
  }
  return [...words, ...removed.map((path) => ({ path, lines: ['removed'] }))];
}

function sourceIn(bytes: Buffer): Source | undefined {
  try {
    return readSource(bytes);
  } catch (error) {
    if (error instanceof ComfyError) return undefined;
    throw error;
  }
}

function wordsOf(
  before: Source | undefined,
  after: Source,
  names: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  if (before === undefined) return ['new'];
  if ('root' in before && 'root' in after) return changeLines(diffWorkflows(before, after, names));
  if ('root' in before || 'root' in after) return ['another format'];
  return promptDifferences(before, after).map(promptDifferenceText);
}

/** Longer subjects are cut by most tools that show them. */
const subjectLength = 72;

/** A whole commit message: what changed as the subject where it is one thing, all of it below where it is more. */
export function messageOf(words: readonly FileWords[]): string {
  const [first, second] = words;
  if (first === undefined) return 'Update comfy.lock';
  const one = second === undefined ? `${basename(first.path, '.json')}: ${first.lines[0] ?? 'update'}` : undefined;
  if (one !== undefined && first.lines.length <= 1 && one.length <= subjectLength) return one;
  const subject =
    second === undefined
      ? `${basename(first.path, '.json')}: ${first.lines.length} changes`
      : `Change ${words.length} workflows: ${words.map(({ path }) => basename(path, '.json')).join(', ')}`;
  return [shortened(subject), '', ...linesOf(words)].join('\n');
}

const shortened = (subject: string) =>
  subject.length <= subjectLength ? subject : `${subject.slice(0, subjectLength - 3).trimEnd()}...`;

/** One line a change, below the path of its file. */
export const linesOf = (words: readonly FileWords[]): string[] =>
  words.flatMap(({ path, lines }) => [`${path}:`, ...lines.map((line) => `  ${line.replaceAll('\n', ' ')}`)]);
