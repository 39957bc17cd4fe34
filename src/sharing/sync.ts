import { dressPlaced } from '../capture/dress-placed.js';
import { fold } from '../capture/fold.js';
import type { Context } from '../context.js';
import { checkInterrupted, GitError } from '../errors.js';
import { documentsBetween, notesBetween, type Tips, tipsOf } from '../git/came-between.js';
import { isLarge, rollNotes } from '../git/lineage-lines.js';
import { mergeNotes, mergeStore } from '../git/merge-refs.js';
import { chooseRemote, fetchLineage, pushLineage, remoteNotesRef, remoteStoreRef } from '../git/remote.js';
import { openRepository, type Repository } from '../git/repository.js';
import { bringBack } from './bring-back.js';
import { restoreNamed } from './restore-named.js';

/** How much of what: `documents` are files of the store (layouts among them), `lines` those of notes. */
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
  const before = await tipsOf(repository);
  for (let tries = 1; tries <= mostTries; tries++) {
    checkInterrupted(tools.signal);
    await fetchLineage(repository, remote, tools.signal);
    const theirs = await tipsOf(repository, remoteNotesRef(remote), remoteStoreRef(remote));
    await mergeStore(repository, remoteStoreRef(remote));
    await mergeNotes(repository, remoteNotesRef(remote));
    const received = await settle(repository, before);
    const sent = await amountBetween(repository, theirs, await tipsOf(repository));
    if ((await pushLineage(repository, remote, tools.signal)) === 'rejected') continue;
    const dressed = received.documents > 0 ? await dressPlaced(repository) : [];
    return { remote, received, sent, dressed };
  }
  throw new GitError('sync-crowded', `others pushed to ${remote} at every one of ${mostTries} tries`, {
    hint: `nothing is lost: git comfy sync ${remote}`,
  });
}

/** Puts in order what has come: two sides' lines together may be more than a note should hold, or name what one side took out. */
async function settle(repository: Repository, before: Tips): Promise<Amount> {
  const now = await tipsOf(repository);
  const changed = await notesBetween(repository, before.notes, now.notes);
  const added = changed.flatMap((note) => note.added);
  const large = changed.filter(({ lines }) => isLarge(lines)).map(({ commit }) => commit);
  const documents = (await documentsBetween(repository, before.store, now.store, 'A')).length;
  const dropped = await documentsBetween(repository, before.store, now.store, 'D');
  await rollNotes(repository, large);
  await bringBack(repository, before, now, changed);
  await restoreNamed(
    repository,
    added,
    dropped.map(({ path }) => path),
  );
  return { lines: added.length, documents };
}

async function amountBetween(repository: Repository, before: Tips, after: Tips): Promise<Amount> {
  const changed = await notesBetween(repository, before.notes, after.notes);
  return {
    lines: changed.reduce((sum, { added }) => sum + added.length, 0),
    documents: (await documentsBetween(repository, before.store, after.store, 'A')).length,
  };
}
