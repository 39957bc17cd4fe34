import { recordRun } from '../capture/record-run.js';
import type { Server } from '../comfyui/server.js';
import { serverName } from '../comfyui/server-address.js';
import type { Talk } from '../context.js';
import { InputError, ServerError } from '../errors.js';
import { needHeadCommit, type Repository } from '../git/repository.js';
import { commitOf } from '../git/revision.js';
import { withTemporaryWorktree } from '../git/worktree.js';
import { beforeRunning } from './before-running.js';
import { compareAll, extraOutputs } from './compare-all.js';
import { dryRun } from './dry-run.js';
import { judge } from './judge.js';
import { observePrompt } from './observe-prompt.js';
import type { Original } from './original.js';
import { withProvideHint } from './provide-hint.js';
import { recordReproduction } from './record-reproduction.js';
import { reproductionLines } from './report.js';
import type { ReproduceOptions } from './reproduce-options.js';
import type { Reproduction } from './reproduction.js';
import type { Rerun } from './requeue.js';
import { runAgain } from './run-again.js';
import { type Verification, verifyOriginal } from './verify-original.js';

/**
 * Makes a recorded run again and measures what comes of it; step 1, finding it, is `findOriginals`. The user's work tree, index and branch do not
 * move. Ctrl-C takes back what was queued and removes the temporary work tree.
 * @returns one reproduction a run; one that says what would be done where it stopped before
 * @throws InputError `commit-gone`; GitError `git-failed`, `no-commit`; ServerError of the run; Interrupted
 */
export async function reproduce(
  repository: Repository,
  original: Original,
  options: ReproduceOptions,
): Promise<Reproduction[]> {
  // 2. Check out
  return atCommit(repository, original, options.signal, (at) => reproduceIn(at, repository, original, options));
}

/**
 * Checks the commit of a run out in a temporary work tree, for as long as it is used.
 * @throws InputError `commit-gone`; GitError `git-failed`, `no-commit`; Interrupted; what `use` throws
 */
export async function atCommit<T>(
  repository: Repository,
  original: Original,
  signal: AbortSignal,
  use: (at: { readonly commit: string; readonly tree: string }) => Promise<T>,
): Promise<T> {
  const commit = await commitToCheckOut(repository, original);
  return withTemporaryWorktree(repository, commit, (tree) => use({ commit, tree }), signal);
}

/** A record of an imported or rewritten history may name a commit that this clone does not have. */
async function commitToCheckOut(repository: Repository, { id, record }: Original): Promise<string> {
  if (record.commit === undefined) return needHeadCommit(repository);
  if ((await commitOf(repository, record.commit)) !== undefined) return record.commit;
  const text = `the commit ${record.commit.slice(0, 10)} of record ${id.slice(0, 10)} is not in this repository`;
  throw new InputError('commit-gone', text, {
    hint: 'fetch it from where it was made (git fetch); if the history was rewritten: git comfy fsck --repair',
  });
}

async function reproduceIn(
  at: { readonly commit: string; readonly tree: string },
  repository: Repository,
  original: Original,
  options: ReproduceOptions,
): Promise<Reproduction[]> {
  if (options.dryRun === true) return [await dryRun(repository, original, at, options)];
  // 3. Verify
  const verified = await verifyOriginal(repository, original, at.tree, options);
  const before = beforeRunning(original, verified);
  if (options.strict === true && verified.grade !== 'full') {
    return [{ ...before, reasons: ['--strict wants a full reproduction, and that cannot be expected'] }];
  }
  const done: Reproduction[] = [];
  for (let run = 0; run < (options.repeat ?? 1); run++) {
    done.push(await reproduceOnce(repository, original, verified, before, options));
  }
  return done;
}

async function reproduceOnce(
  repository: Repository,
  original: Original,
  verified: Verification,
  before: Reproduction,
  options: ReproduceOptions,
): Promise<Reproduction> {
  const { server, signal, outputFolder: folder } = options;
  // 4. Requeue, 5. prove
  const again = await orSayExpected(original, before, options.talk, () => runAgain(original, verified, options));
  // 6. Compare
  const { rerun, adapted, noise } = again;
  const pairs = await compareAll(original, rerun.made, { server, folder, signal });
  const outputs = pairs.map(({ compared }) => compared);
  const extra = extraOutputs(original.record.outputs, rerun.made);
  // 7. Grade and record
  const { redacted } = original.snapshot;
  const judged = judge({ expected: before.expected, proof: rerun.proof, outputs, extra, redacted, noise });
  const observed = await observePrompt(again.prompt, options);
  const { environment } = verified;
  const facts = { original, rerun, server, observed, environment, outputs, grade: judged.grade };
  const record = options.record ?? ((run) => recordRun(repository, run));
  const recorded = await recordReproduction(facts, record);
  const steady = noise === undefined ? {} : { stable: noise.stable, noise };
  const run = runFacts(server, rerun);
  const reproduction = { ...before, adapted, run, outputs, extra, ...steady, ...judged, recorded };
  await options.onCompared?.({ original, made: rerun.made, pairs, reproduction });
  return reproduction;
}

/** Where the run fails, what was found to differ is the likely reason. */
async function orSayExpected<T>(
  original: Original,
  before: Reproduction,
  talk: Talk,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ServerError) for (const line of reproductionLines(before)) talk.say(line);
    throw withProvideHint(error, original, before.expected.differences);
  }
}

const runFacts = (server: Server, { run, proof }: Rerun) => ({
  server: serverName(server),
  promptId: run.promptId,
  duration: run.duration,
  cached: proof.cached,
});
