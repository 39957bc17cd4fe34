// The built program, as git and people start it. `build-once.ts` has built it before the first test.
import { spawn } from 'node:child_process';
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

/** Runs `git-comfy <words>` in a folder, nobody at the terminal. */
export function runProgram(cwd: string, words: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const running = spawn(commandLine[0], [commandLine[1], ...words], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  running.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  running.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((done) => running.once('close', (code) => done({ code, stdout, stderr })));
}
