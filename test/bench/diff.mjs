// The semantic diff against parsing, and git's own diff with our textconv against one without.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundled } from './bundled.mjs';
import { growth, processorTime, report, sideBySide, time } from './measure.mjs';
import { syntheticWorkflow } from './synthetic-workflow.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'dist', 'git-comfy.cjs');

export async function diff() {
  const folder = mkdtempSync(join(tmpdir(), 'git-comfy-bench-'));
  try {
    const held = [await semantic(folder), ...inGit(folder)];
    return held.every(Boolean);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every fortieth node has other steps, one is gone and one is new. */
function edited(count) {
  const workflow = syntheticWorkflow(count, 1);
  for (const node of workflow.nodes) if (node.id % 40 === 0) node.widgets_values[2] = 99;
  const [last] = workflow.nodes.splice(-1);
  workflow.nodes.push({ ...last, id: count + 5, type: 'KSamplerAdvanced', inputs: [] });
  return workflow;
}

/** The same graph with ids that are shifted into each other: the slowest to find again. */
function renumbered(count) {
  const workflow = syntheticWorkflow(count, 1);
  for (const node of workflow.nodes) node.id += 7;
  for (const link of workflow.links) {
    link[1] += 7;
    link[3] += 7;
  }
  return workflow;
}

async function semantic(folder) {
  const { readWorkflow, parseJson, diffWorkflows } = await bundled(folder, {
    './src/workflow/diff.ts': ['diffWorkflows'],
    './src/workflow/graph.ts': ['readWorkflow'],
    './src/workflow/json.ts': ['parseJson'],
  });
  const pair = (count, change) => [syntheticWorkflow(count, 1), change(count)].map((each) => JSON.stringify(each));
  const ours = (texts) => diffWorkflows(...texts.map((text) => readWorkflow(parseJson(text))));
  const measure = (texts, rounds = 15) =>
    sideBySide(
      rounds,
      () => processorTime(() => ours(texts)),
      () => processorTime(() => texts.map((text) => JSON.parse(text))),
    );
  const held = [
    [edited, 'semantic diff of two graphs of 2,000 nodes, reading included'],
    [renumbered, 'the same, all ids given anew'],
  ].map(([change, what]) => report(what, 'JSON.parse of both', measure(pair(2000, change)), 20));
  const pairs = new Map([2000, 4000].map((count) => [count, pair(count, edited)]));
  const grown = growth(15, (count) => processorTime(() => ours(pairs.get(count))));
  return report('semantic diff of 4,000 nodes', '2,000 nodes', grown, 2.3) && held.every(Boolean);
}

const git = (cwd, ...args) => time('git', args, { cwd });

const commits = 100;
const path = 'flows/portrait.json';

/** A repository that `init` has set up, with a hundred versions of one workflow, and a clone that knows nothing of us. */
function repositories(folder) {
  const [ours, raw] = [join(folder, 'ours'), join(folder, 'raw')];
  time('git', ['init', '--quiet', '--initial-branch=main', ours]);
  git(ours, 'config', 'user.name', 'Ada Artist');
  git(ours, 'config', 'user.email', 'ada@example.org');
  time(process.execPath, [program, 'init', '--track', 'flows/*.json'], { cwd: ours });
  mkdirSync(join(ours, 'flows'));
  const workflow = syntheticWorkflow(96, 1);
  for (let version = 0; version < commits; version++) {
    workflow.nodes[version % 96].widgets_values[2] = 50 + version;
    writeFileSync(join(ours, path), JSON.stringify(workflow));
    git(ours, 'add', '.');
    git(ours, '-c', 'core.hooksPath=/dev/null', 'commit', '--quiet', '--message', `version ${version}`);
  }
  time('git', ['clone', '--quiet', ours, raw]);
  return { ours, raw };
}

function inGit(folder) {
  const { ours, raw } = repositories(folder);
  const one = sideBySide(
    15,
    () => git(ours, '-c', 'diff.comfy.cachetextconv=false', 'diff', 'HEAD~1', 'HEAD', '--', path),
    () => git(raw, 'diff', 'HEAD~1', 'HEAD', '--', path),
  );
  const log = (cwd) => git(cwd, 'log', '-p', '--', path);
  const starts = countStarts(join(ours, '.git', 'comfy', 'run'), () => log(ours));
  const once = starts.length <= 1;
  console.log(`${once ? 'ok  ' : 'OVER'}  first git log -p: ${starts.length} start of Node for ${commits} versions`);
  const kept = sideBySide(
    9,
    () => log(ours),
    () => log(raw),
  );
  // No promise: git starts the filter for the temporary files of both sides, and a bare start of Node is 10x by itself.
  const times = `${one.ours.toFixed(0)} ms / ${one.yardstick.toFixed(0)} ms = ${one.ratio.toFixed(1)}x`;
  console.log(`      git diff of one workflow of 96 nodes, nothing kept  against  a clone without us:  ${times}`);
  const again = sideBySide(
    15,
    () => git(ours, 'diff', 'HEAD~1', 'HEAD', '--', path),
    () => git(raw, 'diff', 'HEAD~1', 'HEAD', '--', path),
  );
  return [
    once,
    report('git diff of one workflow of 96 nodes, once kept', 'a clone without us', again, 3),
    report(`git log -p of ${commits} commits, once kept`, 'a clone without us', kept, 3),
  ];
}

/** What git starts Node for while it does something. */
function countStarts(launcher, work) {
  const [text, counter] = [readFileSync(launcher, 'utf8'), `${launcher}.starts`];
  writeFileSync(launcher, text.replace('\n', `\necho "$1" >> '${counter}'\n`));
  work();
  writeFileSync(launcher, text);
  return readFileSync(counter, 'utf8').split('\n').slice(0, -1);
}
