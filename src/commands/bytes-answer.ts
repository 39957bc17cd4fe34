import { isUtf8 } from 'node:buffer';
import type { Context } from '../context.js';
import type { Answer, Input } from './command.js';

/** Bytes for git, as they are, on stdout; with `--json` in the envelope, in base64 where they are no UTF-8. */
export async function bytesAnswer(
  { write }: Pick<Context, 'write'>,
  { options }: Pick<Input, 'options'>,
  bytes: Uint8Array,
): Promise<Answer> {
  if (options['json'] !== true) {
    await write(bytes);
    return { result: {}, text: '' };
  }
  const content = Buffer.from(bytes);
  return { result: isUtf8(content) ? { text: content.toString() } : { base64: content.toString('base64') }, text: '' };
}
