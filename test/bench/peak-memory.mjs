import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/git-comfy.cjs', import.meta.url));

/** Megabytes that our program takes at most while it runs to its end; `input` and `output` are files. */
export function peakMemory(folder, args, { input = '/dev/null', output = '/dev/null' } = {}) {
  const [watcher, peak] = [join(folder, 'watcher.cjs'), join(folder, 'peak')];
  const write = `require('node:fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS))`;
  writeFileSync(watcher, `process.on('exit', () => ${write});`);
  const files = [openSync(input, 'r'), openSync(output, 'w')];
  const done = spawnSync(process.execPath, ['--require', watcher, program, ...args], {
    cwd: folder,
    stdio: [...files, 'inherit'],
  });
  for (const file of files) closeSync(file);
  if (done.status !== 0) throw new Error(`${args.join(' ')} ended with ${done.status}`);
  return Number(readFileSync(peak, 'utf8')) / 1024;
}
