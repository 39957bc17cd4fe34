import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readIfThere } from '../files/read.js';
import { getConfig } from '../git/config.js';
import { gitMaybe } from '../git/exec.js';
import { comfyPath, type Repository } from '../git/repository.js';
import { type FileWords, linesOf } from './words-of-commit.js';

/**
 * Runs `git commit` so that the editor opens with what changed below the message, as comments that git takes out again. Where git
 * would not take them out (another clean-up mode, an automatic comment character), it opens as always.
 */
export async function withTemplate(
  repository: Repository,
  words: readonly FileWords[],
  commit: (extra: readonly string[]) => Promise<number>,
): Promise<number> {
  const comment = await commentCharacter(repository);
  if (words.length === 0 || comment === undefined) return commit([]);
  const own = await gitMaybe(repository.top, ['config', '--path', '--get', 'commit.template']);
  const before = own === undefined ? '' : ((await readIfThere(own))?.toString('utf8') ?? '');
  const lines = ['', ...linesOf(words)].map((line) => `${comment} ${line}`.trimEnd());
  const file = comfyPath(repository, 'cache', `message-${randomBytes(6).toString('hex')}.txt`);
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(file, `${before.replace(/\n*$/, '')}\n${lines.join('\n')}\n`);
    return await commit([`--template=${file}`]);
  } finally {
    await rm(file, { force: true });
  }
}

async function commentCharacter(repository: Repository): Promise<string | undefined> {
  const cleanup = (await getConfig(repository, 'commit.cleanup')) ?? 'default';
  if (cleanup !== 'default' && cleanup !== 'strip') return undefined;
  const set = (await getConfig(repository, 'core.commentString')) ?? (await getConfig(repository, 'core.commentChar'));
  if (set === 'auto') return undefined;
  return set ?? '#';
}
