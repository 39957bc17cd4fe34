import type { Context } from '../context.js';
import { type DemoPiece, runDemo } from '../setup/demo.js';
import { painter } from '../terminal/paint.js';
import { safe } from '../terminal/safe.js';
import { wrap } from '../terminal/wrap.js';
import { wrapPainted } from '../terminal/wrap-painted.js';
import type { Command } from './command.js';

export const demoCommand: Command = {
  name: 'demo',
  group: 'more',
  summary: 'the whole story on a simulated ComfyUI, in a temporary repository',
  about:
    'Nothing has to be installed, and nothing outside of a new folder is touched. What is shown is typed into a real shell as it goes; the ' +
    'pictures are patterns that change with everything that goes into them. The folder stays, to look around in.',
  arguments: [{ name: '[folder]', about: 'where to play; must not exist yet (default: a temporary folder)' }],
  options: [],
  examples: ['git comfy demo', 'git comfy demo ~/comfy-demo'],
  run: async (context, { args, options }) => {
    const quiet = options['json'] === true;
    const show = async (piece: DemoPiece) => {
      if (!quiet) await context.write(`${render(piece, context.output)}\n`);
    };
    return { result: await runDemo(context, args[0], show), text: '' };
  },
};

function render({ kind, text }: DemoPiece, { color, width, interactive }: Context['output']): string {
  const paint = painter(color);
  switch (kind) {
    case 'act':
      return `\n${paint('bold', `== ${safe(text)} ==`)}`;
    case 'say':
      return `\n${wrap(safe(text), Math.min(width, 100)).join('\n')}`;
    case 'command':
      return `\n${paint('green', '$')} ${paint('bold', safe(text))}`;
    case 'proposal':
      return `\n${safe(text).replace(/^/gm, '  ')}`;
    default:
      // Our own commands have made their output harmless already, and may have coloured it.
      return wrapPainted(text.replace(/^/gm, '  '), interactive ? width : Number.POSITIVE_INFINITY).join('\n');
  }
}
