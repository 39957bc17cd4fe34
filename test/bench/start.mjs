// How long the program takes to say its version, against bare Node.
import { fileURLToPath } from 'node:url';
import { report, sideBySide, time } from './measure.mjs';

const program = fileURLToPath(new URL('../../dist/git-comfy.cjs', import.meta.url));

export function start() {
  const pairs = sideBySide(
    25,
    () => time(process.execPath, [program, '--version']),
    () => time(process.execPath, ['-e', '0']),
  );
  return report('git-comfy --version', 'node -e 0', pairs, 1.4);
}
