import type { Surroundings } from '../capture/surroundings.js';
import type { Server } from '../comfyui/server.js';
import { serverName } from '../comfyui/server-address.js';
import type { Talk } from '../context.js';
import { ServerError } from '../errors.js';
import { needHeadCommit, type Repository } from '../git/repository.js';
import { withTemporaryWorktree } from '../git/worktree.js';
import type { JsonObject } from '../workflow/json.js';
import { adaptPrompt } from './adapt-prompt.js';
import { compareAll, sameOutputs } from './compare-all.js';
import { judge } from './judge.js';
import { observePrompt } from './observe-prompt.js';
import type { Original } from './original.js';
import { recordReproduction } from './record-reproduction.js';
import { reproductionLines } from './report.js';
import type { Reproduction } from './reproduction.js';
import { type Requeued, type Rerun, requeue } from './requeue.js';
import { type Verification, verifyOriginal } from './verify-original.js';

export interface ReproduceOptions {
  readonly around: Surroundings;
  readonly server: Server;
  /** Stop after verifying. */
  readonly dryRun?: boolean;
  /** Stop unless a full reproduction can be expected. */
  readonly strict?: boolean;
  /** Run twice, to tell an unstable server. */
  readonly baseline?: boolean;
  readonly signal: AbortSignal;
  readonly talk: Talk;
}

/**
 * Makes a recorded run again and measures what comes of it; step 1, finding it, is `findOriginals`. The user's work tree, index and branch do not
 * move. Ctrl-C takes back what was queued and removes the temporary work tree.
 * @throws GitError `git-failed`, `no-commit`; ServerError of the run; Interrupted
 */
export async function reproduce(
  repository: Repository,
  original: Original,
  options: ReproduceOptions,
): Promise<Reproduction> {
  // 2. Check out
  const commit = original.record.commit ?? (await needHeadCommit(repository));
  return withTemporaryWorktree(
    repository,
    commit,
    (tree) => reproduceIn(tree, repository, original, options),
    options.signal,
  );
}

async function reproduceIn(
  tree: string,
  repository: Repository,
  original: Original,
  options: ReproduceOptions,
): Promise<Reproduction> {
  const { server, signal } = options;
  // 3. Verify
  const verified = await verifyOriginal(repository, original, tree, options);
  const before = beforeRunning(original, verified);
  if (options.dryRun === true) return before;
  if (options.strict === true && verified.grade !== 'full') {
    return { ...before, reasons: ['--strict wants a full reproduction, and that cannot be expected'] };
  }
  // 4. Requeue, 5. prove
  const again = await orSayExpected(before, options.talk, () => runAgain(original, verified, options));
  // 6. Compare
  const { rerun, adapted, stable } = again;
  const outputs = await compareAll(server, original, rerun.made, signal);
  // 7. Grade and record
  const { redacted } = original.snapshot;
  const judged = judge({ expected: before.expected, proof: rerun.proof, outputs, redacted, stable });
  const observed = await observePrompt(again.prompt, options);
  const { environment } = verified;
  const facts = { original, rerun, server, observed, environment, outputs, grade: judged.grade };
  const recorded = await recordReproduction(repository, facts);
  const steady = stable === undefined ? {} : { stable };
  return { ...before, adapted, run: runFacts(server, rerun), outputs, ...steady, ...judged, recorded };
}

/** Where the run fails, what was found to differ is the likely reason. */
async function orSayExpected<T>(before: Reproduction, talk: Talk, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ServerError) for (const line of reproductionLines(before)) talk.say(line);
    throw error;
  }
}

interface Again {
  /** As it was queued, but for the nonce. */
  readonly prompt: JsonObject;
  readonly adapted: readonly string[];
  readonly rerun: Rerun;
  /** Only with a baseline. */
  readonly stable: boolean | undefined;
}

async function runAgain(original: Original, verified: Verification, options: ReproduceOptions): Promise<Again> {
  const { server, signal, talk, baseline } = options;
  const { prompt, notes } = await adaptPrompt(server, original, verified, signal);
  const { workflow } = original.snapshot;
  const outputs = original.outputs.map(({ node }) => node).filter((node) => node !== '');
  const queued: Requeued = { prompt, outputs, ...(workflow === undefined ? {} : { workflow }) };
  const rerun = await requeue(server, queued, signal, talk);
  const twice = baseline === true ? await requeue(server, queued, signal, talk) : undefined;
  const stable = twice === undefined ? undefined : sameOutputs(rerun.made, twice.made);
  return { prompt, adapted: notes, rerun, stable };
}

function beforeRunning({ id, how, outputs, record }: Original, { grade, differences }: Verification): Reproduction {
  return {
    original: id,
    found: how,
    names: outputs.map(({ name }) => name),
    ...(record.workflow === undefined ? {} : { workflow: record.workflow.path }),
    ...(record.commit === undefined ? {} : { commit: record.commit }),
    expected: { grade, differences },
    adapted: [],
    reasons: [],
  };
}

const runFacts = (server: Server, { run, proof }: Rerun) => ({
  server: serverName(server),
  promptId: run.promptId,
  duration: run.duration,
  cached: proof.cached,
});
