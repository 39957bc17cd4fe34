import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { mapAtOnce } from '../files/map-at-once.js';
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

/** Finds the files behind paths, each once. One that is not there (any more) is told of, with a size of 0. */
export async function locateFiles(
  paths: readonly string[],
  onFailed: (file: LocatedFile, error: Error) => void,
): Promise<LocatedFile[]> {
  const found = new Map<string, LocatedFile>();
  // Hundreds of models share few folders.
  const folders = new Map<string, Promise<string>>();
  for (const file of await mapAtOnce([...new Set(paths)], (name) => locate(name, folders))) {
    if (file.error !== undefined) onFailed(file, file.error);
    else found.set(file.path, { ...file, names: [...(found.get(file.path)?.names ?? []), ...file.names] });
  }
  return [...found.values()];
}

const nothing: FileIdentity = { size: 0, mtime: '0', ctime: '0', inode: '0', device: '0' };

async function locate(
  name: string,
  folders: Map<string, Promise<string>>,
): Promise<LocatedFile & { readonly error?: Error }> {
  try {
    const own = await lstat(name, { bigint: true });
    const folder = dirname(name);
    if (!folders.has(folder)) folders.set(folder, realpath(folder));
    const path = own.isSymbolicLink()
      ? await realpath(name)
      : join((await folders.get(folder)) ?? folder, basename(name));
    const identity = identityOf(own.isSymbolicLink() ? await stat(path, { bigint: true }) : own);
    return { path, identity, size: identity.size, names: [name] };
  } catch (error) {
    return { path: name, identity: nothing, size: 0, names: [name], error: error as Error };
  }
}
