import type { Finding } from '../lock/lint/finding.js';
import { shellWord } from '../shell-word.js';
import { safeLine } from '../terminal/safe.js';

/** Problems that one command mends. */
export interface ProblemGroup {
  /** One line a problem, the last one counts the rest where there are many; safe to print. */
  readonly lines: readonly string[];
  /** What to type; safe to print. */
  readonly mend: string;
}

const mostLines = 10;

/** Groups problems by what mends them, in the order in which they come, so that a command to type is said once. */
export function groupProblems(problems: readonly Finding[]): ProblemGroup[] {
  const groups = new Map<string, Finding[]>();
  for (const problem of problems) {
    const key = problem.code === 'not-normal-form' ? problem.code : problem.hint;
    groups.set(key, [...(groups.get(key) ?? []), problem]);
  }
  return [...groups.values()].map((group) => ({ lines: linesOf(group), mend: safeLine(mendOf(group)) }));
}

function linesOf(group: readonly Finding[]): string[] {
  const shown = group.slice(0, mostLines).map(({ text }) => safeLine(text));
  return group.length > mostLines ? [...shown, `and ${group.length - mostLines} more like it`] : shown;
}

/** Raw files are mended by name; many of them by their folders. */
function mendOf(group: readonly Finding[]): string {
  const [first] = group;
  if (first?.code !== 'not-normal-form') return first?.hint ?? '';
  const paths = group.map(({ path }) => path);
  const folders = new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1) || '.'));
  const named = paths.length > mostLines ? [...folders] : paths;
  return `git add --renormalize -- ${named.map(shellWord).join(' ')}`;
}
