// Measuring side by side: two commands in turn, A B A B ..., so that a machine whose speed drifts changes both.
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';

const environment = { ...process.env };
// Node reads that file at every start where it is set, which would be measured as ours.
delete environment.NODE_EXTRA_CA_CERTS;

/** Runs a command to its end; milliseconds. Fails loudly: a command that does not work must not look fast. */
export function time(command, args, options = {}) {
  const start = performance.now();
  const done = spawnSync(command, args, { stdio: 'ignore', ...options, env: { ...environment, ...options.env } });
  if (done.error) throw done.error;
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${done.status}`);
  return performance.now() - start;
}

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Times `ours` against `yardstick` in turn; each is a function that returns milliseconds. The first pair only warms up. */
export function sideBySide(rounds, ours, yardstick) {
  ours();
  yardstick();
  return sideBySideCold(rounds, ours, yardstick);
}

/** The same without a warm-up. */
export function sideBySideCold(rounds, ours, yardstick) {
  const pairs = Array.from({ length: rounds }, () => [ours(), yardstick()]);
  return {
    ours: median(pairs.map(([a]) => a)),
    yardstick: median(pairs.map(([, b]) => b)),
    ratio: median(pairs.map(([a, b]) => a / b)),
  };
}

/** Milliseconds of processor time of this process: what else the machine does must not look like ours. */
export function processorTime(work) {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/**
 * How `measure(count)` grows from 2,000 to 4,000, in turn, as a machine whose speed drifts changes both. The least of several rounds: what the collector of
 * garbage does at random is not growth.
 */
export function growth(rounds, measure) {
  const counts = [2000, 4000];
  const least = () => {
    const all = Array.from({ length: rounds }, () => counts.map((count) => measure(count)));
    return counts.map((_, at) => Math.min(...all.map((pair) => pair[at])));
  };
  least();
  const [small, large] = least();
  return { ours: large, yardstick: small, ratio: large / small };
}

/** One line of the table; `limit` is the ratio that we promise. Returns whether it held. */
export function report(what, against, { ours, yardstick, ratio }, limit) {
  const held = ratio <= limit;
  const figures = `${ours.toFixed(0)} ms / ${yardstick.toFixed(0)} ms = ${ratio.toFixed(2)}x (at most ${limit}x)`;
  console.log(`${held ? 'ok  ' : 'OVER'}  ${what}  against  ${against}:  ${figures}`);
  return held;
}

/** As `report`, where so many milliseconds more than the yardstick are promised. */
export function reportBeyond(what, against, { ours, yardstick }, most) {
  const held = ours - yardstick <= most;
  const figures = `${ours.toFixed(0)} ms / ${yardstick.toFixed(0)} ms = ${(ours - yardstick).toFixed(0)} ms more (at most ${most} ms)`;
  console.log(`${held ? 'ok  ' : 'OVER'}  ${what}  against  ${against}:  ${figures}`);
  return held;
}

/** Megabytes at the peak. */
export function reportMemory(what, megabytes, most) {
  const held = megabytes <= most;
  console.log(`${held ? 'ok  ' : 'OVER'}  ${what}:  ${megabytes.toFixed(0)} MB at most in use (limit ${most} MB)`);
  return held;
}
