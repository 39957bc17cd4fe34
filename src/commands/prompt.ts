import { resolve } from 'node:path';
import { findRepository } from '../git/repository.js';
import { promptOf } from '../sharing/prompt.js';
import { safe } from '../terminal/safe.js';
import { toPlain } from '../workflow/json.js';
import { prettyJson } from '../workflow/pretty-json.js';
import type { Command } from './command.js';
import { textOption } from './text-option.js';

export const promptCommand: Command = {
  name: 'prompt',
  group: 'more',
  summary: 'the prompt (API format) that ComfyUI would run for a workflow',
  about:
    "Needs the interfaces of the workflow's nodes: from a server, from a file with what a server answers at /object_info, from what a server answered before, " +
    'or, where every value stands in the workflow, from comfy.lock alone. Of a text with {a|b} the first alternative is taken, where the browser would draw ' +
    'one; --text-seed draws, the same for the same seed. A prompt, also one embedded in a picture, comes out as it is. What equals the frontend, and how: docs/conversion.md.',
  arguments: [{ name: '<workflow>', about: 'a workflow, a prompt, or a picture with either embedded' }],
  options: [
    { flags: '--object-info <file>', about: 'interfaces of the nodes, instead of asking a server' },
    { flags: '--server <url>', about: 'the ComfyUI server to ask' },
    { flags: '--text-seed <seed>', about: 'draw the alternatives of {a|b} by this seed' },
  ],
  examples: [
    'git comfy prompt workflows/portrait.json',
    'git comfy prompt portrait.json --object-info object_info.json',
    'git comfy prompt portrait.json --text-seed 7',
  ],
  async run({ cwd, env, signal, talk, now }, input) {
    const [file, server, textSeed] = ['objectInfo', 'server', 'textSeed'].map((name) => textOption(input, name));
    // A repository knows `comfy.server`, what servers said before, and the lock; none is needed.
    const prompt = await promptOf(await findRepository(cwd), resolve(cwd, input.args[0] ?? ''), {
      env,
      signal,
      talk,
      now: now(),
      ...(textSeed === undefined ? {} : { textSeed }),
      ...(file === undefined ? {} : { objectInfo: resolve(cwd, file) }),
      ...(server === undefined ? {} : { server }),
    });
    return { result: toPlain(prompt), text: safe(prettyJson(prompt)) };
  },
};
