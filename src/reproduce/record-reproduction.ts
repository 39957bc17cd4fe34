import type { RecordedRun, RunFacts } from '../capture/record-run.js';
import type { Server } from '../comfyui/server.js';
import { serverName } from '../comfyui/server-address.js';
import type { Grade } from '../lineage/record.js';
import type { Environment } from '../lineage/state.js';
import type { Dependencies } from '../lock/entries.js';
import type { ComparedOutput } from './compare-outputs.js';
import type { Original } from './original.js';
import type { Rerun } from './requeue.js';
import { worstOf } from './worst-metrics.js';

export interface ReproductionFacts {
  readonly original: Original;
  readonly rerun: Rerun;
  readonly server: Server;
  readonly observed: Dependencies;
  readonly environment: Environment;
  readonly outputs: readonly ComparedOutput[];
  readonly grade: Grade;
}

/** Writes a reproduction down as a run of its own that names what it re-creates. Returns the id of its record. */
export async function recordReproduction(
  facts: ReproductionFacts,
  record: (facts: RunFacts) => Promise<RecordedRun>,
): Promise<string> {
  const { original, rerun, server, observed, environment, outputs, grade } = facts;
  const { run, made } = rerun;
  const metrics = worstOf(outputs);
  const { workflow } = original.snapshot;
  const { commit } = original.record;
  const { id } = await record({
    prompt: run.prompt,
    ...(workflow === undefined ? {} : { workflow }),
    outputs: made,
    dependencies: observed,
    environment,
    ...(run.executed === undefined ? {} : { executed: run.executed }),
    cached: run.cached,
    promptId: run.promptId,
    start: run.start,
    duration: run.duration,
    server: serverName(server),
    captured: 'run',
    ...(commit === undefined ? {} : { head: commit }),
    reproduces: original.id,
    grade,
    ...(metrics === undefined ? {} : { metrics }),
  });
  return id;
}
