import { ComfyError, Interrupted } from '../errors.js';
import { safe } from './safe.js';

export type Outcome =
  | { readonly ok: boolean; readonly result: unknown }
  | { readonly ok: false; readonly error: unknown };

/** The `--json` envelope: `schemaVersion`, `command`, `ok`, and `result` or `error{code, message, hint}`; one line, harmless for a terminal. */
export function envelope(command: string, outcome: Outcome): string {
  const body = 'error' in outcome ? { error: failure(outcome.error, command) } : { result: outcome.result };
  return `${safe(JSON.stringify({ schemaVersion: 1, command, ok: outcome.ok, ...body }))}\n`;
}

/**
 * An error for people: one sentence, and a line that says what to type next.
 * @param command whose usage helps where the error itself has no better advice
 */
export function failureText(error: unknown, command?: string): string {
  const { message, hint } = failure(error, command);
  return `git comfy: ${message}${hint === undefined ? '' : `\n  ${hint}`}`;
}

function failure(error: unknown, command?: string): { code: string; message: string; hint?: string } {
  if (error instanceof ComfyError) {
    const usage =
      command === undefined || error instanceof Interrupted ? undefined : `git comfy ${command} -h shows the usage`;
    const hint = error.hint ?? usage;
    return { code: error.code, message: error.message, ...(hint === undefined ? {} : { hint }) };
  }
  const system = systemFailures[(error as NodeJS.ErrnoException | undefined)?.code ?? ''];
  const message = error instanceof Error ? error.message : String(error);
  if (system !== undefined) return { code: 'system', message, hint: system };
  return {
    code: 'bug',
    message: `this is a bug in git comfy: ${message}`,
    hint: 'run it again with GIT_COMFY_DEBUG=1 and report what it prints',
  };
}

const systemFailures: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room, then run it again; nothing was half written',
  EDQUOT: 'your disk quota is used up: make room, then run it again; nothing was half written',
  EFBIG: 'the file may not grow further here: raise the limit, then run it again; nothing was half written',
  EACCES: 'look at who owns the file and what you may do with it',
  EPERM: 'look at who owns the file and what you may do with it',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many open files: raise the limit (ulimit -n), then run it again',
};

/** Whether the operating system refused, which is "cannot" (exit 2) and no bug of ours. */
export const isSystemFailure = (error: unknown) =>
  (error as NodeJS.ErrnoException | undefined)?.code !== undefined &&
  Object.hasOwn(systemFailures, String((error as NodeJS.ErrnoException).code));
