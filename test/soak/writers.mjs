// Twelve writers. Each does its work again and again until it is told to stop; whoever is killed begins anew.
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { queue } from './stage.mjs';

/** Work trees that commit. */
export const trees = 3;

/** @returns what each writer types next; a watcher ends by itself only when it is interrupted */
export function writersOf(stage, ledger) {
  const { studio, clone, at, servers, comfy } = stage;
  const [a, b] = servers;
  const watcher = (server) => (options) => comfy(studio, ['watch', '--server', server.url], options);
  const recorder = (cwd, name) => async (options) => {
    const files = newPictures(stage, ledger, name);
    const ran = await comfy(cwd, ['record', ...files.map(({ path }) => path)], options);
    if (ran.code === 0) for (const { sha256 } of files) ledger.promised.set(sha256, cwd);
    return ran;
  };
  const committer = (tree) => async (options) => {
    const steps = 1000 * (tree + 1) + ledger.tick();
    stage.put(join(at(`tree-${tree}`), `workflows/tree-${tree}.json`), stage.code.workflowText({ steps }));
    const ran = await comfy(at(`tree-${tree}`), ['commit', '-q', '-a', '-m', `steps ${steps}`], options);
    if (ran.code === 0) ledger.commits.push({ tree, message: `steps ${steps}` });
    return ran;
  };
  const syncer = (cwd) => (options) => comfy(cwd, ['sync'], options);
  return {
    'watch a': watcher(a),
    'watch a too': watcher(a),
    'watch b': watcher(b),
    'record 1': recorder(studio, 'one'),
    'record 2': recorder(studio, 'two'),
    'record in the clone': recorder(clone, 'three'),
    ...Object.fromEntries(Array.from({ length: trees }, (_, tree) => [`commit ${tree}`, committer(tree)])),
    sync: syncer(studio),
    'sync the clone': syncer(clone),
    gc: (options) => comfy(studio, ['gc', '--keep-days', '0'], options),
  };
}

/** Two pictures that nothing has recorded yet. */
function newPictures({ at, put, code }, ledger, name) {
  return [0, 1].map(() => {
    const number = ledger.tick();
    const bytes = code.madePicture(number % 256, { seed: String(number), text: `${name} ${number}` });
    const picture = { path: at(`pictures/${name}-${number}.png`), sha256: ledger.digest(bytes), name };
    put(picture.path, bytes);
    ledger.pictures.push(picture);
    return picture;
  });
}

/** Lets everybody work until `signal` fires, and ends watchers as a person does. */
export async function letWork(writers, ledger, signal) {
  const running = new Map();
  const workers = Object.entries(writers).map(async ([name, type]) => {
    while (!signal.aborted) {
      const ran = await type({ onStart: (process) => running.set(name, process) });
      running.delete(name);
      ledger.ran(name, ran);
    }
  });
  signal.addEventListener('abort', () => {
    for (const [name, one] of running) if (name.startsWith('watch')) one.kill('SIGINT');
  });
  return { running, done: Promise.all(workers) };
}

/** `kill -9` of one of those at work, as often as is said; only the program itself, as a person or the kernel does. */
export async function killOne(running, every, random, ledger, signal) {
  while (!signal.aborted) {
    await wait(every, undefined, { signal }).catch(() => {});
    const [name, one] = [...running][Math.floor(random() * running.size)] ?? [];
    if (!signal.aborted && one?.kill('SIGKILL') === true) ledger.killed(name);
  }
}

/** Somebody's browser on each server. */
export async function queueRuns(servers, every, ledger, signal) {
  while (!signal.aborted) {
    for (const server of servers) ledger.prompts.push(await queue(server, ledger.tick()));
    await wait(every, undefined, { signal }).catch(() => {});
  }
}
