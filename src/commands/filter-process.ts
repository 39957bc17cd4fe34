import { filterProcess } from '../capture/filter-process.js';
import type { Command } from './command.js';

export const filterProcessCommand: Command = {
  name: 'filter-process',
  group: 'plumbing',
  summary: "both filters for all files of one git command, over git's filter protocol",
  about:
    'git starts this (filter.comfy.process) and speaks version 2 of its long-running filter process protocol to it.',
  arguments: [],
  options: [],
  examples: ["git config filter.comfy.process 'git-comfy filter-process'"],
  async run(context) {
    const { cwd, now, talk } = context;
    const write = (parts: readonly Uint8Array[]) => context.write(Buffer.concat(parts));
    await filterProcess({ cwd, input: context.input(), write, now, say: talk.say });
    return { result: {}, text: '' };
  },
};
