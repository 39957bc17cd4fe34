import { chunksOf, writeAll } from '../files/descriptor.js';
import { type FilterRequest, serveFilter } from '../git/filter-protocol.js';
import {
  cleanFile,
  closeFilters,
  type Filters,
  type FilterWorld,
  meanwhile,
  openFilters,
  smudgeFile,
} from './filter.js';
import { filterLimits } from './filter-limits.js';

export interface FilterStreams extends FilterWorld {
  readonly input: AsyncIterable<Uint8Array>;
  readonly write: (parts: readonly Uint8Array[]) => Promise<void>;
}

/**
 * The long-running filter (`filter.comfy.process`): one process for all files of a git command. Ends when git closes the stream. A file that
 * we fail on goes through as it is, with a line on stderr: git must never be stopped from adding or checking out.
 * @throws GitError `pkt-line`, `filter-protocol` where the other side is not git
 */
export async function filterProcess({ input, write, ...world }: FilterStreams): Promise<void> {
  // Git says hello meanwhile.
  const opening = openFilters(world);
  try {
    await serveFilter({
      input,
      write,
      filter: async (request) => filterOne(await opening, request),
      afterwards: async () => meanwhile(await opening),
      mostInMemory: filterLimits.maxLength,
    });
  } finally {
    await closeFilters(await opening);
  }
}

/** As `filterProcess`, between two descriptors that nobody else uses. */
export const filterPipes = (world: FilterWorld, input: number, output: number): Promise<void> =>
  filterProcess({ ...world, input: chunksOf(input), write: async (parts) => writeAll(output, parts) });

async function filterOne(filters: Filters, request: FilterRequest): Promise<Uint8Array | undefined> {
  const { command, path, blob, forWorkTree, content } = request;
  if (content.bytes === undefined) {
    const megabytes = Math.ceil(content.length / 1024 / 1024);
    filters.world.say(`git comfy: ${path} is left as it is: ${megabytes} MB is larger than any workflow`);
    return undefined;
  }
  try {
    if (command === 'clean') return await cleanFile(filters, path, content.bytes);
    const file = await smudgeFile(filters, path, content.bytes, blob);
    if (!forWorkTree) filters.repository?.shown?.keep(file ?? content.bytes, content.bytes);
    return file;
  } catch (error) {
    filters.world.say(`git comfy: ${path} is left as it is: ${(error as Error).message}`);
    return undefined;
  }
}
