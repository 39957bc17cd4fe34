import { deinit } from '../setup/deinit.js';
import { safe, safeLine } from '../terminal/safe.js';
import type { Command } from './command.js';

export const deinitCommand: Command = {
  name: 'deinit',
  group: 'more',
  summary: 'take out of this repository what init put in',
  about:
    'Attributes, configuration, hooks and comfy.yaml go; what others wrote into the same files stays as it was. Lineage, store and journal stay unless --purge. ' +
    'Workflow files keep the layout they have, and comfy.lock stays.',
  arguments: [],
  options: [
    { flags: '--purge', about: 'delete lineage, store and journal too: what only they know is lost' },
    { flags: '--dry-run', about: 'only say what would be done' },
  ],
  examples: ['git comfy deinit --dry-run'],
  run: async (context, { options }) => {
    const result = await deinit(context, { purge: options['purge'] === true, dryRun: options['dryRun'] === true });
    const { steps, remarks, dryRun } = result;
    const head = steps.length === 0 ? 'nothing of git comfy is here' : dryRun ? 'would do:' : 'done:';
    const lines = [
      head,
      ...steps.map((step) => `  ${safeLine(step)}`),
      ...remarks.map((remark) => `note: ${safe(remark)}`),
    ];
    return { result, text: lines.join('\n') };
  },
};
