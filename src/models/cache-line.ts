import type { Digest } from '../lock/entries.js';
import type { FileIdentity } from './file-identity.js';

/** What the cache keeps of one reading of one file. */
export interface CacheLine extends FileIdentity {
  /** Where the file really is, behind all links. */
  readonly path: string;
  readonly digest: Digest;
  readonly tensors?: Digest;
  readonly sample?: string;
  /** When reading began; milliseconds since 1970. */
  readonly read?: number;
  /** What the same file, by every sign that it was not written to, had in it when it was read before. */
  readonly before?: Digest;
}

const texts = ['path', 'mtime', 'ctime', 'inode', 'device', 'digest'] as const;
const digestForm = /^sha256:[0-9a-f]{64}$/;

/** `undefined` for what a crash cut short, and for what is none of ours. */
export function readCacheLine(text: string): CacheLine | undefined {
  if (text === '') return undefined;
  try {
    const line: Record<string, unknown> = JSON.parse(text);
    const sound = texts.every((name) => typeof line[name] === 'string') && typeof line['size'] === 'number';
    const digests = [line['digest'], line['tensors'] ?? line['digest'], line['before'] ?? line['digest']];
    const known = typeof (line['read'] ?? 0) === 'number' && typeof (line['sample'] ?? '') === 'string';
    const whole = sound && known && digests.every((digest) => typeof digest === 'string' && digestForm.test(digest));
    return whole ? (line as unknown as CacheLine) : undefined;
  } catch {
    return undefined;
  }
}

/** Which of two lines about one path counts: what was read last. */
export const isNewer = (line: CacheLine, than: CacheLine | undefined) => (line.read ?? 0) >= (than?.read ?? 0);
