import { lockPath } from '../lock/lockfile.js';

/** Workflows are looked for here where nothing else is known. */
export const defaultPattern = 'workflows/**/*.json';

/** In ComfyUI's own folder of saved workflows, where no other JSON is. */
export const allSaved = '*.json';

/**
 * Attribute patterns for exactly these workflow files: all JSON below their folders, and files at the top one by one, since a
 * blanket `*.json` there would take in every configuration file. Folders inside another of the list are left out.
 */
export function patternsFor(paths: readonly string[]): string[] {
  const folders = [...new Set(paths.filter((path) => path.includes('/')).map(folderOf))].sort();
  const outer = folders.filter((folder) => !folders.some((other) => folder.startsWith(`${other}/`)));
  const top = paths.filter((path) => !path.includes('/')).sort();
  return [...outer.map((folder) => `${escapeGlob(folder)}/**/*.json`), ...top.map((path) => `/${escapeGlob(path)}`)];
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/'));

/** gitignore(5): these would match other names too. */
const escapeGlob = (path: string) => path.replace(/[\\*?[\]]|^!/g, '\\$&');

/** One line of our block; gitattributes(5) takes a pattern with white space or quotes in C style. */
export function attributeLine(pattern: string): string {
  const plain = !/[\s"]|^[#!]/.test(pattern);
  const quoted = plain ? pattern : `"${pattern.replace(/[\\"]/g, '\\$&').replaceAll('\t', '\\t')}"`;
  return `${quoted} -text filter=comfy diff=comfy merge=comfy`;
}

/** The line for the lock: two of them are united entry by entry. */
export const lockAttributeLine = `/${lockPath} merge=comfy-lock`;

/** The pattern of such a line; `undefined` for a line that is none. */
export function patternOf(line: string): string | undefined {
  const found = /^("(?:[^"\\]|\\.)*"|\S+)\s+-text filter=comfy\b/.exec(line)?.[1];
  if (found === undefined || !found.startsWith('"')) return found;
  return found
    .slice(1, -1)
    .replaceAll('\\t', '\t')
    .replace(/\\([\\"])/g, '$1');
}

/** A path that the pattern would match, to ask git which attributes it has already. */
export const examplePath = (pattern: string): string =>
  pattern
    .replace(/^\//, '')
    .replaceAll('**/', '')
    .replace(/\\(.)|\*/g, (_, escaped: string | undefined) => escaped ?? 'example');
