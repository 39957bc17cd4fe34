import { lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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

/**
 * Finds the files behind paths, each once. One that is not there (any more) is told of, with a size of 0. Asks without giving the thread
 * back: a question takes microseconds, and the way to another thread and back ten times that, which hundreds of models add up to.
 */
export function locateFiles(
  paths: readonly string[],
  onFailed: (file: LocatedFile, error: Error) => void,
): LocatedFile[] {
  const found = new Map<string, LocatedFile>();
  // Hundreds of models share few folders.
  const folders = new Map<string, string>();
  for (const name of new Set(paths)) {
    const file = locate(name, folders);
    if (file.error !== undefined) onFailed(file, file.error);
    else found.set(file.path, { ...file, names: [...(found.get(file.path)?.names ?? []), ...file.names] });
  }
  return [...found.values()];
}

const nothing: FileIdentity = { size: 0, mtime: '0', ctime: '0', inode: '0', device: '0' };

function locate(name: string, folders: Map<string, string>): LocatedFile & { readonly error?: Error } {
  try {
    const own = lstatSync(name, { bigint: true });
    const link = own.isSymbolicLink();
    const path = link ? realpathSync.native(name) : join(realFolder(dirname(name), folders), basename(name));
    const identity = identityOf(link ? statSync(path, { bigint: true }) : own);
    return { path, identity, size: identity.size, names: [name] };
  } catch (error) {
    return { path: name, identity: nothing, size: 0, names: [name], error: error as Error };
  }
}

function realFolder(folder: string, known: Map<string, string>): string {
  const real = known.get(folder) ?? realpathSync.native(folder);
  known.set(folder, real);
  return real;
}
