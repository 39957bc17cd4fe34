import { resolve } from 'node:path';
import { GitError } from '../errors.js';
import { openRepository } from '../git/repository.js';
import { promptOf } from '../sharing/prompt.js';
import { toPlain } from '../workflow/json.js';
import { prettyJson } from '../workflow/pretty-json.js';
import type { Command } from './command.js';

export const promptCommand: Command = {
  name: 'prompt',
  group: 'more',
  summary: 'the prompt (API format) that ComfyUI would run for a workflow',
  about:
    "Needs the interfaces of the workflow's nodes: from a server, or from a file with what a server answers at /object_info. A text with {a|b} takes its first " +
    'alternative, where the browser would draw one; %date% and the like in file names stay as they are. A prompt, also one embedded in a picture, comes out as it is.',
  arguments: [{ name: '<workflow>', about: 'a workflow, a prompt, or a picture with either embedded' }],
  options: [
    { flags: '--object-info <file>', about: 'interfaces of the nodes, instead of asking a server' },
    { flags: '--server <url>', about: 'the ComfyUI server to ask' },
  ],
  examples: [
    'git comfy prompt workflows/portrait.json',
    'git comfy prompt portrait.json --object-info object_info.json',
  ],
  async run({ cwd, env, signal }, { args, options }) {
    const [file, server] = [options['objectInfo'], options['server']];
    const prompt = await promptOf(await repositoryIfAny(cwd), resolve(cwd, args[0] ?? ''), {
      env,
      signal,
      ...(typeof file === 'string' ? { objectInfo: resolve(cwd, file) } : {}),
      ...(typeof server === 'string' ? { server } : {}),
    });
    return { result: toPlain(prompt), text: prettyJson(prompt) };
  },
};

/** Only for `comfy.server` of its configuration. */
async function repositoryIfAny(cwd: string) {
  try {
    return await openRepository(cwd);
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}
