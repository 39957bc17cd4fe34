import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { constants, type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ComfyError, checkInterrupted, InputError, Interrupted, ServerError } from '../errors.js';
import type { Digest } from '../lock/entries.js';
import { answerOf } from './download-answer.js';
import { freeSpace } from './free-space.js';
import { type DownloadOptions, openDownload } from './open-download.js';
import { claimPart, releasePart } from './part-file.js';

export interface Wanted {
  readonly url: URL;
  readonly digest: Digest;
  /** Bytes, where it is known. */
  readonly size?: number;
  /** Where the model will be: what is not finished lies there too. */
  readonly folder: string;
}

export interface FetchOptions extends Omit<DownloadOptions, 'start'> {
  /** Bytes that are there so far, and how many it will be. */
  readonly onProgress?: (done: number, total: number | undefined) => void;
}

/** How often a connection may break in one go. */
const mostAttempts = 50;

/** A download that grows. */
interface Growing {
  readonly file: FileHandle;
  readonly path: string;
  hash: Hash;
  have: number;
}

/**
 * Fetches a file to a place beside where it will be, goes on where an earlier attempt ended, and checks its content.
 * @returns the path of the finished file; `giveName` makes a model of it
 * @throws InputError `source-refused`, `source-gone`, `source-forbidden`, `source-other-size`, `source-other-content`, `no-space`,
 *   `being-fetched`; ServerError `source-unreachable`, `source-busy`; Interrupted. What came so far stays for the next attempt
 */
export async function fetchModel(wanted: Wanted, options: FetchOptions): Promise<string> {
  const path = await claimPart(wanted.folder, wanted.digest);
  try {
    await fill(path, wanted, options);
    return path;
  } catch (error) {
    await releasePart(path, wanted.digest);
    throw options.signal.aborted ? new Interrupted() : error;
  }
}

async function fill(path: string, wanted: Wanted, options: FetchOptions): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o666);
  try {
    const part: Growing = { file, path, hash: createHash('sha256'), have: 0 };
    await rehash(part, options.signal);
    const resumed = part.have > 0;
    await download(part, wanted, options);
    if (digestOf(part) !== wanted.digest && resumed) {
      // What lay there was of something else.
      await startOver(part);
      await download(part, wanted, options);
    }
    if (digestOf(part) !== wanted.digest) throw await otherContent(part, wanted);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Reads what an earlier attempt left. */
async function rehash(part: Growing, signal: AbortSignal): Promise<void> {
  for await (const chunk of createReadStream(part.path, { highWaterMark: 1024 * 1024 })) {
    checkInterrupted(signal);
    part.hash.update(chunk as Buffer);
    part.have += (chunk as Buffer).length;
  }
}

/** Asks again from where a connection broke, as long as each attempt brings something, and not for ever. */
async function download(part: Growing, wanted: Wanted, options: FetchOptions): Promise<void> {
  for (let left = mostAttempts; left > 0; left--) {
    const before = part.have;
    try {
      if (await downloadOnce(part, wanted, options)) return;
    } catch (error) {
      const broken = !(error instanceof ComfyError) || error.code === 'source-unreachable';
      if (!broken || part.have <= before || options.signal.aborted) throw asServerError(error, wanted.url);
    }
  }
  throw asServerError(new Error('again and again'), wanted.url);
}

/** @returns whether the file is complete */
async function downloadOnce(part: Growing, wanted: Wanted, options: FetchOptions): Promise<boolean> {
  if (wanted.size !== undefined && part.have > wanted.size) await startOver(part);
  if (part.have === wanted.size) return true;
  const { status, headers, body } = await openDownload(wanted.url, { ...options, start: part.have });
  try {
    const answer = answerOf({ status, headers }, { have: part.have, size: wanted.size, url: wanted.url });
    if (answer.again) {
      await startOver(part);
      return false;
    }
    if (answer.from === 0) await startOver(part);
    await checkSpace(wanted.folder, answer.total, part.have);
    await take(part, body, answer.total, wanted, options);
    return answer.total === undefined || part.have === answer.total;
  } finally {
    body.destroy();
  }
}

async function take(
  part: Growing,
  body: AsyncIterable<unknown>,
  total: number | undefined,
  { url }: Wanted,
  { onProgress, signal }: FetchOptions,
): Promise<void> {
  for await (const piece of body) {
    const chunk = piece as Buffer;
    checkInterrupted(signal);
    if (total !== undefined && part.have + chunk.length > total) throw otherSize(url, 'more than it said');
    await writeWhole(part.file, chunk, part.have);
    part.hash.update(chunk);
    part.have += chunk.length;
    onProgress?.(part.have, total);
  }
}

/** A write may take less than it was given, when the disk fills up. */
async function writeWhole(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
  }
}

async function startOver(part: Growing): Promise<void> {
  await part.file.truncate(0);
  part.hash = createHash('sha256');
  part.have = 0;
}

async function checkSpace(folder: string, total: number | undefined, have: number): Promise<void> {
  const { free } = await freeSpace(folder);
  if (total === undefined || total - have <= free) return;
  throw new InputError('no-space', `there is no room for ${total - have} bytes in ${folder}: ${free} are free`, {
    hint: 'make room, or put the file on another disk and link it',
  });
}

const digestOf = ({ hash }: Growing): string => `sha256:${hash.copy().digest('hex')}`;

async function otherContent(part: Growing, { url }: Wanted): Promise<InputError> {
  await rm(part.path, { force: true });
  return new InputError('source-other-content', `${url.host} sends other content than the one that is wanted`, {
    hint: 'its file was replaced, or the lock is wrong; nothing of it was kept',
  });
}

export const otherSize = (url: URL, words: string) =>
  new InputError('source-other-size', `${url.host} sends ${words}; it is not the file that is wanted`);

function asServerError(error: unknown, url: URL): unknown {
  if (error instanceof ComfyError || (error as NodeJS.ErrnoException).syscall === 'write') return error;
  return new ServerError('source-unreachable', `${url.host} broke off (${(error as Error).message})`, {
    cause: error,
    hint: 'what came so far is kept: run it again to go on',
  });
}
