import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere } from '../files/read.js';
import { withFolders } from '../files/walk.js';
import { git, splitNul } from '../git/exec.js';
import type { Repository } from '../git/repository.js';
import { documentKind } from '../workflow/detect.js';
import { parseJson } from '../workflow/json.js';

/** Larger files are asked about with `--track`. Bytes. */
const mostBytes = 16 * 1024 * 1024;
const mostFiles = 20_000;

/**
 * Paths of the files that really are ComfyUI workflows (UI format): tracked ones, and new ones that git does not ignore.
 * API-format prompts are used as they are written and need no filter.
 */
export async function findWorkflows(repository: Repository): Promise<string[]> {
  const args = [
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
    '--deduplicate',
    '--',
    ':(icase)*.json',
  ];
  return workflowsOf(repository.top, splitNul(await git(repository.top, args)));
}

/** As `findWorkflows`, in a folder that is in no repository; paths are relative to it. */
export async function workflowsBelow(folder: string): Promise<string[]> {
  return workflowsOf(folder, await withFolders(folder, ['.'], (name) => /\.json$/i.test(name)));
}

async function workflowsOf(top: string, candidates: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of candidates.slice(0, mostFiles)) if (await isWorkflow(join(top, path))) found.push(path);
  return found;
}

async function isWorkflow(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined || !info.isFile() || info.size > mostBytes) return false;
  const text = (await readIfThere(path))?.toString('utf8') ?? '';
  // Most JSON of a project is no workflow; these two words cost less than a parse.
  if (!text.includes('"nodes"') || !text.includes('"type"')) return false;
  try {
    return documentKind(parseJson(text)) === 'workflow';
  } catch {
    return false;
  }
}
