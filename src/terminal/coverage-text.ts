import { safeLine } from './safe.js';
import { bytes, plural } from './units.js';

/** What a reading of every model covered and found; times in milliseconds since 1970. */
interface Covered {
  readonly files: number;
  readonly bytes: number;
  readonly earlier: { readonly files: number; readonly bytes: number };
  readonly since: number;
  readonly damaged: readonly { readonly name: string; readonly before: string; readonly now: string }[];
  readonly unread: readonly { readonly name: string; readonly problem: string }[];
}

export function coverageLines({ files, bytes: size, earlier, since, damaged, unread }: Covered): string[] {
  const sittings =
    earlier.files === 0
      ? ''
      : `, ${earlier.files} of them earlier (begun ${new Date(since).toISOString().slice(0, 16)}Z)`;
  const read = files - unread.length;
  return [
    `read again: ${read} of ${plural(files, 'model file')}, ${bytes(size)}${sittings}`,
    ...damaged.flatMap(({ name, before, now }) => [
      `  ${safeLine(name)}: damaged: other content than when it was read before, and nothing says that it was written to`,
      `      it was ${before.slice(0, 19)}, it is ${now.slice(0, 19)}: bring it back from where it came from`,
    ]),
    ...unread.map(({ name, problem }) => `  ${safeLine(name)}: not read: ${safeLine(problem)}`),
  ];
}
