import { realpath, stat } from 'node:fs/promises';
import { type FileIdentity, identityOf } from './file-identity.js';

/** A file where it really is, behind all links. */
export interface LocatedFile {
  readonly path: string;
  readonly identity: FileIdentity;
  /** Bytes. */
  readonly size: number;
  /** The paths that led to it. */
  readonly names: readonly string[];
}

/** So many questions at once keep the disk, or a server far away, busy. */
const atOnce = 32;

/** Finds the files behind paths, each once. One that is not there (any more) is told of, with a size of 0. */
export async function locateFiles(
  paths: readonly string[],
  onFailed: (file: LocatedFile, error: Error) => void,
): Promise<LocatedFile[]> {
  const found = new Map<string, LocatedFile>();
  const names = [...new Set(paths)];
  for (let at = 0; at < names.length; at += atOnce) {
    for (const file of await Promise.all(names.slice(at, at + atOnce).map(locate))) {
      if (file.error !== undefined) onFailed(file, file.error);
      else found.set(file.path, { ...file, names: [...(found.get(file.path)?.names ?? []), ...file.names] });
    }
  }
  return [...found.values()];
}

const nothing: FileIdentity = { size: 0, mtime: '0', ctime: '0', inode: '0', device: '0' };

async function locate(name: string): Promise<LocatedFile & { readonly error?: Error }> {
  try {
    const path = await realpath(name);
    const identity = identityOf(await stat(path, { bigint: true }));
    return { path, identity, size: identity.size, names: [name] };
  } catch (error) {
    return { path: name, identity: nothing, size: 0, names: [name], error: error as Error };
  }
}
