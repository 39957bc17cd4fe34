/** A git that answers question by question, for the filter: it knows the next one only after the last answer. */
export interface AnsweringChild<T> {
  /** The next answer is this question's; `undefined` where git failed. */
  ask(question: string | Buffer): Promise<T | undefined>;
  close(): void;
}

/** What git answered first, and what came after it; `undefined` while it is not whole. */
export type TakeAnswer<T> = (held: Buffer) => { readonly answer: T; readonly rest: Buffer } | undefined;

/** Execa is too heavy for the filter's start; this is the one other place that starts git. Most filters never get here. */
export async function answeringChild<T>(
  cwd: string,
  args: readonly string[],
  take: TakeAnswer<T>,
): Promise<AnsweringChild<T>> {
  const { spawn } = await import('node:child_process');
  const git = spawn('git', args, { cwd, stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting: ((answer: T | undefined) => void)[] = [];
  let held: Buffer = Buffer.alloc(0);
  let ended = false;
  const fail = () => {
    ended = true;
    for (const resolve of waiting.splice(0)) resolve(undefined);
  };
  git.on('error', fail).on('close', fail);
  // A child that died is noticed by its end; the write that failed on the way says nothing more.
  git.stdin.on('error', () => {});
  git.stdout.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (let taken = take(held); taken !== undefined; taken = take(held)) {
      held = taken.rest;
      waiting.shift()?.(taken.answer);
    }
  });
  return {
    ask: (question) =>
      new Promise((resolve) => {
        if (ended) return resolve(undefined);
        waiting.push(resolve);
        git.stdin.write(question);
      }),
    close: () => git.stdin.end(),
  };
}
