import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { env as ours } from 'node:process';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fixedEnvironment, gitFailed, type Unended, withoutEnd } from './exec.js';

/**
 * Runs git and hands its output on as it comes, so that neither side is ever whole in memory. Leaving the loop early ends git.
 * @throws GitError `git-missing`, `git-failed`; Interrupted when the signal fires; what `input` threw
 */
export async function* streamGit(
  cwd: string,
  args: readonly string[],
  input: Iterable<string> | AsyncIterable<string>,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const env = { ...ours, ...fixedEnvironment };
  const running = spawn('git', [...args], { cwd, env, stdio: 'pipe', ...(signal === undefined ? {} : { signal }) });
  const ending = endOf(running, signal);
  const feeding = feed(input, running.stdin, () => running.kill());
  let finished = false;
  try {
    for await (const chunk of running.stdout) yield chunk as Buffer;
    finished = true;
  } finally {
    if (!finished) running.kill();
    await ending;
  }
  const failure = await feeding;
  if (failure !== undefined) throw failure;
  checkEnd(args, await ending);
}

/** Hands the input over as git takes it; resolves with what the input threw. A git that has ended takes no more, and says why by its end. */
async function feed(
  input: Iterable<string> | AsyncIterable<string>,
  stdin: Writable,
  stop: () => void,
): Promise<unknown> {
  let failure: unknown;
  async function* guarded() {
    try {
      yield* input;
    } catch (error) {
      failure = error;
      stop();
    }
  }
  await pipeline(guarded, stdin).catch(() => undefined);
  return failure;
}

function endOf(running: ChildProcessWithoutNullStreams, signal: AbortSignal | undefined): Promise<Ended> {
  const said: Buffer[] = [];
  running.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  return new Promise((resolve) => {
    let cause: unknown;
    running.on('error', (error) => {
      cause = error;
      if (running.pid === undefined) resolve({ isCanceled: signal?.aborted ?? false, cause, stderr: '' });
    });
    running.on('close', (code, by) => {
      const ended = { isCanceled: signal?.aborted ?? false, cause, stderr: Buffer.concat(said) };
      resolve({ ...ended, ...(code === null ? {} : { exitCode: code }), ...(by === null ? {} : { signal: by }) });
    });
  });
}

interface Ended extends Unended {
  readonly exitCode?: number;
  readonly stderr: unknown;
}

function checkEnd(args: readonly string[], { exitCode, isCanceled, signal, cause, stderr }: Ended): void {
  if (isCanceled || exitCode === undefined) throw withoutEnd({ isCanceled, signal, cause });
  const result = {
    code: exitCode,
    stdout: Buffer.alloc(0),
    stderr: String(stderr),
  };
  if (exitCode !== 0) throw gitFailed(args, result);
}
