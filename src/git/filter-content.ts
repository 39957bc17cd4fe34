import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitError } from '../errors.js';
import { flush, type NextPacket } from './pkt-line.js';

/** A file's content as git handed it over. Git reads no answer before it has written everything, so it must be held somewhere. */
export interface FilterContent {
  /** The bytes, where they are few enough for memory. */
  readonly bytes: Buffer | undefined;
  /** Length in bytes. */
  readonly length: number;
  /** All of it, again, in parts. */
  parts(): AsyncIterable<Uint8Array>;
  /** Removes what was put aside on disk. */
  discard(): Promise<void>;
}

/**
 * Reads packets up to the flush; beyond `mostInMemory` bytes they go to a temporary file.
 * @throws GitError `pkt-line` where the stream ends first; what writing the file throws
 */
export async function readContent(next: NextPacket, mostInMemory: number): Promise<FilterContent> {
  const held: Buffer[] = [];
  let length = 0;
  for (;;) {
    const arriving = next();
    const packet = arriving instanceof Promise ? await arriving : arriving;
    if (packet === flush) break;
    if (packet === undefined) throw endedEarly();
    held.push(packet);
    length += packet.length;
    if (length > mostInMemory) return spill(next, held);
  }
  const bytes = held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held, length);
  return {
    bytes,
    length,
    async *parts() {
      yield bytes;
    },
    async discard() {},
  };
}

const endedEarly = () => new GitError('pkt-line', 'git stopped in the middle of a file');

async function spill(next: NextPacket, held: readonly Buffer[]): Promise<FilterContent> {
  // Hardly any file is so large, and a filter starts with every checkout.
  const { open, rm } = await import('node:fs/promises');
  const path = join(tmpdir(), `git-comfy-${process.pid}-${randomBytes(6).toString('hex')}`);
  const file = await open(path, 'wx', 0o600);
  try {
    const length = await copy(next, held, file);
    return {
      bytes: undefined,
      length,
      parts: () => createReadStream(path),
      discard: () => rm(path, { force: true }),
    };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

async function copy(next: NextPacket, held: readonly Buffer[], file: FileHandle): Promise<number> {
  let length = 0;
  const append = async (part: Buffer) => {
    await file.write(part);
    length += part.length;
  };
  for (const part of held) await append(part);
  for (let packet = await next(); packet !== flush; packet = await next()) {
    if (packet === undefined) throw endedEarly();
    await append(packet);
  }
  return length;
}
