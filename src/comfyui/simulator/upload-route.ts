import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { extname, posix, resolve, sep } from 'node:path';
import { fileTypes } from './disk.js';
import { PythonError } from './python.js';
import { type Asked, empty, json, type Reply } from './reply.js';
import type { Simulation } from './simulation.js';

/** `POST /upload/image`: into `input/`; a name that is taken by other bytes gets ` (1)`, unless `overwrite` is said. */
export async function upload({ base }: Simulation, asked: Asked): Promise<Reply> {
  const form = await formOf(asked);
  const type = fileTypes.find((known) => known === (form.get('type') ?? 'input'));
  if (type === undefined) throw new PythonError('UnboundLocalError', 'no such folder');
  const image = form.get('image');
  if (!(image instanceof Blob) || image.name === '') return empty(400);
  const subfolder = String(form.get('subfolder') ?? '');
  const top = resolve(base, type);
  const folder = resolve(top, posix.normalize(subfolder === '' ? '.' : subfolder));
  if (!resolve(folder, image.name).startsWith(top + sep)) return empty(400);
  await mkdir(folder, { recursive: true });
  const bytes = Buffer.from(await image.arrayBuffer());
  const overwrite = ['true', '1'].includes(String(form.get('overwrite')));
  const name = overwrite ? image.name : await freeName(folder, image.name, bytes);
  await writeFile(resolve(folder, name), bytes);
  return json(
    new Map([
      ['name', name],
      ['subfolder', subfolder],
      ['type', type],
    ]),
  );
}

/** The first name that is free, or that already holds these bytes. */
async function freeName(folder: string, name: string, bytes: Buffer): Promise<string> {
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  for (let count = 0; ; count++) {
    const candidate = count === 0 ? name : `${stem} (${count})${extension}`;
    const there = await readFile(resolve(folder, candidate)).catch(() => undefined);
    if (there === undefined || there.equals(bytes)) return candidate;
  }
}

function formOf({ headers, body }: Asked): Promise<FormData> {
  const type = headers['content-type'] ?? '';
  return new Response(new Uint8Array(body), { headers: { 'Content-Type': type } }).formData();
}
