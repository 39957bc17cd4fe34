import type { Repository } from '../git/repository.js';
import type { OutputKeys } from '../lineage/query.js';
import { lineageAbout } from './lineage-about.js';

/** Remembers which outputs have a record. */
export interface SeenOutputs {
  has(keys: OutputKeys): boolean;
  /** For an output without a prompt of its own: its pixels are those of a recorded one. */
  hasPixels(keys: OutputKeys): boolean;
  add(keys: OutputKeys): void;
  /** Looks up what lineage has of these; nobody else's outputs are remembered. @throws GitError `git-failed` */
  lookUp(keys: readonly OutputKeys[]): Promise<void>;
}

/**
 * An output is known by its file, or by its pixels together with the prompt that made them: different prompts can give the same black picture.
 */
export function seenOutputs(repository: Repository): SeenOutputs {
  const seen = new Set<string>();
  const bare = new Set<string>();
  const add = (keys: OutputKeys) => {
    for (const name of names(keys)) seen.add(name);
    if (keys.pixels !== undefined) bare.add(keys.pixels);
  };
  return {
    add,
    async lookUp(keys) {
      const files = keys.flatMap(({ sha256 }) => sha256 ?? []);
      const { records } = await lineageAbout(repository, { files, pixels: keys.flatMap(({ pixels }) => pixels ?? []) });
      for (const { record } of records) {
        const { identity } = record;
        for (const { sha256, pixels } of record.outputs) add({ sha256, ...defined({ pixels, identity }) });
      }
    },
    has: (keys) => names(keys).some((name) => seen.has(name)),
    hasPixels: ({ pixels }) => pixels !== undefined && bare.has(pixels),
  };
}

function names({ sha256, pixels, identity }: OutputKeys): string[] {
  return [
    ...(sha256 === undefined ? [] : [`file ${sha256}`]),
    ...(pixels === undefined || identity === undefined ? [] : [`pixels ${pixels} ${identity}`]),
  ];
}

function defined({ pixels, identity }: { pixels: string | undefined; identity: string | undefined }): OutputKeys {
  return { ...(pixels === undefined ? {} : { pixels }), ...(identity === undefined ? {} : { identity }) };
}
