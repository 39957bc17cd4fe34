// The built program, as git and people start it. `build-once.ts` has built it before the first test.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export const program = {
  node: process.execPath,
  script: fileURLToPath(new URL('../../dist/git-comfy.cjs', import.meta.url)),
};

/** To be followed by the words of a command. */
export const commandLine: readonly [string, string] = [program.node, program.script];

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a program has said so far, and its end. */
export interface Heard {
  readonly out: () => string;
  readonly err: () => string;
  /** After every process that shares its pipes has ended too. */
  readonly ended: Promise<Ran>;
}

export function hear(running: ChildProcessByStdio<null, Readable, Readable>): Heard {
  let stdout = '';
  let stderr = '';
  running.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  running.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<Ran>((done) => running.once('close', (code) => done({ code, stdout, stderr })));
  return { out: () => stdout, err: () => stderr, ended };
}

/** Runs `git-comfy <words>` in a folder, nobody at the terminal. */
export function runProgram(cwd: string, words: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const options = { cwd, env: { ...process.env, ...env } };
  return hear(spawn(commandLine[0], [commandLine[1], ...words], { ...options, stdio: ['ignore', 'pipe', 'pipe'] }))
    .ended;
}
