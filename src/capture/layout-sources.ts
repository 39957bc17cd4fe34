import { changedFolder } from '../files/watched-folder.js';
import { batchReader } from '../git/batch-reader.js';
import { type FilterPlace, filesBelow, storeTips } from '../git/filter-place.js';
import { type LayoutIndex, layoutIndex } from './layout-index.js';
import {
  indexJournal,
  type JournalPart,
  journalFiles,
  journalFolder,
  journalReader,
  journalWriter,
} from './layout-journal.js';
import { type LayoutName, readStorePath, storePath } from './layout-names.js';

/** Where layouts are: the journal, our store, and the stores fetched from remotes. What is asked for are texts of documents. */
export interface LayoutSources {
  /** Notices what other processes have written or folded meanwhile; for every file anew. */
  look(): void;
  /** Of this blob at this path. */
  exact(name: LayoutName): Promise<string[]>;
  /** Of this blob at any path. */
  ofBlob(blob: string): Promise<string[]>;
  /** Of any blob at this path. */
  ofPath(path: string): Promise<string[]>;
  /** Writes a document to the journal. */
  keep(name: LayoutName, document: string): void;
  /** Finishes what was written to the journal. */
  close(): void;
}

/** Nothing is read before it is asked for; each source is listed once, and again where it has changed. */
export function openSources(place: FilterPlace, now: () => Date): LayoutSources {
  const journal = openJournal(journalFolder(place), now);
  const stores = openStores(place);
  const look = () => {
    if (journal.look()) stores.forget();
  };
  const askJournal = (question: (index: LayoutIndex<JournalPart>) => readonly JournalPart[]) => {
    const { texts, folded } = journal.ask(question);
    // Another process has put it into the store: what we know of the store is older than that.
    if (folded) stores.forget();
    return texts;
  };
  const everywhere = async (question: <Place>(index: LayoutIndex<Place>) => readonly Place[]) => {
    return [...askJournal(question), ...(await stores.ask(question))];
  };
  return {
    look,
    async exact(name) {
      return [...askJournal((index) => index.exact(name)), ...(await stores.exact(name))];
    },
    ofBlob: (blob) => everywhere((index) => index.ofBlob(blob)),
    ofPath: (path) => everywhere((index) => index.ofPath(path)),
    keep: journal.keep,
    close() {
      journal.close();
      stores.close();
    },
  };
}

interface Answer {
  readonly texts: readonly string[];
  /** What was in the journal has gone into the store. */
  readonly folded: boolean;
}

function openJournal(folder: string, now: () => Date) {
  const writer = journalWriter(folder, now);
  const textOf = journalReader();
  const changed = changedFolder(folder, now);
  let index = layoutIndex<JournalPart>();
  let indexed: readonly string[] | undefined;
  /** Whether files that were there have gone. */
  const look = (): boolean => {
    if (!changed()) return false;
    const { finished, open } = journalFiles(folder);
    const files = [...finished, ...open];
    const gone = indexed?.some((file) => !files.includes(file)) === true;
    // A merge driver writes while the filter of the same git command is waiting for its next file.
    if (gone || files.length !== indexed?.length) index = indexJournal(files);
    indexed = files;
    return gone;
  };
  return {
    look,
    ask(question: (index: LayoutIndex<JournalPart>) => readonly JournalPart[]): Answer {
      if (indexed === undefined) look();
      const texts = question(index).map(textOf);
      // One that went since the last look is in the store.
      return { texts: texts.filter((text) => text !== undefined), folded: texts.includes(undefined) };
    },
    keep(name: LayoutName, document: string) {
      const part = writer.write(name, document);
      index.add(name, part);
    },
    close: () => writer.close(),
  };
}

function openStores(place: FilterPlace) {
  const reader = batchReader(place.top);
  let tips: Promise<readonly string[]> | undefined;
  let index: Promise<LayoutIndex<string>> | undefined;
  const read = async (specs: readonly string[]): Promise<string[]> => {
    const found = await Promise.all(specs.map((spec) => reader.read(spec)));
    return found.flatMap((bytes) => bytes?.toString('utf8') ?? []);
  };
  const tipsNow = () => {
    tips ??= storeTips(place);
    return tips;
  };
  return {
    /** By name, without listing anything: this is asked for every file. */
    async exact(name: LayoutName): Promise<string[]> {
      const commits = await tipsNow();
      return commits.length === 0 ? [] : read(commits.map((commit) => `${commit}:${storePath(name)}`));
    },
    async ask(question: (index: LayoutIndex<string>) => readonly string[]) {
      index ??= tipsNow().then((commits) => indexStores(place, commits));
      return read(question(await index));
    },
    forget() {
      tips = undefined;
      index = undefined;
    },
    close: () => reader.close(),
  };
}

async function indexStores(place: FilterPlace, commits: readonly string[]): Promise<LayoutIndex<string>> {
  const index = layoutIndex<string>();
  for (const commit of commits) {
    for (const file of await filesBelow(place, commit, 'layouts')) {
      const name = readStorePath(file);
      if (name !== undefined) index.add(name, `${commit}:${file}`);
    }
  }
  return index;
}
