import type { JournalRun } from '../comfyui/journal-line.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import type { FindOutputBytes } from './journal-outputs.js';
import type { KnownOutput, OutputFacts, RunFacts } from './run-facts.js';

/** What the journal tells of a run, with the files that are still there; nothing of today's machine enters. */
export async function journalFacts(
  run: JournalRun,
  find: FindOutputBytes,
  about: { readonly head?: string | undefined; readonly info?: ObjectInfo | undefined },
): Promise<RunFacts> {
  const outputs: OutputFacts[] = [];
  const gone: KnownOutput[] = [];
  for (const output of run.outputs) {
    const { name, node, index, sha256, size } = output;
    const bytes = await find(output);
    if (bytes !== undefined) outputs.push({ name, node, index, bytes });
    else if (sha256 !== undefined && size !== undefined) gone.push({ name, node, index, sha256, bytes: size });
  }
  const { prompt, workflow, promptId, environment, order, cached, models, inputs, packs, comfyui, start, end } = run;
  return {
    prompt,
    ...(workflow === undefined ? {} : { workflow }),
    outputs,
    known: gone,
    dependencies: { models, inputs, packs, comfyui, classes: new Map() },
    environment,
    executed: order,
    cached,
    promptId,
    start,
    duration: Math.max(0, end.getTime() - start.getTime()),
    captured: 'pack',
    ...(about.head === undefined ? {} : { head: about.head }),
    ...(about.info === undefined ? {} : { info: about.info }),
  };
}
