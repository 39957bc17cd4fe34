import { readFile } from 'node:fs/promises';
import { basename, extname, resolve, sep } from 'node:path';
import { type FileType, fileTypes } from './disk.js';
import { type Asked, empty, type Reply } from './reply.js';
import type { Simulation } from './simulation.js';

const types: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.json': 'application/json',
  '.txt': 'text/plain',
};

/** `/view`: the bytes of a file. `preview` and `channel` are not simulated: the file comes as it is. */
export async function view({ base }: Simulation, { query, headers }: Asked): Promise<Reply> {
  const asked = query.get('filename');
  if (asked === null) return empty(404);
  const [, name = asked, annotated] = /^(.*) \[(output|input|temp)\]$/.exec(asked) ?? [];
  if (name === '' || name.startsWith('/') || name.includes('..')) return empty(400);
  const type = fileTypes.find((known) => known === (annotated ?? query.get('type') ?? 'output'));
  if (type === undefined) return empty(400);
  const folder = folderOf(base, type, query.get('subfolder') ?? '');
  if (folder === undefined) return empty(403);
  const filename = basename(name);
  const bytes = await readFile(resolve(folder, filename)).catch(() => undefined);
  if (bytes === undefined) return empty(404);
  const disposition = { 'Content-Disposition': `filename="${Buffer.from(filename).toString('latin1')}"` };
  const reply = { type: types[extname(filename).toLowerCase()] ?? 'application/octet-stream', headers: disposition };
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers['range'] ?? '') ?? [];
  if (first === undefined) return { status: 200, ...reply, body: bytes };
  return { status: 206, ...reply, body: bytes.subarray(Number(first), Number(last) + 1) };
}

function folderOf(base: string, type: FileType, subfolder: string): string | undefined {
  const top = resolve(base, type);
  const folder = resolve(top, subfolder);
  return folder === top || folder.startsWith(top + sep) ? folder : undefined;
}
