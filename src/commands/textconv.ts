import { resolve } from 'node:path';
import { readBounded } from '../files/read.js';
import { textForDiff } from '../sharing/textconv.js';
import type { Command } from './command.js';

export const textconvCommand: Command = {
  name: 'textconv',
  group: 'plumbing',
  summary: 'a workflow as one readable line a fact, for git diff, log -p, show and blame',
  about: 'git runs this (diff.comfy.textconv) on each side of a diff. A file that is no workflow comes out as it is.',
  arguments: [{ name: '<file>', about: 'a version of a file, as git hands it over' }],
  options: [],
  examples: ['git comfy textconv workflows/portrait.json'],
  async run({ cwd, write }, { args }) {
    const bytes = await readBounded(resolve(cwd, args[0] ?? ''), maxBytes);
    await write((await textForDiff(bytes, cwd)) ?? bytes);
    return { result: {}, text: '' };
  },
};

/** What git itself still treats as text (core.bigFileThreshold). */
const maxBytes = 512 * 1024 * 1024;
