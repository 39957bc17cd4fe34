import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, readlink } from 'node:fs/promises';
import type { Digest } from '../lock/entries.js';
import { blobId } from './objects.js';

/** A path that is not as HEAD has it, or may not be. */
export interface Suspect {
  /** Relative to the top of its repository; bytes, since names need not be UTF-8. */
  readonly path: Buffer;
  /** What HEAD has there; absent for a new file. */
  readonly head?: { readonly mode: string; readonly id: string };
}

/** More than this in edited files is no edit of a pack: a model that lies in its folder. Bytes. */
const mostBytes = 512 * 1024 * 1024;
/** Above this a file is only streamed, not compared with HEAD after taking line ends as equal. Bytes. */
const mostInMemory = 64 * 1024 * 1024;

/** Written by Python and by desktops on their own; no edit, and other on every machine. */
const litter = new Set(['__pycache__', '.DS_Store', 'Thumbs.db', 'desktop.ini']);
export const isLitter = (name: string) => litter.has(name) || name.endsWith('.pyc');

/** Sent by `dirtyDigest` when the files are too large to be read now. */
export const tooLarge = 'too-large';

/**
 * SHA-256 over lines `<mode> <sha256 or deleted> <path>\n` of those suspects that really differ from HEAD, sorted by the bytes of
 * the path; `undefined` where none does. Line ends that a checkout rewrote are no difference. Symbolic links are not followed.
 */
export async function dirtyDigest(
  top: string,
  suspects: readonly Suspect[],
): Promise<Digest | undefined | typeof tooLarge> {
  const byPath = new Map(suspects.map((suspect) => [suspect.path.toString('latin1'), suspect]));
  const lines: Buffer[] = [];
  let left = mostBytes;
  for (const key of [...byPath.keys()].sort((a, b) => (a < b ? -1 : 1))) {
    const { path, head } = byPath.get(key) as Suspect;
    if (path.toString('latin1').split('/').some(isLitter)) continue;
    const full = Buffer.concat([Buffer.from(`${top}/`), path]);
    const seen = await describe(full, head, left);
    if (seen === undefined) continue;
    if (seen.bytes > left) return tooLarge;
    left -= seen.bytes;
    lines.push(Buffer.concat([Buffer.from(`${seen.mode} ${seen.content} `), path, Buffer.from('\n')]));
  }
  if (lines.length === 0) return undefined;
  return `sha256:${createHash('sha256').update(Buffer.concat(lines)).digest('hex')}`;
}

interface Seen {
  readonly mode: string;
  /** SHA-256, or `deleted`. */
  readonly content: string;
  readonly bytes: number;
}

/** `undefined` for what is as in HEAD, or was never there. */
async function describe(path: Buffer, head: Suspect['head'], left: number): Promise<Seen | undefined> {
  const info = await lstat(path).catch(() => undefined);
  if (info === undefined || !(info.isFile() || info.isSymbolicLink())) {
    return head === undefined ? undefined : { mode: head.mode, content: 'deleted', bytes: 0 };
  }
  if (info.size > left) return { mode: '', content: '', bytes: info.size };
  const mode = info.isSymbolicLink() ? '120000' : modeOf(info.mode, head?.mode);
  if (info.size > mostInMemory) return { mode, content: await streamed(path), bytes: info.size };
  const bytes = info.isSymbolicLink() ? await readlink(path, { encoding: 'buffer' }) : await readFile(path);
  if (head !== undefined && head.mode === mode && sameContent(bytes, head.id)) return undefined;
  return { mode, content: createHash('sha256').update(bytes).digest('hex'), bytes: info.size };
}

/** Windows has no bit for "may be run": there HEAD knows better. */
function modeOf(bits: number, head: string | undefined): string {
  if (process.platform === 'win32') return head ?? '100644';
  return (bits & 0o100) === 0 ? '100644' : '100755';
}

function sameContent(bytes: Buffer, id: string): boolean {
  const format = id.length === 64 ? 'sha256' : 'sha1';
  if (blobId(format, bytes) === id) return true;
  return bytes.includes('\r\n') && blobId(format, bytes.toString('latin1').replaceAll('\r\n', '\n')) === id;
}

async function streamed(path: Buffer): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
