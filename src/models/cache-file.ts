import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readIfThere } from '../files/read.js';
import { type CacheLine, isNewer, readCacheLine } from './cache-line.js';

/** What the file said, and how many of its lines say nothing any more. */
export interface LoadedLines {
  readonly byPath: Map<string, CacheLine>;
  readonly all: readonly CacheLine[];
}

/** Reads the file, and what a process that ended while it tidied up had set aside. */
export async function loadLines(file: string): Promise<LoadedLines> {
  const all: CacheLine[] = [];
  for (const path of [...(await setAside(file)), file]) {
    const text = (await readIfThere(path).catch(() => undefined))?.toString('utf8') ?? '';
    all.push(...text.split('\n').flatMap((line) => readCacheLine(line) ?? []));
  }
  const byPath = new Map<string, CacheLine>();
  for (const line of all) if (isNewer(line, byPath.get(line.path))) byPath.set(line.path, line);
  return { byPath, all };
}

/** The file may be taken away under an append so often, before a line is given up: it costs one reading. */
const attempts = 20;

/**
 * Adds whole lines; processes may do so at the same moment. The line break comes first too: after a line that a crash cut short, ours is
 * still one.
 * @returns whether they are in the file
 * @throws system errors
 */
export async function appendLines(file: string, lines: Iterable<CacheLine>): Promise<boolean> {
  const text = [...lines].map((line) => `\n${JSON.stringify(line)}\n`).join('');
  await mkdir(dirname(file), { recursive: true });
  for (let attempt = 0; attempt < attempts; attempt++) {
    const handle = await open(file, 'a');
    try {
      await handle.writeFile(text);
      const written = await handle.stat({ bigint: true });
      const there = await stat(file, { bigint: true }).catch(() => undefined);
      if (there?.ino === written.ino && there.dev === written.dev) return true;
    } finally {
      await handle.close();
    }
  }
  return false;
}

/**
 * Drops lines that say nothing any more. The file is set aside first, so that whoever appends meanwhile sees that it is gone, and appends to
 * a new one; what counts of it is appended there too. Wherever this is cut off, no line is lost.
 * @throws system errors
 */
export async function tidyLines(file: string): Promise<void> {
  await rename(file, `${file}.${randomBytes(6).toString('hex')}.aside`);
  const aside = await setAside(file);
  const { byPath } = await loadLines(file);
  if (!(await appendLines(file, byPath.values()))) return;
  for (const path of aside) await rm(path, { force: true });
}

async function setAside(file: string): Promise<string[]> {
  const names = await readdir(dirname(file)).catch(() => []);
  const ours = names.filter((name) => name.startsWith(`${basename(file)}.`) && name.endsWith('.aside'));
  return ours.map((name) => join(dirname(file), name));
}
