// The simulated ComfyUI with its files at hand.
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SimulatedClass } from '../../src/comfyui/simulator/node-class.js';
import type { Quirks } from '../../src/comfyui/simulator/quirks.js';
import { simulated } from './simulated.js';

export interface TestComfy {
  readonly url: string;
  /** The folder with `models/`, `input/`, `output/`. */
  readonly base: string;
  write(path: string, content: string | Uint8Array): void;
  read(path: string): Buffer;
  move(from: string, to: string): void;
  /** Files below a folder, sorted. */
  list(folder: string): string[];
}

export async function startComfy(
  files: Readonly<Record<string, string | Buffer>> = {},
  classes: readonly SimulatedClass[] = [],
  quirks: Quirks = {},
): Promise<TestComfy> {
  const { url, base } = await simulated(files, classes, quirks);
  const made = (path: string) => {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    return join(base, path);
  };
  return {
    url,
    base,
    write: (path, content) => writeFileSync(made(path), content),
    read: (path) => readFileSync(join(base, path)),
    move: (from, to) => renameSync(join(base, from), made(to)),
    list: (folder) => readdirSync(join(base, folder), { recursive: true, encoding: 'utf8' }).sort(),
  };
}
