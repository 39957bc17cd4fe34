import type { Repository } from '../git/repository.js';
import { dependenciesOf } from '../lineage/intoto/dependencies.js';
import { writeStatement } from '../lineage/intoto/statement.js';
import type { Exported } from './exported.js';
import { exportedRun } from './exported-run.js';

/**
 * The record of an output as in-toto statement with SLSA provenance. What nobody captured at the run is named in it, and said.
 * @throws what `exportedRun` throws
 */
export async function exportStatement(
  repository: Repository,
  asked: string | undefined,
  { cwd }: { readonly cwd: string },
): Promise<Exported> {
  const run = await exportedRun(repository, asked, cwd);
  const { notCaptured } = dependenciesOf(run.record, run.state);
  const leftOut = Object.entries(notCaptured).map(([what, why]) => ({ what, why }));
  return { data: writeStatement(run), leftOut };
}
