import { filteredPaths, workflowAttributes } from '../git/attributes.js';
import { git, splitNul } from '../git/exec.js';
import { type Repository, startOf } from '../git/repository.js';
import { trackedWorkflows } from '../git/tracked.js';
import type { FileDiff } from '../workflow/file-diff.js';
import { unmergedOfOurs } from './conflicts.js';
import { diffAll, differs } from './diff.js';
import { type DriftStatus, driftStatus } from './drift-status.js';
import type { Looking } from './looking.js';
import { type StaleFile, staleFiles } from './stale-files.js';
import { type UnrecordedOutputs, unrecordedOutputs } from './unrecorded-outputs.js';
import { versionsIn } from './versions.js';
import { type WaitingRecords, waitingRecords } from './waiting-records.js';

export interface Status {
  /** How many workflows the index has. */
  readonly tracked: number;
  /** From the last commit to the files as they are. */
  readonly changed: readonly FileDiff[];
  /** Files that keep their layout (`comfy-layout=keep`), and of which nothing else changed. */
  readonly moved: readonly string[];
  /** Files that are workflows by their attributes and that nobody has added yet. */
  readonly untracked: readonly string[];
  /** What a merge left open: workflows, and the lock. */
  readonly unmerged: readonly string[];
  /** Changed files that equal an older commit's version. */
  readonly stale: readonly StaleFile[];
  readonly drift: DriftStatus;
  readonly waiting: WaitingRecords;
  /** `undefined` where no output folder is known. */
  readonly outputs: UnrecordedOutputs | undefined;
}

/** What a person wants to know before going on. Nothing is hashed but outputs, and nothing is written. */
export async function statusOf(repository: Repository, looking: Looking): Promise<Status> {
  const files = await versionsIn(repository, { from: await startOf(repository) });
  const { diffs } = await diffAll(repository, files, repository.top);
  const changed = diffs.filter(differs);
  return {
    tracked: (await trackedWorkflows(repository)).length,
    changed,
    moved: await movedFiles(
      repository,
      diffs.filter((file) => !differs(file)).map(({ path }) => path),
    ),
    untracked: await untrackedWorkflows(repository),
    unmerged: (await unmergedOfOurs(repository)).map(({ path }) => path),
    stale: await staleFiles(
      repository,
      changed.filter(({ status }) => status === 'changed').map(({ path }) => path),
    ),
    drift: await driftStatus(repository, looking),
    waiting: await waitingRecords(repository),
    outputs: await unrecordedOutputs(repository, looking),
  };
}

async function movedFiles(repository: Repository, paths: readonly string[]): Promise<string[]> {
  const attributes = await workflowAttributes(repository, paths);
  return paths.filter((_, at) => attributes[at]?.keepsLayout === true);
}

async function untrackedWorkflows(repository: Repository): Promise<string[]> {
  const found = splitNul(await git(repository.top, ['ls-files', '-z', '--others', '--exclude-standard']));
  const tracked = await filteredPaths(repository, found);
  return found.filter((path) => tracked.has(path));
}
