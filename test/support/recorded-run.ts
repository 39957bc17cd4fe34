// A run on a ComfyUI that is recorded with everything that was observed, as `git comfy run` does.
import { observe } from '../../src/capture/observe.js';
import { recordRun } from '../../src/capture/record-run.js';
import { findSurroundings } from '../../src/capture/surroundings.js';
import { environmentOf } from '../../src/comfyui/environment.js';
import { fetchOutput, objectInfo, systemStats } from '../../src/comfyui/requests.js';
import { runPrompt } from '../../src/comfyui/run-prompt.js';
import type { Repository } from '../../src/git/repository.js';
import { needsOf } from '../../src/lock/needs.js';
import { type JsonObject, parseJson } from '../../src/workflow/json.js';
import { readPrompt } from '../../src/workflow/prompt.js';
import { readObjectInfo } from '../../src/workflow/read-interfaces.js';
import { captured } from './context.js';

export interface RanAndRecorded {
  /** Id of the record. */
  readonly id: string;
  /** Bytes of the first output, and its name in the output folder. */
  readonly bytes: Buffer;
  readonly name: string;
}

export async function runAndRecord(
  repository: Repository,
  url: string,
  text: string,
  workflow?: string,
): Promise<RanAndRecorded> {
  const { env, signal, talk } = captured(repository.top).context;
  const server = { url };
  const prompt = parseJson(text) as JsonObject;
  const embedded = workflow === undefined ? {} : { workflow: parseJson(workflow) as JsonObject };
  const around = await findSurroundings(repository, { cwd: repository.top, env, server, signal });
  const run = await runPrompt(server, { prompt, ...embedded }, { signal });
  const info = readObjectInfo(await objectInfo(server));
  const needs = needsOf(new Map([['prompt', readPrompt(run.prompt)]]), { info });
  const dependencies = await observe(needs, { ...around, known: { info }, signal, talk });
  const outputs = await Promise.all(
    run.outputs.map(async (output) => ({
      name: output.subfolder === '' ? output.filename : `${output.subfolder}/${output.filename}`,
      node: output.node,
      index: output.index,
      bytes: await fetchOutput(server, output),
    })),
  );
  const { id } = await recordRun(repository, {
    ...embedded,
    prompt: run.prompt,
    outputs,
    dependencies,
    environment: environmentOf(await systemStats(server)),
    cached: run.cached,
    ...(run.executed === undefined ? {} : { executed: run.executed }),
    promptId: run.promptId,
    start: run.start,
    duration: run.duration,
    server: url.replace('http://', ''),
    captured: 'run',
  });
  return { id, bytes: outputs[0]?.bytes ?? Buffer.alloc(0), name: outputs[0]?.name ?? '' };
}
