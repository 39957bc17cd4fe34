import { dressPlaced } from '../capture/dress-placed.js';
import { fold } from '../capture/fold.js';
import type { Context } from '../context.js';
import { checkInterrupted, GitError } from '../errors.js';
import { isLarge, rollNotes } from '../git/lineage-lines.js';
import { mergeNotes, mergeStore } from '../git/merge-refs.js';
import { notesRef, readNotes } from '../git/notes.js';
import { chooseRemote, fetchLineage, pushLineage, remoteNotesRef, remoteStoreRef } from '../git/remote.js';
import { openRepository, type Repository } from '../git/repository.js';
import { listStore, storeRef } from '../git/store.js';
import { restoreNamed } from './restore-named.js';

/** How much there is of what; `layouts` and `documents` are files of the store, `lines` those of all notes. */
export interface Amount {
  readonly lines: number;
  readonly documents: number;
}

export interface SyncResult {
  readonly remote: string;
  /** What came from the remote, and what it got, that the other side did not have. */
  readonly received: Amount;
  readonly sent: Amount;
  /** Workflows of the work tree that have got the layout of their author, in place of one that we made for want of it. */
  readonly dressed: readonly string[];
}

/** Each try unites what others pushed meanwhile; more than this many in a row is no coincidence. */
const mostTries = 8;

/**
 * Exchanges lineage, store and layouts with a remote: fetch, unite, push; again where somebody else pushed meanwhile. Branches and
 * tags are not touched.
 * @throws GitError `no-remote`, `unknown-remote`, `remote-unreachable`, `push-refused`, `sync-crowded`; Interrupted
 */
export async function sync(tools: Pick<Context, 'cwd' | 'signal'>, named: string | undefined): Promise<SyncResult> {
  const repository = await openRepository(tools.cwd);
  const remote = await chooseRemote(repository, named);
  await fold(repository);
  const before = await amountOf(repository, notesRef, storeRef);
  for (let tries = 1; tries <= mostTries; tries++) {
    checkInterrupted(tools.signal);
    await fetchLineage(repository, remote, tools.signal);
    const theirs = await amountOf(repository, remoteNotesRef(remote), remoteStoreRef(remote));
    await mergeStore(repository, remoteStoreRef(remote));
    await mergeNotes(repository, remoteNotesRef(remote));
    await rollLargeNotes(repository);
    await restoreNamed(repository);
    const united = await amountOf(repository, notesRef, storeRef);
    if ((await pushLineage(repository, remote, tools.signal)) === 'rejected') continue;
    const received = less(united, before);
    const dressed = received.documents > 0 ? await dressPlaced(repository) : [];
    return { remote, received, sent: less(united, theirs), dressed };
  }
  throw new GitError('sync-crowded', `others pushed to ${remote} at every one of ${mostTries} tries`, {
    hint: `nothing is lost: git comfy sync ${remote}`,
  });
}

/** Two sides' lines together may be more than a note should hold. */
async function rollLargeNotes(repository: Repository): Promise<void> {
  const large = [...(await readNotes(repository))].filter(([, lines]) => isLarge(lines));
  await rollNotes(
    repository,
    large.map(([commit]) => commit),
  );
}

async function amountOf(repository: Repository, notes: string, store: string): Promise<Amount> {
  const lines = [...(await readNotes(repository, notes)).values()].reduce((sum, note) => sum + note.length, 0);
  return { lines, documents: (await listStore(repository, '', store)).length };
}

const less = (more: Amount, base: Amount): Amount => ({
  lines: Math.max(0, more.lines - base.lines),
  documents: Math.max(0, more.documents - base.documents),
});
