import { outputLocator } from '../capture/locate-outputs.js';
import { lookAround } from '../capture/look-around.js';
import type { Context } from '../context.js';
import { UsageError } from '../errors.js';
import { openFile } from '../files/open-file.js';
import type { Repository } from '../git/repository.js';
import type { FoundRow } from './find.js';

/** What became of the files that were to be opened. */
export interface Opened {
  /** Absolute paths. */
  readonly opened: readonly string[];
  /** Names of outputs that are in no folder that is known here. */
  readonly absent: readonly string[];
}

/** So many windows at once nobody wants by mistake. */
const usualMost = 20;
/** Milliseconds that a server gets to say where its folders are. */
const patience = 1000;

/**
 * Opens outputs with the programs that people chose for them: where ComfyUI wrote them, or wherever they lie now below its output folder, the
 * folder one is in or the repository.
 * @param limited the person said how many
 * @throws UsageError where they are many and nobody said so; InputError `no-opener`
 */
export async function openFound(
  repository: Repository,
  rows: readonly FoundRow[],
  limited: boolean,
  { cwd, env, signal }: Pick<Context, 'cwd' | 'env' | 'signal'>,
): Promise<Opened> {
  if (rows.length > usualMost && !limited) {
    throw new UsageError(`${rows.length} files are many to open`, {
      hint: `open the newest ones: --open --limit ${usualMost}`,
    });
  }
  const { installation } = await lookAround(repository, { cwd: repository.top, env, signal, patience });
  const folders = [...new Set([...(installation === undefined ? [] : [installation.output]), cwd, repository.top])];
  const locate = outputLocator(folders);
  const opened = new Set<string>();
  const absent: string[] = [];
  for (const { output } of rows) {
    const path = await locate(output);
    if (path === undefined) absent.push(output.name);
    else if (!opened.has(path)) {
      await openFile(path, env);
      opened.add(path);
    }
  }
  return { opened: [...opened], absent };
}
