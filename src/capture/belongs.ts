import type { Repository } from '../git/repository.js';
import { readSnapshot } from '../lineage/documents.js';
import type { Draft } from '../lineage/draft.js';
import { frontendId } from '../workflow/frontend-id.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import { isObject, type Json, tryParseJson } from '../workflow/json.js';
import { comparerFor } from './compare-with-commit.js';
import { likeWaiting } from './like-waiting.js';
import { indexedWorkflows, workTreeFiles } from './lock-files.js';
import { placeFinder } from './place-record.js';
import type { TrackedBytes } from './plan-lock.js';

/** The workflow of this repository that a run is of. */
export interface Home {
  readonly path?: string;
}

const homeAt = (path: string | undefined): Home => (path === undefined ? {} : { path });

/**
 * Whether a run is of this repository: on a server that several people use, one's pictures must not end in another's lineage. Its workflow is one
 * of a commit or of the work tree (seeds and other values aside), or has the id that the frontend gave to a tracked one, or it executes what a recorded run did
 * that still waits for its commit, seeds aside.
 * @returns where a run is of, `undefined` for one that is not of here, for the runs of one look; what git and the disk hold is read once for all of them
 */
export async function belonging(
  repository: Repository,
  drafts: readonly Draft[],
  info: ObjectInfo | undefined,
): Promise<(draft: Draft) => Promise<Home | undefined>> {
  const place = placeFinder(repository, info, drafts);
  const indexed = await indexedWorkflows(repository);
  const files = [
    ...indexed,
    ...(await workTreeFiles(
      repository,
      indexed.map(({ path }) => path),
    )),
  ];
  const ids = new Map(files.flatMap((file) => idOf(file).map((id) => [id, file.path] as const)));
  return async (draft) => {
    const found = await place(draft);
    if (found !== undefined && found.match !== 'uncommitted') return homeAt(found.workflow?.path);
    const run = readSnapshot(draft.snapshot);
    const id = frontendId(run.workflow);
    if (id !== undefined && ids.has(id)) return homeAt(ids.get(id));
    const compare = comparerFor(run, info);
    const same = files.find(({ bytes }) => compare(bytes) !== undefined);
    if (same !== undefined) return homeAt(same.path);
    const open = await likeWaiting(repository, run);
    return open === undefined ? undefined : homeAt(open.workflow?.path);
  };
}

const idOf = ({ bytes }: TrackedBytes): string[] => {
  const json: Json | undefined = tryParseJson(Buffer.from(bytes).toString('utf8'));
  const id = isObject(json) ? frontendId(json) : undefined;
  return id === undefined ? [] : [id];
};
