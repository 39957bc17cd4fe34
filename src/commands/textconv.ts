import { resolve } from 'node:path';
import { namesForTextconv } from '../capture/textconv-driver.js';
import { lockedWidgetNames } from '../capture/widget-names.js';
import { readBounded } from '../files/read.js';
import { textForDiff } from '../sharing/textconv.js';
import { safe } from '../terminal/safe.js';
import { readNameTable } from '../workflow/name-table.js';
import { bytesAnswer } from './bytes-answer.js';
import type { Command } from './command.js';

export const textconvCommand: Command = {
  name: 'textconv',
  group: 'plumbing',
  summary: 'a workflow as one readable line a fact, for git diff, log -p, show and blame',
  about: 'git runs this (diff.comfy.textconv) on each side of a diff. A file that is no workflow comes out as it is.',
  arguments: [{ name: '<file>', about: 'a version of a file, as git hands it over' }],
  options: [
    { flags: '--names <table>', about: 'names of widgets, as git comfy init wrote them; else those of comfy.lock' },
  ],
  examples: ['git comfy textconv workflows/portrait.json'],
  async run(context, input) {
    const { cwd } = context;
    const { args, options } = input;
    const bytes = await readBounded(resolve(cwd, args[0] ?? ''), maxBytes);
    const table = options['names'];
    const names =
      typeof table === 'string'
        ? readNameTable(await namesForTextconv(resolve(cwd, table), cwd))
        : await lockedWidgetNames(cwd);
    const text = textForDiff(bytes, names);
    return bytesAnswer(context, input, text === undefined ? bytes : Buffer.from(safe(text)));
  },
};

/** What git itself still treats as text (core.bigFileThreshold). */
const maxBytes = 512 * 1024 * 1024;
