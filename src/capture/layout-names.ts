import { createHash } from 'node:crypto';

/** Which layout: of this normal form (a blob id), at this path. */
export interface LayoutName {
  readonly blob: string;
  /** SHA-256 of the path's bytes in hex: paths hold anything and may be longer than a file name. */
  readonly path: string;
}

/** @param path relative to the top, with `/`; git's bytes where it need not be UTF-8 */
export function layoutName(blob: string, path: string | Uint8Array): LayoutName {
  return { blob, path: createHash('sha256').update(path).digest('hex') };
}

/** Where the store keeps all layouts of a blob. */
export const storeFolder = (blob: string) => `layouts/${blob.slice(0, 2)}/${blob}`;

/** Where the store keeps it (product.md, "Where things are kept"). */
export const storePath = ({ blob, path }: LayoutName) => `${storeFolder(blob)}/${path}.json`;

export function readStorePath(file: string): LayoutName | undefined {
  const [, blob, path] = /^layouts\/[0-9a-f]{2}\/([0-9a-f]+)\/([0-9a-f]+)\.json$/.exec(file) ?? [];
  return blob === undefined || path === undefined ? undefined : { blob, path };
}

/** Its file in the journal. */
export const journalFile = ({ blob, path }: LayoutName) => `${blob}.${path}.json`;

/** Also for a file that is being folded, which has one more ending; not for temporary ones. */
export function readJournalFile(file: string): LayoutName | undefined {
  const [, blob, path] = /^([0-9a-f]{40,64})\.([0-9a-f]{64})\.json(?:\.[0-9a-f]+\.folding)?$/.exec(file) ?? [];
  return blob === undefined || path === undefined ? undefined : { blob, path };
}
