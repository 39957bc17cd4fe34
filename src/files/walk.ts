import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InputError } from '../errors.js';
import { isMissing } from './read.js';

/** So many files below one folder are the most that are taken at once. */
const mostFiles = 1_000_000;

/**
 * Each path that is a folder gives way to the files below it, in the order of their names; links inside of it are not followed, and hidden files
 * are left out. Any other path stays as it is, whether it is there or not.
 * @param wanted says by name whether a file of a folder counts; what was named itself always does
 */
export async function withFolders(
  cwd: string,
  paths: readonly string[],
  wanted: (name: string) => boolean,
): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    if (await isFolder(resolve(cwd, path))) await walk(cwd, path, wanted, files);
    else files.push(path);
  }
  return files;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function walk(cwd: string, path: string, wanted: (name: string) => boolean, files: string[]): Promise<void> {
  const entries = await readdir(resolve(cwd, path), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const below = join(path, entry.name);
    if (entry.isDirectory()) await walk(cwd, below, wanted, files);
    else if (entry.isFile() && wanted(entry.name)) files.push(below);
    if (files.length > mostFiles)
      throw new InputError('too-many-files', `there are more than ${mostFiles} files in ${path}`);
  }
}
