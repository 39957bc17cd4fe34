// Looks at what the writers have left: first what was promised before anybody mends anything, then what there is when all work has been done again.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sure } from './stage.mjs';

/** All runs that a clone knows, and how many lines say each of them on one commit. */
async function runsOf({ code }, cwd) {
  const lines = await code.readLineageLines(await code.openRepository(cwd));
  const lineage = code.gatherLineage(lines);
  return {
    runs: code.joinRuns(lineage.records),
    skipped: lineage.skipped,
    texts: new Set(lines.map(({ text }) => text)),
  };
}

const outputsOf = (runs) => runs.flatMap(({ best }) => best.record.outputs);

/** Whatever a command said it has done is there, whoever was killed. */
export async function lookAtPromises(stage, ledger) {
  const wrong = [];
  const known = new Map();
  for (const cwd of [stage.studio, stage.clone]) {
    const outputs = outputsOf((await runsOf(stage, cwd)).runs);
    known.set(cwd, new Set(outputs.map(({ sha256 }) => sha256)));
    const names = new Set(outputs.map(({ name }) => name));
    const lost = cwd === stage.studio ? [...ledger.watched].filter((name) => !names.has(name)) : [];
    wrong.push(...lost.map((name) => `${name} was recorded, and is lost`));
  }
  for (const [sha256, cwd] of ledger.promised) {
    if (!known.get(cwd).has(sha256)) wrong.push(`the picture ${sha256.slice(0, 8)} was recorded, and is lost`);
  }
  for (const { tree, message } of ledger.commits) {
    const log = stage.git(stage.at(`tree-${tree}`), 'log', '--format=%s', `--grep=^${message}$`);
    if (log !== message) wrong.push(`the commit "${message}" is there ${log === '' ? 'no more' : 'twice'}`);
  }
  return wrong;
}

/** Everything that was not done, since somebody was killed at it, is done now. */
export async function finish({ comfy, studio, clone, servers }, { pictures }) {
  for (const { url } of servers) await sure(comfy(studio, ['watch', '--once', '--server', url]));
  const named = (wanted) => pictures.filter(({ name }) => (name === 'three') === wanted).map(({ path }) => path);
  await sure(comfy(studio, ['record', ...named(false)]));
  await sure(comfy(clone, ['record', ...named(true)]));
  for (const cwd of [studio, clone, studio]) await sure(comfy(cwd, ['sync']));
}

/** Every run once, in both clones; everything sound; nothing left lying about. */
export async function lookAtAll(stage, ledger) {
  const wrong = [];
  const sides = [await runsOf(stage, stage.studio), await runsOf(stage, stage.clone)];
  for (const [index, { runs, skipped }] of sides.entries()) {
    const where = index === 0 ? 'the studio' : 'the clone';
    wrong.push(...skipped.map(({ why }) => `${where} has a line that cannot be read: ${why}`));
    wrong.push(...countRuns(runs, ledger).map((line) => `${where}: ${line}`));
  }
  const missing = [...sides[0].texts].filter((text) => !sides[1].texts.has(text));
  const more = [...sides[1].texts].filter((text) => !sides[0].texts.has(text));
  if (missing.length + more.length > 0) wrong.push(`the clones differ by ${missing.length} and ${more.length} lines`);
  for (const cwd of [stage.studio, stage.clone]) {
    const { code, stdout, stderr } = await stage.comfy(cwd, ['fsck']);
    if (code !== 0) wrong.push(`fsck: ${stdout}${stderr}`);
    stage.git(cwd, 'fsck', '--no-dangling', '--no-progress');
    wrong.push(...leftovers(cwd));
  }
  return { wrong, lines: sides[0].texts.size, runs: sides[0].runs.length };
}

function countRuns(runs, { prompts, pictures }) {
  const wrong = [];
  const byPrompt = new Map(
    runs.flatMap((run) => (run.best.record.prompt === undefined ? [] : [[run.best.record.prompt, run]])),
  );
  wrong.push(...prompts.filter((id) => !byPrompt.has(id)).map((id) => `run ${id} has no record`));
  const made = outputsOf(runs).map(({ sha256 }) => sha256);
  const there = new Set(made);
  wrong.push(...pictures.filter(({ sha256 }) => !there.has(sha256)).map(({ path }) => `${path} has no record`));
  const twice = made.length - there.size;
  if (twice > 0) wrong.push(`${twice} outputs are in two runs`);
  for (const { best, others } of runs) {
    const commits = [best, ...others].map(({ record }) => `${record.commit} ${record.match}`);
    if (new Set(commits).size < commits.length)
      wrong.push(`${best.record.outputs[0]?.name} has ${commits.length} lines`);
  }
  return wrong;
}

function leftovers(cwd) {
  const journal = join(cwd, '.git/comfy/journal');
  const left = readdirSync(journal, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.(?:json|layouts)$/.test(path),
  );
  const locks = readdirSync(join(cwd, '.git'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.lock'),
  );
  return [...left, ...locks].map((path) => `${path} was left`);
}
