import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readBounded } from '../files/read.js';
import type { PackPlace } from './packs.js';
import { classesOfPython } from './python-classes.js';

/** More Python than any pack has. */
const mostFiles = 3000;
const mostBytes = 2 * 1024 * 1024;
const mostFolders = 2000;

/** Of a pack's folder, what Python, git or npm put there. */
const notItsOwn: ReadonlySet<string> = new Set(['__pycache__', 'node_modules', 'site-packages', 'venv']);

/** How a class was found in the text of a pack: `mapped` is what ComfyUI registers, `keyed` anything that may become it. */
export type Finding = 'mapped' | 'keyed';

/**
 * Which of the classes a pack defines, by the text of its Python files. Nothing of it is executed, links are not followed, and a file that cannot
 * hold a wanted name is not looked at closer.
 */
export async function definedClasses(place: PackPlace, wanted: Iterable<string>): Promise<Map<string, Finding>> {
  const found = new Map<string, Finding>();
  const names = [...wanted];
  for (const path of place.file ? [place.path] : await pythonFiles(place.path)) {
    const text = await textOf(path);
    if (text === undefined || !names.some((name) => text.includes(stem(name)))) continue;
    const { mapped, keyed } = classesOfPython(text);
    for (const name of names) {
      if (mapped.has(name)) found.set(name, 'mapped');
      else if (!found.has(name) && (keyed.has(name) || isBranded(name, place, keyed))) found.set(name, 'keyed');
    }
  }
  return found;
}

/** `Power Lora Loader (rgthree)` is made of `Power Lora Loader` and the pack's own brand. */
const stem = (name: string) => name.replace(/ \([^()]*\)$/, '');

function isBranded(name: string, { name: pack }: PackPlace, keyed: ReadonlySet<string>): boolean {
  const brand = / \(([^()]+)\)$/.exec(name)?.[1];
  return brand !== undefined && pack.toLowerCase().includes(brand.toLowerCase()) && keyed.has(stem(name));
}

/** A file that cannot be read as text says nothing. */
const textOf = async (path: string) => (await readBounded(path, mostBytes).catch(() => undefined))?.toString('utf8');

async function pythonFiles(root: string): Promise<string[]> {
  const found: string[] = [];
  const waiting = [''];
  for (let seen = 0; seen < mostFolders && found.length < mostFiles; seen++) {
    const at = waiting.shift();
    if (at === undefined) break;
    const entries = await readdir(join(root, at), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || notItsOwn.has(entry.name)) continue;
      if (entry.isDirectory()) waiting.push(join(at, entry.name));
      else if (entry.isFile() && entry.name.endsWith('.py')) found.push(join(root, at, entry.name));
    }
  }
  return found.slice(0, mostFiles);
}

/** Which of the classes are ComfyUI's own: no pack can take their names. */
export async function ownClasses(root: string, wanted: readonly string[]): Promise<Set<string>> {
  const files = ['nodes.py', 'comfy_extras', 'comfy_api_nodes'].map((name) => join(root, name));
  const own = new Set<string>();
  for (const path of files) {
    const file = (await stat(path).catch(() => undefined))?.isFile() === true;
    const found = await definedClasses({ name: 'comfyui', path, file }, wanted);
    for (const [name, how] of found) if (how === 'mapped') own.add(name);
  }
  return own;
}
