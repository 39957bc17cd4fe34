// `npm run fuzz [-- <mutations>] [-- <first seed>]`: random damage to every file of the corpus, through clean, smudge, describe, diff, merge and prompt. Nothing
// may crash, take longer than two seconds, or lose anything. Exit 1 where something does.

import { fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { throughGit } from './through-git.mjs';

const root = join(import.meta.dirname, '../..');
const corpus = process.env.GIT_COMFY_CORPUS ?? join(root, '../shared/corpus');
const [mutations = 10_000, first = 1] = process.argv.slice(2).map(Number);
/** Milliseconds of processor time that one step may take, and by the clock after which a process that says nothing hangs: other work may have the machine. */
const mostTime = 2000;
const patience = 300_000;
const processes = 2;

const files = ['workflows', 'pairs']
  .flatMap((folder) => readdirSync(join(corpus, folder), { recursive: true }).map((name) => join(corpus, folder, name)))
  .filter((name) => name.endsWith('.json') && !name.endsWith('.prompt.json'))
  .sort();

const folder = await mkdtemp(join(tmpdir(), 'git-comfy-fuzz-'));
/** A module of ours, for node. */
async function bundled(name) {
  const outfile = join(folder, name.replace('.ts', '.mjs'));
  const entryPoints = [join('test/fuzz', name)];
  const js =
    "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);";
  await build({
    absWorkingDir: root,
    entryPoints,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: { js },
    outfile,
  });
  return outfile;
}

const { extremes } = await import(pathToFileURL(await bundled('extremes.ts')).href);
const { damaged } = await import(pathToFileURL(await bundled('mutate.ts')).href);
const target = await bundled('target.ts');
const names = Object.keys(extremes);
const count = names.length + mutations;
let next = 0;
let done = 0;
let workflows = 0;
let slowest = ['', 0];
const problems = [];

const report = (task, lines) => {
  for (const line of lines) {
    problems.push(line);
    if (problems.length <= 40) console.log(`seed ${task.seed} ${task.file.replace(`${corpus}/`, '')}: ${line}`);
  }
};

/** One process, with one task after the other; one that hangs or dies is replaced. */
function work() {
  return new Promise((finished) => {
    const worker = fork(target, [join(corpus, 'oracle/object_info-0.8.0.json.gz')]);
    let task;
    let timer;
    const end = (then) => {
      clearTimeout(timer);
      worker.removeAllListeners();
      worker.once('exit', then);
      worker.kill('SIGKILL');
    };
    const again = () => work().then(finished);
    const give = () => {
      clearTimeout(timer);
      if (next >= count) return end(finished);
      const at = next++;
      const seed = first + at - names.length;
      task = at < names.length ? { seed: 0, file: names[at] } : { seed, file: files[seed % files.length] };
      worker.send(task);
      timer = setTimeout(() => {
        report(task, [`hangs: no answer in ${patience / 1000} s`]);
        end(again);
      }, patience);
    };
    worker.on('message', (outcome) => {
      done++;
      workflows += outcome.workflows;
      if (outcome.slowest[1] > slowest[1]) slowest = outcome.slowest;
      if (outcome.seed === 0)
        console.log(`${outcome.file}: ${outcome.slowest[0]} ${Math.round(outcome.slowest[1])} ms`);
      report(outcome, outcome.problems);
      if (outcome.slowest[1] > mostTime)
        report(outcome, [`${outcome.slowest[0]} took ${Math.round(outcome.slowest[1])} ms`]);
      if (done % 1000 === 0) console.log(`${done} of ${count}`);
      give();
    });
    worker.on('exit', (code) => {
      report(task, [`the process died with ${code}`]);
      clearTimeout(timer);
      again();
    });
    give();
  });
}

await Promise.all(Array.from({ length: processes }, work));
problems.push(
  ...throughGit({
    folder,
    program: join(root, 'dist/git-comfy.cjs'),
    count: Math.min(500, mutations),
    damaged: (at) => damaged(readFileSync(files[(at * 7) % files.length]), first + at),
  }),
);
await rm(folder, { recursive: true });
console.log(
  `${done - names.length} mutations of ${files.length} files and ${names.length} extremes; ${workflows} of ${done * 2} versions were still workflows; ` +
    `${problems.length} problems; slowest step ${slowest[0]} ${Math.round(slowest[1])} ms`,
);
process.exitCode = problems.length === 0 && done === count ? 0 : 1;
