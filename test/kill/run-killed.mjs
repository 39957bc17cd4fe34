// Runs the built program, and kills it and all that it started at a chosen moment.
import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/git-comfy.cjs', import.meta.url));

/**
 * @param place `cwd` and `env`
 * @param killAfter milliseconds; without them, or where it is done before, it runs to its end
 */
export async function runKilled({ cwd, env }, words, killAfter) {
  const started = performance.now();
  const stdio = ['ignore', 'pipe', 'pipe'];
  const running = spawn(process.execPath, [program, ...words], { cwd, env, detached: true, stdio });
  let said = '';
  for (const stream of [running.stdout, running.stderr]) stream.on('data', (text) => (said += text));
  const ended = new Promise((done) => running.once('close', (code, signal) => done({ code, signal })));
  if (killAfter !== undefined) {
    await Promise.race([ended, wait(killAfter)]);
    try {
      process.kill(-running.pid, 'SIGKILL');
    } catch {
      // it was done before
    }
  }
  return { ...(await ended), said, time: performance.now() - started };
}
