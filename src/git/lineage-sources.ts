import { askGit, gitFailed, splitNul } from './exec.js';
import { notesRef } from './notes.js';
import { objectIds } from './object-ids.js';
import type { Repository } from './repository.js';
import { storeRef } from './store.js';

/** What the two refs of lineage point to; `undefined` where there is none. */
export interface LineageTips {
  readonly notes: string | undefined;
  readonly store: string | undefined;
}

/** A blob that holds lines about a commit. */
export interface LineageSource {
  readonly commit: string;
  readonly blob: string;
}

/**
 * Asked with every question, so it is one small process. The notes are read first: lines go from them into the store when a note grows too large, and who
 * read the store before that and the notes after it would miss them.
 * @throws GitError `git-failed`
 */
export async function lineageTips(repository: Repository): Promise<LineageTips> {
  const [notes, store] = await objectIds(repository, [notesRef, storeRef]);
  return { notes, store };
}

/** Every note, and every document of lines that were moved out of one; each once. @throws GitError `git-failed` */
export async function lineageSources(repository: Repository, { notes, store }: LineageTips): Promise<LineageSource[]> {
  const [inNotes, inStore] = await Promise.all([
    notes === undefined ? [] : blobsIn(repository, [notes]),
    store === undefined ? [] : blobsIn(repository, [store, '--', 'lineage/']),
  ]);
  const sources = [
    // git fans notes out as it likes; files whose path is no object id are not notes.
    ...inNotes.map(({ path, blob }) => ({ commit: path.replaceAll('/', ''), blob })).filter(isNote),
    ...inStore.map(({ path, blob }) => ({ commit: path.split('/').at(-2) ?? '', blob })),
  ];
  return [...new Map(sources.map((source) => [`${source.commit} ${source.blob}`, source])).values()];
}

const isNote = ({ commit }: LineageSource) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit);

async function blobsIn(repository: Repository, tree: readonly string[]): Promise<{ path: string; blob: string }[]> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', ...tree];
  const result = await askGit(repository.top, args);
  if (result.code !== 0) throw gitFailed(args, result);
  return splitNul(result.stdout).flatMap((entry) => {
    const [, blob, path] = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
    return blob === undefined || path === undefined ? [] : [{ path, blob }];
  });
}
