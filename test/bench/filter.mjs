// `git add` and `git checkout` of many workflows, with our filter and without any, in turn.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { report, sideBySide, time } from './measure.mjs';
import { syntheticWorkflow } from './synthetic-workflow.mjs';

const program = fileURLToPath(new URL('../../dist/git-comfy.cjs', import.meta.url));
const files = 500;
/** Sizes as people's workflows have them: half below 12 kB, one in ten above 60 kB, 30 kB in the mean. */
const nodes = [3, 5, 7, 9, 10, 12, 20, 32, 58, 105];
const rounds = 5;

const textOf = (seed) => JSON.stringify(syntheticWorkflow(nodes[seed % nodes.length], seed));

/** Two repositories with the same files; only one has the filter. */
function repositories() {
  const folder = mkdtempSync(join(tmpdir(), 'git-comfy-bench-'));
  const make = (name, attributes) => {
    const path = join(folder, name);
    mkdirSync(join(path, 'workflows'), { recursive: true });
    git(path, 'init', '--quiet', '--initial-branch=main');
    git(path, 'config', 'user.name', 'Ada Artist');
    git(path, 'config', 'user.email', 'ada@example.org');
    git(path, 'config', 'filter.comfy.process', `"${process.execPath}" "${program}" filter-process`);
    git(path, 'config', 'filter.comfy.required', 'true');
    writeFileSync(join(path, '.gitattributes'), `*.json -text ${attributes}\n`);
    git(path, 'add', '.gitattributes');
    for (let seed = 1; seed <= files; seed++) writeFileSync(join(path, 'workflows', `${seed}.json`), textOf(seed));
    return path;
  };
  return { folder, ours: make('ours', 'filter=comfy'), none: make('none', '') };
}

const git = (cwd, ...args) => time('git', args, { cwd });

/** Adding files that git has never seen: neither their blobs nor their layouts. */
function addFresh(path) {
  git(path, 'rm', '-r', '--quiet', '--cached', '--ignore-unmatch', 'workflows');
  rmSync(join(path, '.git', 'comfy'), { recursive: true, force: true });
  git(path, 'prune', '--expire=now');
  return git(path, 'add', 'workflows');
}

function checkout(path) {
  rmSync(join(path, 'workflows'), { recursive: true });
  return git(path, 'checkout', '--quiet', '--', 'workflows');
}

export function filter() {
  const { folder, ours, none } = repositories();
  try {
    const adding = sideBySide(
      rounds,
      () => addFresh(ours),
      () => addFresh(none),
    );
    const held = report(`git add of ${files} workflows`, 'no filter', adding, 3.5);
    const checkingOut = sideBySide(
      rounds,
      () => checkout(ours),
      () => checkout(none),
    );
    return report(`git checkout of ${files} workflows with their layouts`, 'no filter', checkingOut, 4.5) && held;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
