import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './cli.js';
import type { Context } from './context.js';
import { lendable, onInterrupt } from './terminal/interrupts.js';
import { talkOn } from './terminal/talk.js';

/** The only place that touches `process`: makes the context, runs, sets the exit code. */
export async function main(): Promise<void> {
  const interrupt = new AbortController();
  const onSignal = onInterrupt(
    interrupt,
    () => process.exit(130),
    () => performance.now(),
  );
  const { press: onCtrlC, lend } = lendable(onSignal);
  process.on('SIGINT', onCtrlC);
  // A closed terminal window is no reason to leave things half done either.
  for (const name of ['SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  // A file that may not grow further (ulimit -f) fails like a full disk, with a message, instead of ending us in the middle.
  process.on('SIGXFSZ', () => {});
  endQuietlyWhenReaderLeaves();
  makeGitPathsAbsolute();
  process.exitCode = await run({ ...processContext(), signal: interrupt.signal, lend }, process.argv.slice(2));
  process.off('SIGINT', onCtrlC);
  for (const name of ['SIGTERM', 'SIGHUP'] as const) process.off(name, onSignal);
}

function processContext(): Omit<Context, 'signal' | 'lend'> {
  const { env, stdout, stderr } = process;
  const noColor = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  const forced = !['', '0', undefined].includes(env['FORCE_COLOR']);
  const talk = talkOn(stderr, process.stdin);
  return {
    cwd: process.cwd(),
    env,
    input: () => process.stdin,
    write: (data) => {
      talk.makeRoom();
      return new Promise((done) => stdout.write(data, () => done()));
    },
    talk,
    now: () => new Date(),
    program: { node: process.execPath, script: fileURLToPath(new URL('git-comfy.cjs', import.meta.url)) },
    output: {
      color: forced || (stdout.isTTY === true && !noColor),
      // Some terminals say 0.
      width: stdout.columns || 80,
      interactive: stdout.isTTY === true,
    },
  };
}

/** `git comfy log | head` is no error: git's own commands end silently too. */
function endQuietlyWhenReaderLeaves(): void {
  const gone = (error: NodeJS.ErrnoException) => error.code === 'EPIPE' || error.code === 'EIO';
  process.stdout.on('error', (error) => {
    if (gone(error)) process.exit(0);
    throw error;
  });
  // Nobody listens to what is said: the work goes on.
  process.stderr.on('error', (error) => {
    if (!gone(error)) throw error;
  });
}

/** `git --git-dir=../.git comfy ...` hands the path on as it was typed, and we start git in other folders than this one. */
function makeGitPathsAbsolute(): void {
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_COMMON_DIR', 'GIT_OBJECT_DIRECTORY']) {
    const path = process.env[name];
    if (path !== undefined && path !== '') process.env[name] = resolve(path);
  }
}
