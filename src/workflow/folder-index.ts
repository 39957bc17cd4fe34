/** Names of model files with `/`, for looking up which folders hold them. */
export interface FolderIndex {
  /** Folders that hold something, by name. */
  readonly lists: ReadonlyMap<string, ReadonlySet<string>>;
  /** Folders by a name as it is spelled, and by its lower case. */
  readonly holders: ReadonlyMap<string, ReadonlySet<string>>;
  readonly similar: ReadonlyMap<string, ReadonlySet<string>>;
}

export type FileLists = ReadonlyMap<string, readonly string[]>;

export const slashes = (name: string) => name.replaceAll('\\', '/');

const made = new WeakMap<FileLists, FolderIndex>();

/** Made once for the lists of a server or a disk: there may be thousands of files, and as many values to look up. */
export function folderIndex(folders: FileLists): FolderIndex {
  const before = made.get(folders);
  if (before !== undefined) return before;
  const index = indexOf(folders);
  made.set(folders, index);
  return index;
}

function indexOf(folders: FileLists): FolderIndex {
  const lists = new Map<string, Set<string>>();
  const [holders, similar] = [new Map<string, Set<string>>(), new Map<string, Set<string>>()];
  const add = (map: Map<string, Set<string>>, name: string, folder: string) => {
    const known = map.get(name);
    if (known === undefined) map.set(name, new Set([folder]));
    else known.add(folder);
  };
  for (const [folder, files] of folders) {
    if (files.length > 0) lists.set(folder, new Set(files.map(slashes)));
    for (const file of lists.get(folder) ?? []) {
      add(holders, file, folder);
      add(similar, file.toLowerCase(), folder);
    }
  }
  return { lists, holders, similar };
}
