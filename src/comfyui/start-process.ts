import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { open } from 'node:fs/promises';
import { kill, platform } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';

export interface ProcessStart {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Everything that it prints goes there. */
  readonly log: string;
  /** The Node.js that runs us: it also runs the one that watches over the process. */
  readonly node: string;
}

export interface StartedProcess {
  /** Resolves when the process has ended, or could not be started; never rejects. */
  readonly ended: Promise<void>;
  readonly hasEnded: () => boolean;
  /** Ends it and all that it started; asks first, and does not ask twice. */
  readonly stop: () => Promise<void>;
}

/** How long a server may take to end in an orderly way. */
const patience = 5000;

/** Windows has no process groups; there the processes that it started are found by who started them. */
const treeKill = (pid: number) => ['taskkill', ['/pid', String(pid), '/t', '/f']] as const;

/**
 * Starts a long-running program in a process group of its own. Ctrl-C in the terminal is ours to answer, and reaches it by `stop`; where we are killed
 * or crash, a watcher that hears of it by the end of a pipe ends the group.
 * @throws where the log cannot be written
 */
export async function startProcess({ program, args, cwd, env, log, node }: ProcessStart): Promise<StartedProcess> {
  const file = await open(log, 'w');
  const alone = { detached: true, windowsHide: true };
  const child = spawn(program, [...args], { cwd, env, ...alone, stdio: ['ignore', file.fd, file.fd] });
  let over = false;
  const ended = new Promise<void>((done) => {
    const end = () => {
      over = true;
      done();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  await file.close();
  const watcher = child.pid === undefined ? undefined : watchOver(child.pid, node);
  const stop = async () => {
    if (!over) endGroup(child, 'SIGTERM');
    await Promise.race([ended, wait(patience, undefined, { ref: false })]);
    // What it started may have stayed, even where it is gone itself.
    endGroup(child, 'SIGKILL');
    await ended;
    watcher?.kill('SIGKILL');
  };
  return { ended, hasEnded: () => over, stop };
}

/** Ends the group when its own stdin ends: the system closes that pipe however we end. */
const watching = (pid: number) =>
  "const { exit, kill, platform, stdin } = require('node:process');" +
  `const tree = () => require('node:child_process').spawnSync(...${JSON.stringify(treeKill(pid))});` +
  `const group = () => { for (const id of [-${pid}, ${pid}]) try { kill(id, 'SIGKILL') } catch {} };` +
  "const end = () => { platform === 'win32' ? tree() : group(); exit() };" +
  "stdin.on('end', end).on('error', end).resume();";

function watchOver(pid: number, node: string): ChildProcess {
  const alone = { detached: true, windowsHide: true };
  const watcher = spawn(node, ['-e', watching(pid)], { ...alone, stdio: ['pipe', 'ignore', 'ignore'] });
  watcher.on('error', () => {}); // then only `stop` ends the process
  watcher.stdin?.on('error', () => {});
  watcher.unref();
  return watcher;
}

function endGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (platform === 'win32') {
    // The number of one that has ended may be another's by now.
    if (child.exitCode === null) spawnSync(...treeKill(pid), { stdio: 'ignore', windowsHide: true });
    return;
  }
  try {
    // A negative number is the whole group.
    kill(-pid, signal);
  } catch {
    child.kill(signal);
  }
}
