import { stat } from 'node:fs/promises';
import { isObject, type Json, type JsonObject } from '../../workflow/json.js';
import { folderPaths, type ModelFile, modelFiles } from './disk.js';
import { pythonFloat } from './python.js';
import { empty, json, type Reply } from './reply.js';
import type { Simulation } from './simulation.js';
import { safetensorsHeader } from './weights.js';

/** Folders that are no models, or that only the old list knows. */
const noModels = ['configs', 'custom_nodes'];

export const modelFolderNames = (): Json[] => [...folderPaths('/').keys()];

export function folders({ base }: Simulation): JsonObject {
  return new Map<string, Json>(folderPaths(base));
}

export function experimentModels({ base }: Simulation): Json[] {
  return [...folderPaths(base)]
    .filter(([name]) => !noModels.includes(name))
    .map(
      ([name, paths]) =>
        new Map<string, Json>([
          ['name', name],
          ['folders', paths],
        ]),
    );
}

/** Names in one folder; with `details` where they are, their size and times. */
export async function modelList({ base }: Simulation, folder: string, details = false): Promise<Reply> {
  if (!folderPaths(base).has(folder) || folder === 'custom_nodes') return empty(404);
  const files = await modelFiles(base, folder);
  return json(details ? await Promise.all(files.map(detail)) : files.map(({ name }) => name));
}

async function detail(file: ModelFile): Promise<Json> {
  const { size, mtimeMs, ctimeMs } = await stat(file.path);
  return new Map<string, Json>([
    ['name', file.name],
    ['pathIndex', file.folder],
    ['modified', pythonFloat(mtimeMs / 1000)],
    ['created', pythonFloat(ctimeMs / 1000)],
    ['size', size],
  ]);
}

export async function embeddings({ base }: Simulation): Promise<Reply> {
  return json((await modelFiles(base, 'embeddings')).map(({ name }) => name.replace(/\.\w+$/, '')));
}

/** The `__metadata__` in the header of a safetensors file; 404 for everything else. */
export async function viewMetadata({ base }: Simulation, folder: string, name: string): Promise<Reply> {
  const file = (await modelFiles(base, folder)).find((known) => known.name === name);
  if (file === undefined || !name.endsWith('.safetensors')) return empty(404);
  const header = (await safetensorsHeader(file.path))?.header;
  const metadata = isObject(header) ? header.get('__metadata__') : undefined;
  return metadata === undefined ? empty(404) : json(metadata);
}
