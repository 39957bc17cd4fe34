import { closeFilters, type Filters, openFilters } from '../capture/filter.js';
import type { Context } from '../context.js';
import { bytesAnswer } from './bytes-answer.js';
import type { Answer, Input } from './command.js';

type FileFilter = (filters: Filters, path: string, bytes: Uint8Array) => Promise<Uint8Array | undefined>;

/** Standard input through a filter to standard output, byte for byte where the filter has nothing to do. */
export async function runOneShot(context: Context, input: Input, filter: FileFilter): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of context.input()) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const filters = await openFilters({ cwd: context.cwd, say: context.talk.say, now: context.now });
  try {
    const filtered = await filter(filters, input.args[0] ?? 'standard input', bytes);
    return await bytesAnswer(context, input, filtered ?? bytes);
  } finally {
    await closeFilters(filters);
  }
}
