import { hash } from 'node:crypto';

/** Which layout: of this normal form (a blob id), at this path. */
export interface LayoutName {
  readonly blob: string;
  /** SHA-256 of the path's bytes in hex: paths hold anything and may be longer than a file name. */
  readonly path: string;
}

/** @param path relative to the top, with `/`; git's bytes where it need not be UTF-8 */
export function layoutName(blob: string, path: string | Uint8Array): LayoutName {
  return { blob, path: hash('sha256', path) };
}

/** Where the store keeps it. */
export const storePath = ({ blob, path }: LayoutName): string => `layouts/${blob.slice(0, 2)}/${blob}/${path}.json`;

/** Back from a path of the store; `undefined` for any other file. */
export function readStorePath(file: string): LayoutName | undefined {
  const [, blob, path] = /^layouts\/[0-9a-f]{2}\/([0-9a-f]{40,64})\/([0-9a-f]{64})\.json$/.exec(file) ?? [];
  return blob === undefined || path === undefined ? undefined : { blob, path };
}
