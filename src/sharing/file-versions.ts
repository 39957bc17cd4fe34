import { basename } from 'node:path';
import { readRunnable } from '../capture/runnable.js';
import { writeJson } from '../workflow/json.js';
import type { FileVersions, Version } from './versions.js';

/**
 * Two files as they are, whatever they come in: of a picture the workflow, else the prompt.
 * @throws InputError those of `readRunnable`
 */
export async function versionsOfFiles(before: string, after: string): Promise<FileVersions> {
  return { path: basename(after), before: await documentIn(before), after: await documentIn(after) };
}

/** @throws InputError those of `readRunnable` */
export async function documentIn(path: string): Promise<Version> {
  const { workflow, prompt } = await readRunnable(path);
  return { bytes: Buffer.from(writeJson(workflow ?? prompt ?? new Map())) };
}
