// The simulated ComfyUI over a folder that goes away with the test.
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SimulatedClass } from '../../src/comfyui/simulator/node-class.js';
import { startSimulator } from '../../src/comfyui/simulator/start.js';
import { temporaryFolder } from './git.js';

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
  files: Record<string, string | Uint8Array> = {},
  classes: readonly SimulatedClass[] = [],
): Promise<TestComfy> {
  const base = temporaryFolder('git-comfy-server-');
  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), content);
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  const simulator = await startSimulator({ base, classes });
  onTestFinished(() => simulator.close());
  return {
    url: simulator.url,
    base,
    write,
    read: (path) => readFileSync(join(base, path)),
    move: (from, to) => {
      mkdirSync(dirname(join(base, to)), { recursive: true });
      renameSync(join(base, from), join(base, to));
    },
    list: (folder) => (readdirSync(join(base, folder), { recursive: true, encoding: 'utf8' }) as string[]).sort(),
  };
}
