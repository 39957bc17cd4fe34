import { stat } from 'node:fs/promises';
import type { Step } from './plan.js';

/** Takes a file or folder away, if it is there. */
export async function planRemoval(path: string, about: string): Promise<Step[]> {
  const there = (await stat(path).catch(() => undefined)) !== undefined;
  return there ? [{ do: 'remove', path, about }] : [];
}
