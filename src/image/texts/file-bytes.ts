import { InputError } from '../../errors.js';

/** One text of a file; workflows of tens of megabytes do occur, a gigabyte does not. */
export const mostText = 64 * 1024 * 1024;

/** A file of a stranger, read with every length checked. Places are counted from its first byte. */
export interface FileBytes {
  /** `WebP`, as people call this kind of file. */
  readonly kind: string;
  readonly length: number;
  u8(at: number): number;
  u16(at: number, little?: boolean): number;
  u32(at: number, little?: boolean): number;
  /** An unsigned 64-bit number, as far as a file can be long. */
  u64(at: number, little?: boolean): number;
  ascii(at: number, length: number): string;
  utf8(at: number, length: number): string;
  part(at: number, length: number): Uint8Array;
}

/** The reader throws InputError `file-truncated` for what would lie behind the end, `file-too-large` for a text of more than 64 MiB. */
export function fileBytes(kind: string, bytes: Uint8Array): FileBytes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const inside = (at: number, length: number) => {
    if (at < 0 || length < 0 || at + length > bytes.length) throw truncated(kind);
  };
  const text = (encoding: 'latin1' | 'utf8') => (at: number, length: number) => {
    inside(at, length);
    if (length > mostText) throw tooLarge(kind);
    return Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString(encoding);
  };
  const number =
    (length: number, read: (at: number, little: boolean) => number) =>
    (at: number, little = false) => {
      inside(at, length);
      return read(at, little);
    };
  return {
    kind,
    length: bytes.length,
    u8: number(1, (at) => view.getUint8(at)),
    u16: number(2, (at, little) => view.getUint16(at, little)),
    u32: number(4, (at, little) => view.getUint32(at, little)),
    u64: number(8, (at, little) => Number(view.getBigUint64(at, little))),
    ascii: text('latin1'),
    utf8: text('utf8'),
    part(at, length) {
      inside(at, length);
      return bytes.subarray(at, at + length);
    },
  };
}

/** Whether a file has these characters at a place. */
export const hasAscii = (bytes: Uint8Array, at: number, text: string): boolean =>
  bytes.length >= at + text.length && [...text].every((sign, index) => bytes[at + index] === sign.charCodeAt(0));

const truncated = (kind: string) =>
  new InputError('file-truncated', `this ${kind} file ends in the middle`, {
    hint: 'copy it again from where it came',
  });

const tooLarge = (kind: string) =>
  new InputError('file-too-large', `a text in this ${kind} file is larger than ${mostText} bytes`);

export const damagedFile = (kind: string, what: string): InputError =>
  new InputError('file-damaged', `this ${kind} file is damaged: ${what}`, { hint: 'copy it again from where it came' });
