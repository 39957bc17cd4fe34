import { rememberRepository } from '../capture/known-repositories.js';
import { type InitResult, init } from '../setup/init.js';
import { type Paint, painter } from '../terminal/paint.js';
import { safe, safeLine } from '../terminal/safe.js';
import type { Command } from './command.js';
import { listOption } from './list-option.js';
import { textOption } from './text-option.js';

export const initCommand: Command = {
  name: 'init',
  group: 'everyday',
  summary: 'set this repository up',
  about:
    'Finds the workflows of this repository and tracks their folders: attributes, filter, diff and merge drivers, hooks, lineage of remotes, comfy.yaml. ' +
    'Twice is once. Hooks and attributes of others are kept. `git comfy deinit` takes it all out again.',
  arguments: [],
  options: [
    { flags: '--track <pattern>', about: 'track these files too (a pattern of gitattributes)', many: true },
    { flags: '--nested', about: "make ComfyUI's folder of saved workflows a repository of its own" },
    {
      flags: '--ci <service>',
      about:
        '`github`: write workflows that check pull requests, say in a comment what they change, and reproduce outputs',
    },
    {
      flags: '--capture-pack',
      about: "put the capture pack into ComfyUI's custom_nodes: it tells what HTTP alone cannot tell",
    },
    { flags: '--push-lineage', about: 'exchange lineage with the remote of every git push, by a pre-push hook' },
    { flags: '--dry-run', about: 'only say what would be done' },
  ],
  examples: ['git comfy init', "git comfy init --track 'graphs/**/*.json' --ci github"],
  run: async (context, input) => {
    const { options } = input;
    const ci = textOption(input, 'ci');
    const result = await init(context, {
      track: listOption(input, 'track'),
      nested: options['nested'] === true,
      capturePack: options['capturePack'] === true,
      pushLineage: options['pushLineage'] === true,
      dryRun: options['dryRun'] === true,
      ...(ci === undefined ? {} : { ci }),
    });
    if (!result.dryRun) await rememberRepository(context.env, result.top);
    return { result, text: textOf(result, painter(context.output.color)) };
  },
};

function textOf(result: InitResult, paint: Paint): string {
  const { steps, remarks, dryRun } = result;
  const lines = [`repository: ${safeLine(result.top)}`];
  if (result.comfyui !== undefined) lines.push(`ComfyUI: ${safeLine(result.comfyui)}`);
  lines.push(`workflows: ${safeLine(result.patterns.join(', '))} (${result.workflows.length} found)`);
  if (steps.length === 0) lines.push(paint('green', 'everything was set up already'));
  else lines.push(dryRun ? 'would do:' : 'done:', ...steps.map((step) => `  ${safeLine(step)}`));
  const notes = remarks.map((remark) => `${paint('yellow', 'note:')} ${safe(remark)}`);
  return [...lines, ...notes, ...result.next.map((command) => `next: ${safe(command)}`)].join('\n');
}
