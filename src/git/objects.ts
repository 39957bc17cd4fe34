import { createHash } from 'node:crypto';
import { GitError } from '../errors.js';
import { gitMaybe, gitText } from './exec.js';
import type { Repository } from './repository.js';
import { streamGit } from './stream.js';

export interface ReadObject {
  /** As it was asked for. */
  readonly spec: string;
  /** Content without the header; `undefined` where there is no such object. */
  readonly bytes: Buffer | undefined;
}

/** The id that git gives a blob of these bytes. */
export function blobId(format: Repository['objectFormat'], bytes: string | Uint8Array): string {
  const content = Buffer.from(bytes as Uint8Array);
  return createHash(format).update(`blob ${content.length}\0`).update(content).digest('hex');
}

/** Writes a blob as it stands (no filter, no line ends changed) and returns its id. */
export function writeBlob(repository: Repository, bytes: string | Uint8Array): Promise<string> {
  return gitText(repository.top, ['hash-object', '-w', '--stdin', '--no-filters'], { input: bytes });
}

/** One object by anything git understands: an id, `HEAD:path`, `:path`. For many, `readObjects` is one process. */
export async function readBlob(repository: Repository, spec: string): Promise<Buffer | undefined> {
  for await (const { bytes } of readObjects(repository, [spec])) return bytes;
  return undefined;
}

/**
 * Bytes of each object, asked for by anything git understands; `undefined` where there is none. Nothing is read of them.
 * @throws GitError `git-failed`
 */
export async function sizesOf(
  repository: Repository,
  specs: readonly string[],
): Promise<readonly (number | undefined)[]> {
  if (specs.length === 0) return [];
  const input = specs.map((spec) => `${spec}\n`).join('');
  const answers = await gitText(repository.top, ['cat-file', '--batch-check'], { input });
  return answers.split('\n').map(sizeOf);
}

/**
 * Reads many objects through one `git cat-file --batch`, in the order asked, few in memory at a time.
 * @throws GitError `git-failed`
 */
export async function* readObjects(
  repository: Repository,
  specs: Iterable<string>,
  signal?: AbortSignal,
): AsyncGenerator<ReadObject> {
  const asked: string[] = [];
  // Git need not hand on each object at once: nobody asks for the next one because of it.
  const args = ['cat-file', '--batch', '--buffer'];
  const output = streamGit(repository.top, args, lines(repository, specs, asked), signal);
  const held = heldBytes();
  let next = 0;
  for await (const chunk of output) {
    held.add(chunk);
    for (let found = held.take(); found !== undefined; found = held.take())
      yield { spec: asked[next++] ?? '', ...found };
  }
  if (!held.isEmpty()) throw new GitError('git-failed', 'git cat-file ended in the middle of an object');
}

/** What has come of the answer and was not taken yet. Pieces are joined only once they are a whole object, so that a large one is not copied for each. */
function heldBytes() {
  let pieces: Buffer[] = [];
  let length = 0;
  let needed = 1;
  return {
    add(piece: Buffer) {
      pieces.push(piece);
      length += piece.length;
    },
    take(): { readonly bytes: Buffer | undefined } | undefined {
      if (length < needed) return undefined;
      const all = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, length);
      const object = objectIn(all);
      pieces = [all.subarray(object.after)];
      length = all.length - object.after;
      needed = object.after === 0 ? object.needed : 1;
      return object.after === 0 ? undefined : { bytes: object.bytes };
    },
    isEmpty: () => length === 0,
  };
}

/** Header, bytes and a line break; or a header that says that there is none. `after` is 0 where not all of it is there yet. */
function objectIn(held: Buffer): {
  readonly bytes: Buffer | undefined;
  readonly after: number;
  readonly needed: number;
} {
  const none = { bytes: undefined, after: 0, needed: held.length + 1 };
  const end = held.indexOf(10);
  if (end < 0) return none;
  const start = end + 1;
  const size = sizeOf(held.toString('latin1', 0, end));
  if (size === undefined) return { ...none, after: start };
  const after = start + size + 1;
  return held.length < after
    ? { ...none, needed: after }
    : { bytes: held.subarray(start, after - 1), after, needed: 1 };
}

/** Characters of names that git is handed at once. */
const portion = 8192;

/** The batch is one spec a line; a path with a line break in it is looked up by itself first. */
async function* lines(repository: Repository, specs: Iterable<string>, asked: string[]): AsyncGenerator<string> {
  let text = '';
  for (const spec of specs) {
    asked.push(spec);
    const id = spec.includes('\n')
      ? await gitMaybe(repository.top, ['rev-parse', '--verify', '--quiet', '--end-of-options', spec])
      : spec;
    text += `${id === undefined || id === '' ? noObject : id}\n`;
    if (text.length < portion) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** No object has this id, in either format. */
const noObject = '0'.repeat(64);

/** `<id> <type> <size>`; `undefined` for `<spec> missing` and its like. */
function sizeOf(header: string): number | undefined {
  const found = /^[0-9a-f]{40,64} (?:blob|tree|commit|tag) (\d+)$/.exec(header);
  return found === null ? undefined : Number(found[1]);
}
