import type { Talk } from '../../context.js';
import { InputError } from '../../errors.js';
import { fetchModel } from '../../models/fetch-model.js';
import { freeSpace } from '../../models/free-space.js';
import { checkFree, giveName } from '../../models/give-name.js';
import type { DownloadOptions } from '../../models/open-download.js';
import { releasePart } from '../../models/part-file.js';
import { linkModel } from './link-model.js';
import type { FetchStep, LinkStep, Step } from './steps.js';

export interface ApplyingModels extends Omit<DownloadOptions, 'start'> {
  readonly copy: boolean;
  readonly talk: Talk;
}

/** @returns how the model was linked */
export const applyLink = (step: LinkStep, { copy, signal }: ApplyingModels): Promise<string> =>
  linkModel(step, { copy, signal });

/** Fetches a model, and gives it its name when its content is the one that is wanted. */
export async function applyFetch(step: FetchStep, options: ApplyingModels): Promise<string> {
  const { digest, size, folder } = step;
  await checkFree(step.to);
  const label = `fetching ${step.name}`;
  const onProgress = (done: number, total: number | undefined) =>
    options.talk.progress({ label, done, unit: 'bytes', ...(total === undefined ? {} : { total }) });
  const wanted = { url: new URL(step.url), digest, folder, ...(size === undefined ? {} : { size }) };
  try {
    const part = await fetchModel(wanted, { ...options, onProgress });
    await giveName(part, step.to).catch(async (error: unknown) => {
      await releasePart(part, digest);
      throw error;
    });
  } finally {
    options.talk.progress(undefined);
  }
  return 'fetched';
}

/**
 * Before anything is done: is there room for all that is to be fetched?
 * @throws InputError `no-space`
 */
export async function checkRoom(steps: readonly Step[]): Promise<void> {
  const needed = new Map<number, { folder: string; bytes: number; free: number }>();
  for (const step of steps) {
    if (step.kind !== 'fetch') continue;
    const { device, free } = await freeSpace(step.folder);
    const sum = needed.get(device)?.bytes ?? 0;
    needed.set(device, { folder: step.folder, free, bytes: sum + Math.max(0, (step.size ?? 0) - step.present) });
  }
  for (const { folder, bytes, free } of needed.values()) {
    if (bytes <= free) continue;
    throw new InputError('no-space', `${bytes} bytes are to be fetched to ${folder}, and ${free} are free there`, {
      hint: 'make room, or fetch some of it by hand and link it',
    });
  }
}
