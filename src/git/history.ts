import { git, gitMaybe, splitNul } from './exec.js';
import type { Repository } from './repository.js';

/** A commit that has a blob, and where. */
export interface Holder {
  readonly commit: string;
  /** Relative to the top. */
  readonly path: string;
  /** Committer's date, ISO 8601 in UTC. */
  readonly time: string;
}

/**
 * The commits of all branches, tags and remote branches that brought a blob in, the first one first. A merge that took it from
 * one side is left out; one that made it is not. Empty where no commit has it.
 */
export async function commitsHoldingBlob(repository: Repository, blob: string): Promise<Holder[]> {
  return (await commitsHolding(repository, [blob])).get(blob) ?? [];
}

/** Blobs that git is asked about at once: they are words of one command line. */
const atOnce = 400;

/** As `commitsHoldingBlob`, of many; those that no commit has are not among them. */
export async function commitsHolding(
  repository: Repository,
  blobs: readonly string[],
): Promise<ReadonlyMap<string, Holder[]>> {
  const head = await gitMaybe(repository.top, ['rev-parse', '--verify', '--quiet', 'HEAD']);
  const from = ['--branches', '--tags', '--remotes', ...(head === undefined ? [] : ['HEAD'])];
  const found = new Map<string, Holder[]>();
  for (let at = 0; at < blobs.length; at += atOnce) {
    const asked = new Set(blobs.slice(at, at + atOnce));
    for (const { after = '', holder } of await changesOf(repository, asked, [...from, '--topo-order', '--reverse'])) {
      if (asked.has(after)) found.set(after, [...(found.get(after) ?? []), holder]);
    }
  }
  return found;
}

/**
 * The nearest ancestor of `head` (itself included) that has the blob in its tree: `head`, or the newest commit before it was
 * taken out or replaced.
 */
export async function nearestHolder(repository: Repository, blob: string, head: string): Promise<Holder | undefined> {
  const here = await holderAt(repository, head, blob);
  if (here !== undefined) return here;
  const changes = await changesOf(repository, new Set([blob]), ['--topo-order', '--max-count=1', head]);
  const last = changes.find(({ before }) => before.includes(blob));
  if (last === undefined) return undefined;
  const parents = (await git(repository.top, ['rev-parse', `${last.holder.commit}^@`])).toString('latin1').split('\n');
  for (const parent of parents.filter((line) => line !== '')) {
    const holder = await holderAt(repository, parent, blob);
    if (holder !== undefined) return holder;
  }
  return undefined;
}

/** Whether the commit's tree has the blob, and at which path (the first one). */
async function holderAt(repository: Repository, commit: string, blob: string): Promise<Holder | undefined> {
  const entries = splitNul(await git(repository.top, ['ls-tree', '-r', '-z', commit]));
  const entry = entries.find((line) => line.split(/[ \t]/, 3)[2] === blob);
  if (entry === undefined) return undefined;
  return { commit, path: entry.slice(entry.indexOf('\t') + 1), time: await commitTime(repository, commit) };
}

/** Committer's date of a commit, ISO 8601 in UTC. */
async function commitTime(repository: Repository, commit: string): Promise<string> {
  return fromSeconds(await git(repository.top, ['log', '-1', '--no-show-signature', '--format=%ct', commit, '--']));
}

const fromSeconds = (seconds: Buffer | string) => new Date(Number(String(seconds)) * 1000).toISOString();

/** A change of a file by a commit; a merge that made something of its own has several sides before. */
interface Change {
  readonly before: readonly string[];
  readonly after: string | undefined;
  readonly holder: Holder;
}

/** The changes that bring one of the blobs in or take it out, and others of the same commits. */
async function changesOf(repository: Repository, blobs: ReadonlySet<string>, range: string[]): Promise<Change[]> {
  const shape = ['--format=format:%x01%H %ct', '--raw', '-z', '--no-abbrev', '--no-renames', '--no-show-signature'];
  const find = [...blobs].map((blob) => `--find-object=${blob}`);
  const args = ['log', ...shape, '--diff-merges=combined', ...find, ...range, '--'];
  const output = (await git(repository.top, args)).toString('utf8');
  // The mark alone could stand in a path.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is the mark
  return output.split(/\u0001(?=[0-9a-f]{40,64} \d+[\n\0])/).flatMap(changesIn);
}

/** One commit of the log: `<id> <seconds>\n`, then `:<modes> <ids> <status>\0<path>\0` a change. */
function changesIn(text: string): Change[] {
  const [head = '', ...changes] = text.split(/[\n\0](?=:+\d{6} )/);
  const [commit = '', seconds = ''] = head.split(' ');
  return changes.map((change) => {
    const [facts = '', path = ''] = change.split('\0');
    const words = facts.split(' ');
    // One colon a parent: then that many modes and one more, that many ids and one more, and the status.
    const parents = facts.lastIndexOf(':') + 1;
    const ids = words.slice(parents + 1, 2 * parents + 2);
    return { before: ids.slice(0, -1), after: ids.at(-1), holder: { commit, path, time: fromSeconds(seconds) } };
  });
}
