import { cleanFile } from '../capture/filter.js';
import type { Command } from './command.js';
import { runOneShot } from './one-shot.js';

export const cleanCommand: Command = {
  name: 'clean',
  group: 'plumbing',
  summary: 'the clean filter for one file: what git stores, from stdin to stdout',
  about: 'For clients that do not know long-running filters. Anything but a workflow comes out as it went in.',
  arguments: [{ name: '[path]', about: 'of the file, relative to the top of the repository (%f in git config)' }],
  options: [],
  examples: ['git comfy clean workflows/portrait.json < workflows/portrait.json'],
  run: (context, input) => runOneShot(context, input, cleanFile),
};
