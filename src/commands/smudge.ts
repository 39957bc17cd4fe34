import { smudgeFile } from '../capture/filter.js';
import type { Command } from './command.js';
import { runOneShot } from './one-shot.js';

export const smudgeCommand: Command = {
  name: 'smudge',
  group: 'plumbing',
  summary: 'the smudge filter for one file: a workflow with its layout put back, from stdin to stdout',
  about: 'For clients that do not know long-running filters. Anything but a workflow comes out as it went in.',
  arguments: [{ name: '[path]', about: 'of the file, relative to the top of the repository (%f in git config)' }],
  options: [],
  examples: ['git show HEAD:workflows/ink.json | git comfy smudge workflows/ink.json'],
  run: (context, input) => runOneShot(context, input, smudgeFile),
};
