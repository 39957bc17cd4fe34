import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { textForDiff } from './sharing/textconv.js';
import { safe } from './terminal/safe.js';
import { readNameTable } from './workflow/name-table.js';

/**
 * `git comfy textconv --names <table> <file>`, started early: git starts it for each side of each diff that its cache does not know. `undefined`
 * where a file cannot be read: the command line says why.
 */
export function textconv(table: string, file: string): string | Uint8Array | undefined {
  try {
    const names = readNameTable(readFileSync(table, 'utf8'));
    const bytes = readFileSync(file);
    // A small file is described before optimised code would pay: compiling it takes longer than all the work.
    if (bytes.length < smallFile) setFlagsFromString('--no-opt');
    const text = textForDiff(bytes, names);
    return text === undefined ? bytes : safe(text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

/** The same text for a file that the filter has in its hands; `undefined` where it is shown as it is. */
export function describeShown(table: string, file: Uint8Array): string | undefined {
  described += file.length;
  setFlagsFromString(described < smallFile ? '--no-opt' : '--opt');
  const text = textForDiff(file, readNameTable(table));
  return text === undefined ? undefined : safe(text);
}

/** Bytes, of all files so far. */
let described = 0;

const smallFile = 256 * 1024;
