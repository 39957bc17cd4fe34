import { execFile } from 'node:child_process';
import { env as ours } from 'node:process';
import { fixedEnvironment, type GitResult, withoutEnd } from './exec.js';

/**
 * As `runGit`, for a question that git answers from its settings in a few milliseconds: nothing is given to it, and nobody would interrupt it.
 * Every command begins with two of these, and loading what `runGit` needs takes ten times as long.
 * @throws GitError `git-missing`, `git-failed`; Interrupted when Ctrl-C reached git
 */
export function askGit(cwd: string, args: readonly string[]): Promise<GitResult> {
  const env = { ...ours, ...fixedEnvironment };
  return new Promise((resolve, reject) => {
    execFile(
      'git',
      [...args],
      { cwd, env, encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code;
        if (typeof code === 'number') resolve({ code, stdout, stderr: stderr.toString('utf8') });
        else reject(withoutEnd({ isCanceled: false, signal: error?.signal ?? undefined, cause: error }));
      },
    ).stdin?.end();
  });
}
