import type { FetchedOutput } from '../../capture/fetch-outputs.js';
import { lineageAbout } from '../../capture/lineage-about.js';
import { prepare, type Ready } from '../../capture/prepare-run.js';
import { runReady } from '../../capture/run-ready.js';
import { objectInfo } from '../../comfyui/requests.js';
import { needHeadCommit, type Repository } from '../../git/repository.js';
import { withTemporaryWorktree } from '../../git/worktree.js';
import type { RunRecord } from '../../lineage/record.js';
import { recordId } from '../../lineage/record-line.js';
import { classesUsed } from '../../workflow/packs-named.js';
import { promptIdentity, readPrompt } from '../../workflow/prompt.js';
import { readObjectInfo } from '../../workflow/read-interfaces.js';
import { adaptPrompt } from '../adapt-prompt.js';
import type { Original } from '../original.js';
import type { ReproduceOptions } from '../reproduce-options.js';
import { type Verification, verifyOriginal } from '../verify-original.js';
import { type Axis, axesOf, type Variation, type VaryWishes, variationsOf } from './variations.js';

/** A picture that was varied, made now or earlier. */
export interface MadeVariation {
  readonly variation: Variation;
  /** Id of its record. */
  readonly id: string;
  readonly record: RunRecord;
  /** Where its files lie, of a run that was made now. */
  readonly outputs: readonly FetchedOutput[];
  /** It was recorded before, and was not run again. */
  readonly before: boolean;
}

export interface Varied {
  readonly axes: readonly Axis[];
  readonly verification: Verification;
  readonly made: readonly MadeVariation[];
}

export interface VaryOptions extends ReproduceOptions {
  /** Where outputs of a server on another machine go. */
  readonly folder: string;
  /** Told of each one, with how many there are to be. */
  readonly onMade: (made: MadeVariation, index: number, all: number) => Promise<void>;
}

/**
 * Runs a recorded prompt again with some of its values changed, each change a run and a record of its own. What was made before in the same way is not
 * run again, so an interrupted grid goes on where it was.
 * @throws UsageError as `axesOf` and `prepare`, before anything is queued; ServerError of a run; Interrupted
 */
export async function vary(
  repository: Repository,
  original: Original,
  wishes: VaryWishes,
  options: VaryOptions,
): Promise<Varied> {
  const { server, signal, talk } = options;
  const axes = axesOf(original.snapshot.prompt, wishes, original.id);
  const variations = variationsOf(axes, wishes.grid);
  const verification = await verify(repository, original, options);
  const { prompt, notes } = await adaptPrompt(server, original, verification, signal);
  for (const line of [...verification.differences.map(({ text }) => text), ...notes]) talk.say(line);
  const { workflow } = original.snapshot;
  const info = readObjectInfo(await objectInfo(server, classesUsed(readPrompt(prompt)), { signal }));
  const runnable = { prompt, ...(workflow === undefined ? {} : { workflow }) };
  // All are prepared before the first runs: a value that does not fit must not be found out after an hour.
  const ready = variations.map(({ assignments }) => prepare(runnable, info, { assignments }, quiet));
  const { environment } = verification;
  const stage = {
    repository,
    server,
    tools: options,
    around: options.around,
    environment,
    info,
    folder: options.folder,
  };
  const { commit } = original.record;
  const more = { varies: original.id, ...(commit === undefined ? {} : { head: commit }) };
  const known = await madeBefore(repository, original.id);
  const made: MadeVariation[] = [];
  for (const [index, variation] of variations.entries()) {
    const one = ready[index] as Ready;
    const before = known.get(promptIdentity(readPrompt(one.prompt)));
    const next =
      before === undefined
        ? { variation, before: false, ...(await runReady(stage, one, more)) }
        : { variation, before: true, outputs: [], ...before };
    made.push(next);
    await options.onMade(next, index, variations.length);
  }
  return { axes, verification, made };
}

const quiet = { say: () => {}, progress: () => {}, confirm: async () => false };

async function verify(repository: Repository, original: Original, options: VaryOptions): Promise<Verification> {
  const commit = original.record.commit ?? (await needHeadCommit(repository));
  return withTemporaryWorktree(
    repository,
    commit,
    (tree) => verifyOriginal(repository, original, tree, options),
    options.signal,
  );
}

/** Records of variations of this original, by the identity of their prompt. */
async function madeBefore(repository: Repository, of: string) {
  const { records } = await lineageAbout(repository, { madeFrom: [of] });
  return new Map(
    records.flatMap(({ text, record }) =>
      record.varies === of && record.identity !== undefined
        ? [[record.identity, { id: recordId(text), record }] as const]
        : [],
    ),
  );
}
