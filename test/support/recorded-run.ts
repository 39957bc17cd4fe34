// A run on a ComfyUI, recorded with everything that was observed: what `git comfy run` does.
import { runWorkflow } from '../../src/capture/run.js';
import type { Repository } from '../../src/git/repository.js';
import { type JsonObject, parseJson } from '../../src/workflow/json.js';
import { captured } from './context.js';

/** Bytes of the run's first output. */
export async function runAndRecord(repository: Repository, url: string, prompt: string): Promise<Buffer> {
  const runnable = { prompt: parseJson(prompt) as JsonObject };
  const tools = captured(repository.top).context;
  const [run] = await runWorkflow(repository, { url }, runnable, { assignments: [], count: 1 }, tools);
  return run?.outputs[0]?.bytes ?? Buffer.alloc(0);
}
