import { ServerError } from '../errors.js';
import { isArray, isObject, type Json, type JsonObject } from '../workflow/json.js';
import type { OutputFile } from './server.js';

/**
 * The files among what output nodes reported (`outputs` of a history entry): any key, any list or single item; what names no file
 * (texts, flags, numbers) are passed over.
 * @throws ServerError `bad-answer` for a name that would leave its folder
 */
export function outputFiles(outputs: Json | undefined): OutputFile[] {
  const found: OutputFile[] = [];
  for (const [node, ui] of isObject(outputs) ? outputs : []) {
    for (const [key, items] of isObject(ui) ? ui : []) {
      for (const [index, item] of (isArray(items) ? items : [items]).entries()) {
        const file = isObject(item) ? readFile(item) : undefined;
        if (file !== undefined) found.push({ node, key, index, ...file });
      }
    }
  }
  return found;
}

const types = ['output', 'temp', 'input'] as const;

function readFile(item: JsonObject): Pick<OutputFile, 'filename' | 'subfolder' | 'type'> | undefined {
  const filename = item.get('filename');
  const subfolder = item.get('subfolder') ?? '';
  // Nodes of packs leave the type out; ComfyUI's /view takes that as `output`.
  const usual = item.has('subfolder') ? 'output' : undefined;
  const type = types.find((known) => known === (item.get('type') ?? usual));
  if (typeof filename !== 'string' || typeof subfolder !== 'string' || type === undefined) return undefined;
  const folder = subfolder.replaceAll('\\', '/');
  if (!isPlainName(filename) || !isInside(folder)) {
    throw new ServerError('bad-answer', `the server named an output outside of its folder: ${folder}/${filename}`, {
      hint: 'do not trust this server',
    });
  }
  return { filename, subfolder: folder, type };
}

const isPlainName = (name: string) => !/[/\\\0]/.test(name) && name !== '' && name !== '.' && name !== '..';

const isInside = (folder: string) =>
  folder === '' || (!/^(?:\/|[A-Za-z]:)|\0/.test(folder) && folder.split('/').every((part) => part !== '..'));
