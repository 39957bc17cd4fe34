import { awaitTurn, isTaken, type Turn } from '../files/turn.js';
import { gitFailed, gitMaybe, runGit } from './exec.js';
import { comfyPath, type Repository } from './repository.js';

/** A file to put at `path` of the ref's tree, by content or as a blob that is there already; without either it is taken out. */
export interface FileChange {
  readonly path: string;
  readonly bytes?: string | Uint8Array;
  readonly blob?: string;
}

export interface RefChange {
  readonly ref: string;
  readonly message: string;
  /** Further parents of the commit that is made (a merge). */
  readonly parents?: readonly string[];
  /** What to change, worked out anew on the tip of every try; nothing means no commit. */
  readonly plan: (tip: string | undefined) => Promise<readonly FileChange[]>;
}

/** Every loser of a race has let another writer through, so the limit is never met by writers alone. */
const mostTries = 500;
/** Failures with the ref where it was: a lock that is held longer than git waits, or a full disk. */
const mostIdleTries = 10;

/** So long a writer lets others go first; milliseconds. Nothing is lost by not waiting but work. */
const patience = 3000;

/**
 * Commits files to a ref by compare-and-swap: read the tip, plan, `git fast-import` on top of it. fast-import refuses where the
 * ref has moved meanwhile; then it is planned again on the new tip. Nobody's files are lost, however many write at once; where several do, they take turns,
 * since a try that loses was work for nothing. Returns whether there is a new commit.
 * @throws GitError `git-failed` when git cannot write
 */
export async function commitFiles(repository: Repository, change: RefChange): Promise<boolean> {
  const folder = comfyPath(repository, 'cache', `writing-${change.ref.replaceAll('/', '-')}`);
  // Where no flag can be raised (a disk is full) it goes on without.
  const wait = () => awaitTurn(folder, AbortSignal.timeout(patience)).catch(() => undefined);
  let turn: Turn | undefined = (await isTaken(folder)) ? await wait() : undefined;
  try {
    return await commitInTurn(repository, change, async () => {
      turn ??= await wait();
    });
  } finally {
    await turn?.end();
  }
}

/** @param onLost somebody else was first */
async function commitInTurn(repository: Repository, change: RefChange, onLost: () => Promise<void>): Promise<boolean> {
  let idle = 0;
  for (let tries = 1; ; tries++) {
    const tip = await tipOf(repository, change.ref);
    const files = await change.plan(tip);
    if (files.length === 0 && change.parents === undefined) return false;
    const args = ['fast-import', '--quiet', '--done', '--date-format=now'];
    const result = await runGit(repository.top, args, { input: importStream(change, tip, files) });
    if (result.code === 0) return true;
    idle = (await tipOf(repository, change.ref)) === tip ? idle + 1 : 0;
    if (idle >= mostIdleTries || tries >= mostTries) throw gitFailed(args, result);
    if (tries === 1) await onLost();
  }
}

/** The commit that a ref points to. */
export function tipOf(repository: Repository, ref: string): Promise<string | undefined> {
  return gitMaybe(repository.top, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
}

/** One commit in the language of git-fast-import(1). Without the last word (`--done`) git would take what a killed writer has sent for all of it. */
function importStream(change: RefChange, tip: string | undefined, files: readonly FileChange[]): Buffer {
  const parts: Uint8Array[] = [Buffer.from(`commit ${change.ref}\ncommitter git comfy <git-comfy@localhost> now\n`)];
  parts.push(...data(change.message));
  if (tip !== undefined) parts.push(Buffer.from(`from ${tip}\n`));
  for (const parent of change.parents ?? []) parts.push(Buffer.from(`merge ${parent}\n`));
  // Deletes first: a path that is taken out may be a folder of one that is put in.
  for (const { path, bytes, blob } of files) {
    if (bytes === undefined && blob === undefined) parts.push(Buffer.from(`D ${quote(path)}\n`));
  }
  for (const { path, bytes, blob } of files) {
    if (bytes !== undefined) parts.push(Buffer.from(`M 100644 inline ${quote(path)}\n`), ...data(bytes));
    else if (blob !== undefined) parts.push(Buffer.from(`M 100644 ${blob} ${quote(path)}\n`));
  }
  return Buffer.concat([...parts, Buffer.from('done\n')]);
}

/** In pieces: together they may be hundreds of megabytes, which are copied once. */
function data(content: string | Uint8Array): Uint8Array[] {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return [Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')];
}

/** Paths of ours are plain; quoting keeps any other from being read as a command. */
const quote = (path: string) => `"${path.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
