import { join } from 'node:path';
import { namesIn, textIfThere } from '../files/swap.js';
import { batchReader } from '../git/batch-reader.js';
import { type FilterPlace, filesBelow, storeTips } from '../git/filter-place.js';
import { type LayoutIndex, layoutIndex } from './layout-index.js';
import { journalFile, type LayoutName, readJournalFile, readStorePath, storePath } from './layout-names.js';

/** The places where layouts are: the journal, our store, and the stores fetched from remotes. Texts of layout documents. */
export interface LayoutSources {
  /** Of this blob at this path. */
  exact(name: LayoutName): Promise<string[]>;
  /** Of this blob at any path. */
  ofBlob(blob: string): Promise<string[]>;
  /** Of any blob at this path. */
  ofPath(path: string): Promise<string[]>;
  /** Tells of a file that was just written to the journal. */
  added(name: LayoutName): void;
  close(): void;
}

/** The layouts that clean took out and that are not yet in the store. */
export const journalFolder = (place: Pick<FilterPlace, 'commonDir'>) =>
  join(place.commonDir, 'comfy', 'journal', 'layouts');

/** Nothing is read before it is asked for, and each source is listed once. */
export function openSources(place: FilterPlace): LayoutSources {
  const reader = batchReader(place.top);
  const folder = journalFolder(place);
  let journal: LayoutIndex | undefined;
  let tips: Promise<readonly string[]> | undefined;
  let stores: Promise<LayoutIndex> | undefined;
  const ask = async (question: (index: LayoutIndex) => readonly string[]): Promise<string[]> => {
    journal ??= indexJournal(folder);
    const files = question(journal).map((file) => textIfThere(join(folder, file)));
    // Folded into the store by another process meanwhile: what we knew of the store is older.
    if (files.includes(undefined)) [journal, tips, stores] = [undefined, undefined, undefined];
    return files.filter((text) => text !== undefined);
  };
  const tipsNow = () => {
    tips ??= storeTips(place);
    return tips;
  };
  const storesNow = () => {
    stores ??= tipsNow().then((commits) => indexStores(place, commits));
    return stores;
  };
  const read = async (specs: readonly string[]): Promise<string[]> => {
    const found = await Promise.all(specs.map((spec) => reader.read(spec)));
    return found.flatMap((bytes) => bytes?.toString('utf8') ?? []);
  };
  const everywhere = async (question: (index: LayoutIndex) => readonly string[]) => [
    ...(await ask(question)),
    ...(await read(question(await storesNow()))),
  ];
  return {
    // Asked for every file: the stores are asked by name, not listed.
    exact: async (name) => [
      ...(await ask((index) => index.exact(name))),
      ...(await read((await tipsNow()).map((commit) => `${commit}:${storePath(name)}`))),
    ],
    ofBlob: (blob) => everywhere((index) => index.ofBlob(blob)),
    ofPath: (path) => everywhere((index) => index.ofPath(path)),
    added: (name) => journal?.add(name, journalFile(name)),
    close: () => reader.close(),
  };
}

function indexJournal(folder: string): LayoutIndex {
  const index = layoutIndex();
  for (const file of namesIn(folder)) {
    const name = readJournalFile(file);
    if (name !== undefined) index.add(name, file);
  }
  return index;
}

async function indexStores(place: FilterPlace, commits: readonly string[]): Promise<LayoutIndex> {
  const index = layoutIndex();
  for (const commit of commits) {
    for (const file of await filesBelow(place, commit, 'layouts')) {
      const name = readStorePath(file);
      if (name !== undefined) index.add(name, `${commit}:${file}`);
    }
  }
  return index;
}
