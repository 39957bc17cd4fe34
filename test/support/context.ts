import { fileURLToPath } from 'node:url';
import type { Context } from '../../src/context.js';

export interface Captured {
  readonly context: Context;
  /** What went to stdout and stderr so far. */
  readonly out: () => string;
  readonly err: () => string;
}

/** A context that keeps what is written; no terminal, nobody to ask. */
export function captured(cwd: string, overrides: Partial<Context> = {}): Captured {
  const out: Buffer[] = [];
  let err = '';
  const context: Context = {
    cwd,
    env: process.env,
    input: async function* () {},
    write: async (data) => {
      out.push(Buffer.from(data));
    },
    talk: {
      say: (line) => {
        err += `${line}\n`;
      },
      progress: () => {},
      confirm: async () => false,
    },
    signal: new AbortController().signal,
    lend: (use) => use(),
    now: () => new Date(),
    program: { node: process.execPath, script: fileURLToPath(new URL('../../dist/git-comfy.cjs', import.meta.url)) },
    output: { color: false, width: 80, interactive: false },
    ...overrides,
  };
  return { context, out: () => Buffer.concat(out).toString('utf8'), err: () => err };
}
