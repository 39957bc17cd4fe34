import { readFile } from 'node:fs/promises';
import { gitMaybe } from './exec.js';

export type Favor = 'ours' | 'theirs';

/**
 * Which side wins every conflict: `git merge -X theirs`, or `git -c comfy.favor=theirs merge`. `undefined` where people decide. Git does not hand `-X`
 * on to merge drivers, so it is read from git's own command line, where the system shows it (Linux).
 */
export async function findFavor(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Favor | undefined> {
  // Of this command only: a setting that is always there would decide what nobody has looked at.
  const isSet = env['GIT_CONFIG_PARAMETERS'] !== undefined || env['GIT_CONFIG_COUNT'] !== undefined;
  const configured = isSet ? await gitMaybe(cwd, ['config', '--get', 'comfy.favor']) : undefined;
  return isFavor(configured) ? configured : favorOfCaller();
}

const isFavor = (word: string | undefined): word is Favor => word === 'ours' || word === 'theirs';

/** From git to us there are a shell and the launcher, and an alias may have started git. */
const mostAncestors = 6;

async function favorOfCaller(): Promise<Favor | undefined> {
  let id = 'self';
  for (let step = 0; step < mostAncestors; step++) {
    const parent = await parentOf(id);
    const words = parent === undefined ? undefined : await wordsOf(parent);
    if (parent === undefined || words === undefined) return undefined;
    const favor = /(?:^|\/)git(?:-[a-z]+)?$/.test(words[0] ?? '') ? favorIn(words) : undefined;
    if (favor !== undefined) return favor;
    id = parent;
  }
  return undefined;
}

/** `-X ours`, `-Xours`, `--strategy-option ours`, `--strategy-option=ours`; of several the last one counts. */
export function favorIn(words: readonly string[]): Favor | undefined {
  const options = words.flatMap((word, at) => {
    if (word === '-X' || word === '--strategy-option') return [words[at + 1]];
    return /^(?:-X|--strategy-option=)(.+)$/s.exec(word)?.[1] ?? [];
  });
  return options.findLast(isFavor);
}

/** proc(5): `<id> (<name>) <state> <parent> ...`; the name may hold anything. */
async function parentOf(id: string): Promise<string | undefined> {
  const stat = await readFile(`/proc/${id}/stat`, 'latin1').catch(() => undefined);
  return stat === undefined ? undefined : /^ \S (\d+) /.exec(stat.slice(stat.lastIndexOf(')') + 1))?.[1];
}

async function wordsOf(id: string): Promise<string[] | undefined> {
  const line = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => undefined);
  return line?.split('\0');
}
