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
 * Reads many objects through one `git cat-file --batch`, in the order asked, one in memory at a time.
 * @throws GitError `git-failed`
 */
export async function* readObjects(
  repository: Repository,
  specs: Iterable<string>,
  signal?: AbortSignal,
): AsyncGenerator<ReadObject> {
  const asked: string[] = [];
  const output = streamGit(repository.top, ['cat-file', '--batch'], lines(repository, specs, asked), signal);
  const reader = { source: output, chunks: [] as Buffer[], held: 0 };
  try {
    for (let header = await readLine(reader); header !== undefined; header = await readLine(reader)) {
      const size = sizeOf(header);
      const bytes = size === undefined ? undefined : (await take(reader, size + 1)).subarray(0, size);
      yield { spec: asked.shift() ?? '', bytes };
    }
  } finally {
    await output.return(undefined);
  }
}

/** The batch is one spec a line; a path with a line break in it is looked up by itself first. */
async function* lines(repository: Repository, specs: Iterable<string>, asked: string[]): AsyncGenerator<string> {
  for (const spec of specs) {
    asked.push(spec);
    const id = spec.includes('\n')
      ? await gitMaybe(repository.top, ['rev-parse', '--verify', '--quiet', '--end-of-options', spec])
      : spec;
    yield `${id === undefined || id === '' ? noObject : id}\n`;
  }
}

/** No object has this id, in either format. */
const noObject = '0'.repeat(64);

/** `<id> <type> <size>`; `undefined` for `<spec> missing` and its like. */
function sizeOf(header: string): number | undefined {
  const found = /^[0-9a-f]{40,64} (?:blob|tree|commit|tag) (\d+)$/.exec(header);
  return found === null ? undefined : Number(found[1]);
}

interface Reader {
  readonly source: AsyncGenerator<Buffer>;
  chunks: Buffer[];
  held: number;
}

async function readLine(reader: Reader): Promise<string | undefined> {
  for (;;) {
    const end = joined(reader).indexOf(10);
    if (end >= 0) return (await take(reader, end + 1)).toString('utf8', 0, end);
    if (!(await more(reader))) return undefined;
  }
}

async function take(reader: Reader, size: number): Promise<Buffer> {
  while (reader.held < size) {
    if (!(await more(reader))) throw new GitError('git-failed', 'git cat-file ended in the middle of an object');
  }
  const all = joined(reader);
  reader.chunks = [all.subarray(size)];
  reader.held -= size;
  return all.subarray(0, size);
}

/** Copies only where an object spans chunks, so that many small objects cost no more than their bytes. */
function joined(reader: Reader): Buffer {
  const [only, second] = reader.chunks;
  if (only !== undefined && second === undefined) return only;
  const all = Buffer.concat(reader.chunks, reader.held);
  reader.chunks = [all];
  return all;
}

async function more(reader: Reader): Promise<boolean> {
  const { value, done } = await reader.source.next();
  if (done === true) return false;
  reader.chunks.push(value);
  reader.held += value.length;
  return true;
}
