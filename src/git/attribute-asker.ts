import { spawn } from 'node:child_process';

/** One `git check-attr` that answers path by path, for the filter: it knows the next path only after the last answer. */
export interface AttributeAsker {
  /**
   * The value of the attribute, in git's words; `undefined` where git failed.
   * @param path relative to the folder that git runs in; git's bytes
   */
  ask(path: string | Buffer): Promise<string | undefined>;
  close(): void;
}

/** Starts git. As for `batchReader`, execa is too heavy here. */
export function attributeAsker(cwd: string, attribute: string): AttributeAsker {
  const git = spawn('git', ['check-attr', '-z', '--stdin', attribute], { cwd, stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting: ((value: string | undefined) => void)[] = [];
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
    held = Buffer.concat([held, chunk]);
    for (let answer = takeAnswer(held); answer !== undefined; answer = takeAnswer(held)) {
      held = answer.rest;
      waiting.shift()?.(answer.value);
    }
  });
  return {
    ask: (path) =>
      new Promise((resolve) => {
        if (ended) return resolve(undefined);
        waiting.push(resolve);
        git.stdin.write(Buffer.concat([Buffer.from(path as string), nul]));
      }),
    close: () => git.stdin.end(),
  };
}

const nul = Buffer.from([0]);

/** path NUL attribute NUL value NUL. */
function takeAnswer(held: Buffer): { readonly value: string; readonly rest: Buffer } | undefined {
  const path = held.indexOf(0);
  const attribute = path < 0 ? -1 : held.indexOf(0, path + 1);
  const value = attribute < 0 ? -1 : held.indexOf(0, attribute + 1);
  return value < 0
    ? undefined
    : { value: held.toString('latin1', attribute + 1, value), rest: held.subarray(value + 1) };
}
