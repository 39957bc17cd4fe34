import { execFile, spawn } from 'node:child_process';
import { env as ours } from 'node:process';
import { GitError, Interrupted } from '../errors.js';

export interface GitOptions {
  readonly input?: string | Uint8Array;
  /** Added to the environment of this call; `undefined` takes a variable out of it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Our own internal calls never run our filter: it would start a process for each, and could recurse.
 * Calls that have to normalise (`add`, `checkout`, `commit` for the user) pass `withFilter` arguments instead.
 */
export const withoutFilter: readonly string[] = [
  '-c',
  'filter.comfy.process=',
  '-c',
  'filter.comfy.clean=',
  '-c',
  'filter.comfy.smudge=',
  '-c',
  'filter.comfy.required=false',
];

/** Bytes. */
const mostOutput = 1024 * 1024 * 1024;

/** Messages in English, nothing rewritten in passing, nobody asked at the terminal. */
export const fixedEnvironment = { LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };

/**
 * Runs git in `cwd` with an argument array, never through a shell. Any exit code is a result; use `git` where only 0 will do.
 * Output is bytes: paths and contents need not be UTF-8. Messages of git come in English.
 * @throws GitError `git-missing` when there is no git; Interrupted when the signal fires, or Ctrl-C reached git
 */
export async function runGit(cwd: string, args: readonly string[], options: GitOptions = {}): Promise<GitResult> {
  if (options.signal === undefined) return askGit(cwd, args, options.env, options.input);
  const { execa } = await import('execa');
  const done = await execa('git', [...args], {
    cwd,
    encoding: 'buffer',
    stripFinalNewline: false,
    reject: false,
    maxBuffer: mostOutput,
    env: { ...fixedEnvironment, ...options.env },
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    cancelSignal: options.signal,
  });
  if (done.exitCode === undefined) throw withoutEnd(done);
  return {
    code: done.exitCode,
    stdout: Buffer.from(done.stdout),
    stderr: Buffer.from(done.stderr).toString('utf8'),
  };
}

/**
 * As `runGit`, where nobody would interrupt it: loading what that takes is ten times as long as git itself.
 * @throws GitError `git-missing`, `git-failed`; Interrupted when Ctrl-C reached git
 */
export function askGit(
  cwd: string,
  args: readonly string[],
  more: GitOptions['env'] = {},
  input: string | Uint8Array = '',
): Promise<GitResult> {
  const env = { ...ours, ...fixedEnvironment, ...more };
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      [...args],
      { cwd, env, encoding: 'buffer', maxBuffer: mostOutput },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code;
        if (typeof code === 'number') resolve({ code, stdout, stderr: stderr.toString('utf8') });
        else reject(withoutEnd({ isCanceled: false, signal: error?.signal ?? undefined, cause: error }));
      },
    );
    // A git that has ended without reading it says so by its exit code.
    child.stdin?.on('error', () => {});
    if (input.length === 0) child.stdin?.end();
    else child.stdin?.end(input);
  });
}

/**
 * Runs git and returns what it printed.
 * @throws GitError `git-failed` on any exit code but 0, with git's own last error as the message; `locked`
 */
export async function git(cwd: string, args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
  const result = await runGit(cwd, args, options);
  if (result.code === 0) return result.stdout;
  throw gitFailed(args, result);
}

/** As `git`, decoded as UTF-8 and without the final line break. */
export async function gitText(cwd: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  return (await git(cwd, args, options)).toString('utf8').replace(/\n$/, '');
}

/** As `gitText`; `undefined` on exit code 1, which is how git says "there is none" (config, rev-parse -q, symbolic-ref -q). */
export async function gitMaybe(
  cwd: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string | undefined> {
  const result = await runGit(cwd, args, options);
  if (result.code === 0) return result.stdout.toString('utf8').replace(/\n$/, '');
  if (result.code === 1) return undefined;
  throw gitFailed(args, result);
}

/** Splits NUL-separated output (`-z`); a final NUL makes no empty last item. */
export function splitNul(output: Buffer): string[] {
  const items = output.toString('utf8').split('\0');
  if (items.at(-1) === '') items.pop();
  return items;
}

export function gitFailed(args: readonly string[], result: GitResult): GitError {
  const held = /Unable to create '(.+\.lock)': File exists/.exec(result.stderr)?.[1];
  if (held !== undefined) {
    return new GitError('locked', `another git is at work in this repository, or was stopped in it: ${held} is there`, {
      hint: 'wait for it and run this again; if no git is at work, remove that file first',
    });
  }
  const lines = result.stderr.trim().split('\n');
  const full = /No space left on device|Out of diskspace|Disk quota exceeded/.test(result.stderr);
  const said = lines.findLast((line) => /^(?:fatal|error): /.test(line)) ?? lines.at(-1) ?? '';
  const verb = args.find((argument) => /^[a-z]/.test(argument)) ?? '';
  return new GitError('git-failed', said === '' ? `git ${verb} ended with ${result.code}` : said, {
    hint: full ? 'the disk is full: make room, then run it again' : `this was: git ${args.join(' ')}`,
  });
}

export interface Unended {
  readonly isCanceled: boolean;
  readonly signal?: string | undefined;
  readonly cause?: unknown;
}

/** Ctrl-C in a terminal goes to git as well as to us, and git may be the first to end. */
const fromPeople: readonly (string | undefined)[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Why git has no exit code. */
export function withoutEnd({ isCanceled, signal, cause }: Unended): GitError | Interrupted {
  if (isCanceled || fromPeople.includes(signal)) return new Interrupted();
  const missing = (cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
  if (missing)
    return new GitError('git-missing', 'git could not be started', {
      hint: 'install git 2.30 or newer, or put it on PATH',
    });
  const hint =
    signal === 'SIGXFSZ'
      ? 'a file may not grow further here: raise the limit (ulimit -f), then'
      : 'if it was short of memory, make room;';
  return new GitError('git-failed', `git was ended by ${signal ?? 'a signal'}`, {
    cause,
    hint: `${hint} run it again`,
  });
}

export interface HandOver {
  readonly env?: Readonly<Record<string, string>>;
  /** Where git's stdout goes: ours, or stderr where ours is for data. */
  readonly stdout: 'inherit' | 'stderr';
}

/**
 * Hands the terminal to git, editor and all, as if the person had typed it: in their language, with their settings. Returns git's own exit
 * code; Ctrl-C is git's to answer.
 * @throws GitError `git-missing`; Interrupted when Ctrl-C ended git
 */
export function handOver(cwd: string, args: readonly string[], { env, stdout }: HandOver): Promise<number> {
  return new Promise((resolve, reject) => {
    const git = spawn('git', [...args], {
      cwd,
      stdio: ['inherit', stdout === 'inherit' ? 'inherit' : 2, 'inherit'],
      env: { ...ours, ...env },
    });
    git.on('error', (cause) => reject(withoutEnd({ isCanceled: false, cause })));
    git.on('close', (code, signal) => {
      if (code === null) reject(withoutEnd({ isCanceled: false, signal: signal ?? undefined }));
      else resolve(code);
    });
  });
}
