import { spawn } from 'node:child_process';
import { gitText } from './exec.js';

/** What git gives a pager that is not told otherwise (git-config(1), core.pager). */
const usual = { LESS: 'FRX', LV: '-c' };

/**
 * The pager that git would use here (GIT_PAGER, `core.pager`, PAGER, less); `undefined` where the person wants none.
 */
export async function pagerOf(cwd: string): Promise<string | undefined> {
  const pager = await gitText(cwd, ['var', 'GIT_PAGER']).catch(() => '');
  return pager === '' || pager === 'cat' ? undefined : pager;
}

/**
 * Shows text in a pager on the terminal; resolves when the person has left it. `false` where it could not be started: the text is still to be
 * printed. The pager is a line for the shell, as it is for git: it comes from the person's own settings, never from a repository's files.
 */
export function showInPager(
  cwd: string,
  pager: string,
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  return new Promise((done) => {
    const running = spawn(pager, {
      cwd,
      shell: true,
      stdio: ['pipe', 'inherit', 'inherit'],
      env: { ...usual, ...env, GIT_PAGER_IN_USE: 'true' },
    });
    running.once('error', () => done(false));
    running.once('close', (code) => done(code !== notFound));
    // Who leaves a pager early closes the pipe.
    running.stdin.on('error', () => {});
    running.stdin.end(`${text}\n`);
  });
}

/** Exit code of a shell that knows no such program. */
const notFound = 127;
