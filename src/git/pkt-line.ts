import { GitError } from '../errors.js';

// Git's packet lines (gitprotocol-common(5)): four hex digits of length, themselves included, then data; `0000` is a flush.

/** Data bytes that fit into one packet. */
const mostData = 65_516;
const headerLength = 4;

/** A flush packet ends a list or a content. */
export const flush = Symbol('flush');

/** The data of the next packet, `flush`, or `undefined` at the end of the stream. */
export type NextPacket = () => Promise<Buffer | typeof flush | undefined>;

/**
 * Reads packets from a stream of bytes, however it is cut. The reader throws GitError `pkt-line` on anything that is no packet,
 * also where the stream ends inside one.
 */
export function packetReader(input: AsyncIterable<Uint8Array>): NextPacket {
  const chunks = input[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const fill = async (wanted: number): Promise<boolean> => {
    while (held.length < wanted) {
      const { value, done } = await chunks.next();
      if (done === true) break;
      // A copy, as it has to be: the stream may use its memory again.
      held = Buffer.concat([held, value]);
    }
    return held.length >= wanted;
  };
  return async () => {
    if (held.length < headerLength && !(await fill(headerLength))) {
      if (held.length === 0) return undefined;
      throw broken();
    }
    const length = lengthOf(held);
    if (held.length < length && !(await fill(length))) throw broken();
    const data = held.subarray(headerLength, Math.max(length, headerLength));
    held = held.subarray(Math.max(length, headerLength));
    return length === 0 ? flush : data;
  };
}

function lengthOf(held: Buffer): number {
  const digits = held.toString('latin1', 0, headerLength);
  const length = /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : -1;
  if (length === 0 || length >= headerLength) return length;
  throw broken();
}

const broken = () => new GitError('pkt-line', 'this input is not what git writes to a filter process');

/** The packets of a list of lines, with the flush that ends it. */
export function listPackets(lines: readonly string[]): Buffer {
  const packets = lines.map((line) => `${header(Buffer.byteLength(line) + 1)}${line}\n`);
  return Buffer.from(`${packets.join('')}0000`);
}

/** The packets of some content, without a flush: content may come in several parts. What stands before and behind it may be given. */
export function contentPackets(
  content: Uint8Array,
  before: readonly Uint8Array[] = [],
  behind: readonly Uint8Array[] = [],
): Buffer {
  const parts = [...before];
  for (let at = 0; at < content.length; at += mostData) {
    const data = content.subarray(at, at + mostData);
    parts.push(Buffer.from(header(data.length)), data);
  }
  return Buffer.concat([...parts, ...behind]);
}

const header = (length: number) => (length + headerLength).toString(16).padStart(4, '0');

export const flushPacket: Uint8Array = Buffer.from('0000');
