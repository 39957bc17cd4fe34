import { GitError } from '../errors.js';
import { type FilterContent, readContent } from './filter-content.js';
import { contentParts, flush, flushPacket, listPackets, type NextPacket, packetReader } from './pkt-line.js';

/** One file that git wants filtered. */
export interface FilterRequest {
  readonly command: 'clean' | 'smudge';
  /** Relative to the top, as git has it: any bytes but NUL. */
  readonly path: Buffer;
  /** Id of the blob, which git tells when it checks out. */
  readonly blob: string | undefined;
  /** Whether the file goes into the work tree: git then says that it may come later, or of which commit it is. */
  readonly forWorkTree: boolean;
  readonly content: FilterContent;
}

export interface FilterServer {
  readonly input: AsyncIterable<Uint8Array>;
  /** Resolves when all parts have been taken. */
  readonly write: (parts: readonly Uint8Array[]) => Promise<void>;
  /** The filtered bytes; `undefined` gives the content back as it came. Whatever it throws fails this one file alone. */
  readonly filter: (request: FilterRequest) => Promise<Uint8Array | undefined>;
  /** Work that git need not wait for, done while it goes on with the file; must not throw. */
  readonly afterwards: () => Promise<void>;
  /** Contents above this many bytes are held on disk. */
  readonly mostInMemory: number;
}

/**
 * Speaks git's long-running filter process protocol, version 2 (gitattributes(5)), until git closes the stream.
 * @throws GitError `pkt-line`, `filter-protocol`: the other side is not git
 */
export async function serveFilter(server: FilterServer): Promise<void> {
  const next = packetReader(server.input);
  await shakeHands(next, server.write);
  for (;;) {
    const headers = await readList(next);
    if (headers === undefined) return;
    await answer(server, await readRequest(headers, next, server.mostInMemory));
    await server.afterwards();
  }
}

async function shakeHands(next: NextPacket, write: FilterServer['write']): Promise<void> {
  const hello = textsOf(await readList(next));
  if (hello[0] !== 'git-filter-client' || !hello.includes('version=2')) throw notGit();
  await write([listPackets(['git-filter-server', 'version=2'])]);
  const offered = textsOf(await readList(next));
  // We never delay, but then git says where it would let us: in a checkout, and not in a diff.
  const known = ['capability=clean', 'capability=smudge', 'capability=delay'];
  const capabilities = known.filter((one) => offered.includes(one));
  await write([listPackets(capabilities)]);
}

const notGit = () =>
  new GitError('filter-protocol', 'filter-process is started by git and speaks its filter protocol', {
    hint: 'for one file at a time: git comfy clean < file',
  });

const textsOf = (list: readonly Buffer[] | undefined) => (list ?? []).map((line) => line.toString('utf8'));

/** Lines up to the flush, without their line ends; `undefined` where the stream ends before the first. */
async function readList(next: NextPacket): Promise<Buffer[] | undefined> {
  const lines: Buffer[] = [];
  for (;;) {
    const arriving = next();
    const packet = arriving instanceof Promise ? await arriving : arriving;
    if (packet === flush) return lines;
    if (packet === undefined) {
      if (lines.length === 0) return undefined;
      throw notGit();
    }
    lines.push(packet.at(-1) === 0x0a ? packet.subarray(0, -1) : packet);
  }
}

async function readRequest(headers: readonly Buffer[], next: NextPacket, mostInMemory: number): Promise<FilterRequest> {
  const values = new Map(headers.map(keyAndValue));
  const command = values.get('command')?.toString('utf8');
  if (command !== 'clean' && command !== 'smudge') throw notGit();
  const blob = values.get('blob')?.toString('utf8');
  const forWorkTree = command === 'clean' || values.has('can-delay') || values.has('treeish');
  const content = await readContent(next, mostInMemory);
  return { command, path: values.get('pathname') ?? Buffer.alloc(0), blob, forWorkTree, content };
}

function keyAndValue(line: Buffer): readonly [string, Buffer] {
  const equals = line.indexOf(0x3d);
  const end = equals < 0 ? line.length : equals;
  return [line.toString('latin1', 0, end), line.subarray(end + 1)];
}

/** Status before content, an empty list after it, which says that the status still holds. */
async function answer(server: FilterServer, request: FilterRequest): Promise<void> {
  try {
    const filtered = await filterOne(server, request);
    if (filtered === 'failed') {
      await server.write([listPackets(['status=error'])]);
    } else if (filtered !== undefined) {
      await server.write([success, ...contentParts(filtered), flushPacket, flushPacket]);
    } else {
      await server.write([success]);
      for await (const part of request.content.parts()) await server.write(contentParts(part));
      await server.write([flushPacket, flushPacket]);
    }
  } finally {
    await request.content.discard();
  }
}

const success = listPackets(['status=success']);

async function filterOne(server: FilterServer, request: FilterRequest): Promise<Uint8Array | undefined | 'failed'> {
  try {
    return await server.filter(request);
  } catch {
    return 'failed';
  }
}
