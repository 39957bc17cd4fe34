import { spawn } from 'node:child_process';

/** One `git cat-file --batch` that answers question by question, for the filter: it knows the next name only after the last answer. */
export interface BatchReader {
  /** The bytes of what git finds under the name (`<commit>:<path>`); `undefined` where there is nothing, or git failed. */
  read(name: string): Promise<Buffer | undefined>;
  close(): void;
}

const line = 0x0a;

/** Started at the first question. Names must not contain line breaks. */
export function batchReader(cwd: string): BatchReader {
  let child: ReturnType<typeof startBatch> | undefined;
  return {
    read(name) {
      child ??= startBatch(cwd);
      return child.ask(name);
    },
    close() {
      child?.end();
      child = undefined;
    },
  };
}

/** Execa is too heavy for the filter's start; this is the one other place that starts git. */
function startBatch(cwd: string) {
  const git = spawn('git', ['cat-file', '--batch'], { cwd, stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting: ((bytes: Buffer | undefined) => void)[] = [];
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
    for (let answer = takeAnswer(held); answer !== undefined; answer = takeAnswer(held)) {
      held = answer.rest;
      waiting.shift()?.(answer.bytes);
    }
  });
  return {
    ask: (name: string) =>
      new Promise<Buffer | undefined>((resolve) => {
        if (ended) return resolve(undefined);
        waiting.push(resolve);
        git.stdin.write(`${name}\n`);
      }),
    end: () => git.stdin.end(),
  };
}

/** `<id> <type> <size>`, the bytes and a line break; or one line that says that there is nothing. */
function takeAnswer(held: Buffer): { readonly bytes: Buffer | undefined; readonly rest: Buffer } | undefined {
  const end = held.indexOf(line);
  if (end < 0) return undefined;
  const size = /^[0-9a-f]+ \w+ (\d+)$/.exec(held.toString('latin1', 0, end))?.[1];
  const start = end + 1;
  if (size === undefined) return { bytes: undefined, rest: held.subarray(start) };
  const after = start + Number(size) + 1;
  if (held.length < after) return undefined;
  return { bytes: held.subarray(start, after - 1), rest: held.subarray(after) };
}
