import { GitError } from '../errors.js';

// Git's packet lines (gitprotocol-common(5)): four hex digits of length, themselves included, then data; `0000` is a flush.

/** Data bytes that fit into one packet. */
const mostData = 65_516;
const headerLength = 4;

/** A flush packet ends a list or a content. */
export const flush = Symbol('flush');

/** The data of a packet, `flush`, or `undefined` at the end of the stream. */
export type Packet = Buffer | typeof flush | undefined;

/** The next packet; no promise where it has arrived already, which costs half the time that a filter has. */
export type NextPacket = () => Packet | Promise<Packet>;

/**
 * Reads packets from a stream of bytes, however it is cut. The reader throws GitError `pkt-line` on anything that is no packet,
 * also where the stream ends inside one.
 */
export function packetReader(input: AsyncIterable<Uint8Array>): NextPacket {
  const chunks = input[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  let at = 0;
  const fill = async (): Promise<Packet> => {
    const { value, done } = await chunks.next();
    if (done === true) {
      if (at === held.length) return undefined;
      throw broken();
    }
    // A copy, as it has to be: the stream may use its memory again.
    held = Buffer.concat([held.subarray(at), value]);
    at = 0;
    return next();
  };
  const next = (): Packet | Promise<Packet> => {
    const start = at + headerLength;
    if (start > held.length) return fill();
    const length = lengthAt(held, at);
    if (length === 0) {
      at = start;
      return flush;
    }
    const end = at + length;
    if (end > held.length) return fill();
    at = end;
    return held.subarray(start, end);
  };
  return next;
}

function lengthAt(bytes: Buffer, start: number): number {
  let length = 0;
  for (let at = start; at < start + headerLength; at++) length = length * 16 + digitOf(bytes[at] ?? 0);
  if (length === 0 || length >= headerLength) return length;
  throw broken();
}

/** Of `0` to `9`, `a` to `f` and `A` to `F`. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  if (letter >= 0x61 && letter <= 0x66) return letter - 0x57;
  throw broken();
}

const broken = () => new GitError('pkt-line', 'this input is not what git writes to a filter process');

/** The packets of a list of lines, with the flush that ends it. */
export function listPackets(lines: readonly string[]): Buffer {
  const packets = lines.map((line) => `${header(Buffer.byteLength(line) + 1)}${line}\n`);
  return Buffer.from(`${packets.join('')}0000`);
}

/** The packets of some content in parts, without a flush: content may come in several pieces. */
export function contentParts(content: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += mostData) {
    const data = content.subarray(at, at + mostData);
    parts.push(Buffer.from(header(data.length)), data);
  }
  return parts;
}

const header = (length: number) => (length + headerLength).toString(16).padStart(4, '0');

export const flushPacket: Uint8Array = Buffer.from('0000');
