import { type AnsweringChild, answeringChild, type TakeAnswer } from './answering-child.js';

/** One `git cat-file --batch` that answers name by name. */
export interface BatchReader {
  /** The bytes of what git finds under the name (`<commit>:<path>`); `undefined` where there is nothing, or git failed. */
  read(name: string): Promise<Buffer | undefined>;
  close(): void;
}

/** Started at the first question. Names must not contain line breaks. */
export function batchReader(cwd: string): BatchReader {
  let child: Promise<AnsweringChild<Buffer | undefined>> | undefined;
  return {
    async read(name) {
      child ??= answeringChild(cwd, ['cat-file', '--batch'], takeBytes);
      return (await child).ask(`${name}\n`);
    },
    close() {
      void child?.then(
        ({ close }) => close(),
        () => {},
      );
      child = undefined;
    },
  };
}

const lineBreak = 0x0a;

/** `<id> <type> <size>`, the bytes and a line break; or one line that says that there is nothing. */
const takeBytes: TakeAnswer<Buffer | undefined> = (held) => {
  const end = held.indexOf(lineBreak);
  if (end < 0) return undefined;
  const size = /^[0-9a-f]+ \w+ (\d+)$/.exec(held.toString('latin1', 0, end))?.[1];
  const start = end + 1;
  if (size === undefined) return { answer: undefined, rest: held.subarray(start) };
  const after = start + Number(size) + 1;
  if (held.length < after) return undefined;
  return { answer: held.subarray(start, after - 1), rest: held.subarray(after) };
};
