import { workTreeLock } from '../capture/lock-files.js';
import { UsageError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import type { FindQuery } from '../lineage/find-query.js';
import type { SkippedLine } from '../lineage/lineage.js';
import { textTest, type ValueTest } from '../lineage/value-test.js';
import { type FoundRow, find } from './find.js';

/** What needs a model: nobody should delete it before having read this. */
export interface Impact {
  /** Keys `<folder>/<name>` of the models that were meant. */
  readonly models: readonly string[];
  /** Paths of workflows whose lock names one of them. */
  readonly workflows: readonly string[];
  readonly rows: readonly FoundRow[];
  /** Runs whose snapshot is not in this clone. */
  readonly unknown: number;
  readonly skipped: readonly SkippedLine[];
}

/**
 * Workflows and outputs that need a model, which is named by its file name, with or without its folder and with `*`, or by the first digits of its
 * SHA-256 (of the file, or of its tensors).
 * @throws InputError `lock-newer`, `lock-damaged`; GitError `git-failed`
 */
export async function impact(repository: Repository, model: string): Promise<Impact> {
  if (model.trim() === '') throw new UsageError('name a model', { hint: 'git comfy impact dreamshaper_8.safetensors' });
  const wanted = modelTest(model);
  const { lock } = await workTreeLock(repository);
  const locked = [...lock.models].flatMap(([key, { digest, tensors = '' }]) =>
    wanted(key) || [digest, tensors].some((text) => wanted(text.replace('sha256:', ''))) ? [key] : [],
  );
  const workflows = [...lock.workflows].flatMap(([path, { models }]) =>
    models.some((key) => locked.includes(key)) ? [path] : [],
  );
  const query: FindQuery = { filters: [{ key: 'model', wanted: model, test: wanted }], words: [] };
  const { rows, unknown, skipped } = await find(repository, query, true);
  const ran = rows.flatMap(({ facets }) => facets?.models.filter(wanted) ?? []);
  return { models: [...new Set([...locked, ...ran])].sort(), workflows, rows, unknown, skipped };
}

/** Whole names only: `ink.safetensors` must not count what needs `pink.safetensors`. */
function modelTest(model: string): ValueTest {
  const name = model.replaceAll('\\', '/').toLowerCase();
  if (/^[0-9a-f]{6,64}$/.test(name)) return (value) => value.startsWith(name);
  if (/[*?]/.test(name)) return textTest(name);
  return (value) => {
    const key = value.toLowerCase();
    return key === name || key.endsWith(`/${name}`) || stem(key) === name || stem(key).endsWith(`/${name}`);
  };
}

const stem = (key: string) => key.replace(/\.[a-z0-9]+$/, '');
