// Real processes with real signals: a program that is stopped in the middle, at a place that the test can see.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { commandLine, type Heard, hear, type Ran } from './build.js';
import { type TestRepository, temporaryFolder } from './git.js';

export interface Started extends Heard {
  readonly pid: number;
}

/** How Ctrl-C arrives: from a terminal at every process of the group, from a supervisor at the program alone. */
export const senders = ['the terminal', 'a supervisor'] as const;
export type Sender = (typeof senders)[number];

/** Starts `git-comfy <words>` in a process group of its own, as a shell does. */
export function start(cwd: string, words: readonly string[], env: Record<string, string> = {}): Started {
  const running = spawn(commandLine[0], [commandLine[1], ...words], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const pid = running.pid ?? 0;
  onTestFinished(() => void signalGroup(pid, 'SIGKILL'));
  return { pid, ...hear(running) };
}

/** Presses Ctrl-C and checks that the program ends as one that was interrupted, and leaves no process behind. */
export async function interrupt(running: Started, sender: Sender = 'the terminal'): Promise<Ran> {
  process.kill(sender === 'the terminal' ? -running.pid : running.pid, 'SIGINT');
  const ran = await running.ended;
  expect(ran, ran.stderr).toMatchObject({ code: 130, stderr: expect.stringContaining('git comfy: interrupted\n') });
  await until(() => !signalGroup(running.pid, 0));
  return ran;
}

/** Whether there was anybody in the group to take it. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** Resolves when a condition holds that the world outside brings about. */
export const until = (holds: () => boolean | Promise<boolean>) =>
  vi.waitUntil(holds, { timeout: 40_000, interval: 10 });

export interface StoppedGit {
  /** For the program: finds this git first. */
  readonly env: Record<string, string>;
  /** The program has come to the command, and waits for it. */
  readonly reached: () => Promise<unknown>;
}

/** A git that hangs at one command (`fast-import`, `worktree add`), as over a slow network or disk, until somebody ends it. */
export function gitThatHangsAt(words: string): StoppedGit {
  const folder = temporaryFolder();
  const mark = join(folder, 'reached');
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const script = `#!/bin/sh\ncase " $* " in *" ${words} "*) : >'${mark}'; exec tail -f /dev/null ;; esac\nexec '${real}' "$@"\n`;
  writeFileSync(join(folder, 'git'), script);
  chmodSync(join(folder, 'git'), 0o755);
  return {
    env: { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` },
    reached: () => until(() => existsSync(mark)),
  };
}

/** The program is reading a file: seen in its open files where the system shows these (Linux), else said as progress. */
export const untilReading = (running: Started, path: string) =>
  until(() => openFiles(running.pid)?.includes(path) ?? running.err().includes('hashing models'));

function openFiles(pid: number): string[] | undefined {
  const folder = `/proc/${pid}/fd`;
  if (!existsSync('/proc/self/fd')) return undefined;
  try {
    return readdirSync(folder).map((name) => readlinkSync(join(folder, name)));
  } catch {
    return [];
  }
}

/** What a program that was stopped must not leave: locks of git, half of a file, work trees. */
export function leftovers(repository: TestRepository): string[] {
  const files = readdirSync(repository.path, { recursive: true, encoding: 'utf8' });
  const trees = repository.git('worktree', 'list', '--porcelain').split('\n\n');
  return [...files.filter((path) => /\.(?:lock|tmp)$/.test(path) && path !== 'comfy.lock'), ...trees.slice(1)];
}

export const journalOf = (repository: TestRepository) => {
  const folder = join(repository.path, '.git/comfy/journal/records');
  return existsSync(folder) ? readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')) : [];
};

/** Runs the program where no file may grow past so many blocks of 512 bytes, for what it starts too: as on a full disk, a write fails in the middle. */
export function withFullDisk(cwd: string, blocks: number, words: readonly string[], env: Record<string, string> = {}) {
  return limited(cwd, blocks, [...commandLine, ...words], env);
}

/** As `withFullDisk`, of any program. */
export function limited(
  cwd: string,
  blocks: number,
  words: readonly string[],
  env: Record<string, string> = {},
): Promise<Ran> {
  const script = `ulimit -f ${blocks}; exec "$@"`;
  return new Promise((done) =>
    execFile('sh', ['-c', script, 'sh', ...words], { cwd, env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : ((error.code as number | null | undefined) ?? -1), stdout, stderr }),
    ),
  );
}
