import { type Amount, type SyncResult, sync } from '../sharing/sync.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';
import type { Command } from './command.js';

export const syncCommand: Command = {
  name: 'sync',
  group: 'more',
  summary: 'exchange lineage, store and layouts with a remote, merging',
  about:
    'Fetches the notes and the store of the remote, unites both sides, and pushes. Nothing of either side is lost; branches and tags are not touched. ' +
    'Workflows that nobody has saved here yet get the layout of their author, where it has come. ' +
    'Nothing else of git comfy ever talks to a remote.',
  arguments: [{ name: '[remote]', about: 'the one of the current branch, or origin, if it is left out' }],
  options: [],
  examples: ['git comfy sync', 'git comfy sync studio'],
  run: async (context, { args }) => {
    const result = await sync(context, args[0]);
    return { result, text: textOf(result) };
  },
};

function textOf({ remote, received, sent, dressed }: SyncResult): string {
  return [
    `from ${safeLine(remote)}: ${amountText(received)}`,
    `to ${safeLine(remote)}: ${amountText(sent)}`,
    ...dressed.map((path) => `${safeLine(path)} has its author's layout now: reload it where it is open`),
  ].join('\n');
}

function amountText({ lines, documents }: Amount): string {
  if (lines === 0 && documents === 0) return 'nothing new';
  return `${plural(lines, 'line')} of lineage, ${plural(documents, 'document')}`;
}
