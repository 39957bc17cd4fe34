import { answeringChild, type TakeAnswer } from './answering-child.js';

/** One `git check-attr` that answers path by path. */
export interface AttributeAsker {
  /**
   * The value of the attribute, in git's words; `undefined` where git failed.
   * @param path relative to the folder that git runs in; git's bytes
   */
  ask(path: string | Buffer): Promise<string | undefined>;
  close(): void;
}

/** Starts git. */
export function attributeAsker(cwd: string, attribute: string): AttributeAsker {
  const child = answeringChild(cwd, ['check-attr', '-z', '--stdin', attribute], takeValue);
  return {
    ask: async (path) => (await child).ask(Buffer.concat([Buffer.from(path as string), nul])),
    close: () =>
      void child.then(
        ({ close }) => close(),
        () => {},
      ),
  };
}

const nul = Buffer.from([0]);

/** path NUL attribute NUL value NUL. */
const takeValue: TakeAnswer<string> = (held) => {
  const path = held.indexOf(0);
  const attribute = path < 0 ? -1 : held.indexOf(0, path + 1);
  const value = attribute < 0 ? -1 : held.indexOf(0, attribute + 1);
  return value < 0
    ? undefined
    : { answer: held.toString('latin1', attribute + 1, value), rest: held.subarray(value + 1) };
};
