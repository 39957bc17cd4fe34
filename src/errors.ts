/** Exit codes of the program; "no" (1) is an answer, not an error. */
export const exitCode = { ok: 0, no: 1, cannot: 2, bug: 70, interrupted: 130 } as const;

export interface ErrorDetails {
  /** What to type or do next; shown on a line of its own. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * "Could not do it": the base of every error that a person is meant to read. Exit code 2.
 * `code` is stable and kebab-case, for `--json`; `message` is one sentence; `hint` says what to type next.
 */
export class ComfyError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exit: number = exitCode.cannot;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = details.hint;
  }
}

/** The command line itself is wrong. */
export class UsageError extends ComfyError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('usage', message, details);
  }
}

/** Input that is not what it has to be: a workflow, a picture, a lockfile, a server's answer. */
export class InputError extends ComfyError {}

/** git said no, or the repository is not in a state for this. */
export class GitError extends ComfyError {}

/** The ComfyUI server could not be reached, or refused. */
export class ServerError extends ComfyError {}

/** Ctrl-C, or a signal from outside. */
export class Interrupted extends ComfyError {
  override readonly exit: number = exitCode.interrupted;

  constructor(message = 'interrupted') {
    super('interrupted', message);
  }
}

/**
 * What the promise gives, unless the signal fires first; then nobody waits for it any more.
 * @throws Interrupted
 */
export function orInterrupted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(new Interrupted());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    void promise.finally(() => signal.removeEventListener('abort', stop)).then(resolve, reject);
  });
}

/** Throws `Interrupted` once the signal has fired; call it between steps of long work. */
export function checkInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new Interrupted();
}

/** An error as data: threads hand no others on. */
export interface Failure {
  /** Absent for what no person is meant to read. */
  readonly code?: string;
  readonly message: string;
  readonly hint?: string;
}

export function failureOf(error: unknown): Failure {
  const { message } = error as Error;
  if (!(error instanceof ComfyError)) return { message };
  const { code, hint } = error;
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}

/** What the failure was made of, as far as it goes. */
export function errorOf({ code, message, hint }: Failure): Error {
  if (code === undefined) return new Error(message);
  return code === 'interrupted' ? new Interrupted() : new InputError(code, message, hint === undefined ? {} : { hint });
}

/**
 * Fires when the signal does, or after so many milliseconds. `AbortSignal.timeout` in `AbortSignal.any` never would once garbage was collected: only
 * weak references lead to it (Node 20). The timer here keeps its own alive.
 */
export function limited(signal: AbortSignal, milliseconds: number): AbortSignal {
  const over = new AbortController();
  // A budget of nothing is over at once, not when a timer gets its turn.
  if (milliseconds <= 0) over.abort();
  else setTimeout(() => over.abort(), milliseconds).unref();
  return AbortSignal.any([signal, over.signal]);
}
