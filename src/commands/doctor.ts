import { exitCode } from '../errors.js';
import { doctor } from '../setup/doctor.js';
import type { Finding } from '../setup/finding.js';
import { type Paint, painter } from '../terminal/paint.js';
import { safe } from '../terminal/safe.js';
import type { Command } from './command.js';

export const doctorCommand: Command = {
  name: 'doctor',
  group: 'more',
  summary: 'check every point of the setup, and explain',
  about:
    "What init writes, whether git can start git comfy, which workflows are tracked, ComfyUI's folder and server. Ends with 1 where something is wrong. " +
    '--fix mends what init would write.',
  arguments: [],
  options: [{ flags: '--fix', about: 'mend what can be mended' }],
  examples: ['git comfy doctor', 'git comfy doctor --fix'],
  run: async (context, { options }) => {
    const result = await doctor(context, options['fix'] === true);
    const paint = painter(context.output.color);
    const text = result.findings.map((finding) => lineOf(finding, paint)).join('\n');
    return { result, text, exit: result.ok ? exitCode.ok : exitCode.no };
  },
};

const styles = { fine: 'green', wrong: 'red', mended: 'cyan', note: 'dim' } as const;

function lineOf({ state, text, hint }: Finding, paint: Paint): string {
  const line = `${paint(styles[state], state.padEnd(6))}  ${safe(text)}`;
  return hint === undefined ? line : `${line}\n        ${paint('dim', safe(hint))}`;
}
