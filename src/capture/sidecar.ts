import { extname } from 'node:path';
import { InputError } from '../errors.js';
import { readBounded } from '../files/read.js';
import { tryParseJson } from '../workflow/json.js';
import { readParameters } from '../workflow/parameters.js';
import { promptDocuments } from '../workflow/prompt-documents.js';
import type { BesideFacts } from './embedded-facts.js';

/** A prompt or workflow of tens of megabytes does occur. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Reads what programs leave beside an output that has nothing in it: `picture.png.json`, `picture.json` with prompt, workflow or both;
 * `picture.txt` with parameters. Empty where there is none, or nothing in it is known.
 */
export async function readSidecar(path: string): Promise<BesideFacts> {
  const stem = path.slice(0, path.length - extname(path).length);
  for (const beside of [`${path}.json`, `${stem}.json`, `${stem}.txt`, `${path}.txt`]) {
    const text = beside === path ? undefined : await textOf(beside);
    if (text === undefined) continue;
    const documents = beside.endsWith('.json') ? promptDocuments(tryParseJson(text)) : {};
    if (documents.prompt !== undefined || documents.workflow !== undefined) return documents;
    if (readParameters(text) !== undefined) return { parameters: text };
  }
  return {};
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return (await readBounded(path, mostBytes)).toString('utf8');
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
