// A repository with as many records as somebody asks for, as years of `git comfy` and a `git gc` would leave it: written by two `git fast-import`.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promptOf, statesOf, workflowOf } from './synthetic-run.mjs';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
/** Lines of one document that was moved out of a note that had grown too large; bytes. */
const movedBytes = 1_000_000;
/** What stays in such a note. */
const keptBytes = 500_000;

/**
 * Makes it in `path` and returns the commits of its branch. The commit at `index` has `perCommit(index)` records.
 * @param shape `commits`: how many; `perCommit`: records by the index of the commit; `documents`: with the snapshots of the runs
 */
export async function lineageRepository(path, { commits, perCommit, documents = true }) {
  mkdirSync(path, { recursive: true });
  const git = (...args) => gitOutput(path, ...args);
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Ada Artist');
  git('config', 'user.email', 'ada@example.org');
  git('config', 'gc.auto', '0');
  await importing(path, history(commits), '--export-marks=marks');
  const marks = readFileSync(join(path, 'marks'), 'utf8').trim().split('\n');
  const ids = marks.map((line) => line.split(' ')[1]);
  await importing(path, lineage(ids, perCommit, documents));
  git('reset', '--quiet', '--hard');
  return ids;
}

export function gitOutput(cwd, ...args) {
  const done = spawnSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (done.status !== 0) throw new Error(done.stderr);
  return done.stdout;
}

async function importing(path, parts, ...args) {
  const limits = ['-c', 'pack.compression=1', '-c', 'fastimport.unpackLimit=1'];
  const git = spawn('git', [...limits, 'fast-import', '--quiet', ...args], {
    cwd: path,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  let held = [];
  let length = 0;
  const flush = async () => {
    const more = git.stdin.write(held.join(''));
    held = [];
    length = 0;
    if (!more) await once(git.stdin, 'drain');
  };
  for (const part of parts) {
    held.push(part);
    length += part.length;
    if (length > 1_000_000) await flush();
  }
  await flush();
  git.stdin.end();
  const [code] = await once(git, 'close');
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
}

// Everything that is written is ASCII, so that characters are bytes.
const data = (text) => `data ${text.length}\n${text}\n`;
const inline = (path, text) => `M 100644 inline ${path}\n${data(text)}`;
const head = (ref, time, message) =>
  `commit ${ref}\n`.concat(`committer Ada <ada@example.org> ${time} +0000\n`, data(message));
const firstTime = 1_750_000_000;

function* history(commits) {
  for (let at = 0; at < commits; at++) {
    const start = head('refs/heads/main', firstTime + at * 3600, `Change ${at}`);
    yield start.replace('\n', `\nmark :${at + 1}\n`);
    yield inline('workflows/portrait.json', workflowOf({ seed: 0, text: `portrait ${at}`, steps: 20 }));
    if (at === 0) yield inline('.gitattributes', '*.json -text filter=comfy diff=comfy merge=comfy\n');
  }
}

function* lineage(commits, perCommit, documents) {
  const states = statesOf(20).map((text) => ({ text, id: sha256(text) }));
  const notes = [];
  const moved = [];
  yield head('refs/comfy/store', firstTime, 'git comfy: store');
  if (documents) for (const { id, text } of states) yield inline(`states/${id.slice(0, 2)}/${id.slice(2)}.json`, text);
  let run = 0;
  for (const [at, commit] of commits.entries()) {
    let lines = [];
    let length = 0;
    const count = perCommit(at);
    for (let one = 0; one < count; one++, run++) {
      const made = runOf(run, commit, states[run % states.length].id);
      if (documents) yield inline(`snapshots/${made.id.slice(0, 2)}/${made.id.slice(2)}.json`, made.snapshot);
      lines.push(made.line);
      length += made.line.length + 1;
      if (length < movedBytes || (count - one) * 900 < keptBytes) continue;
      moved.push({ commit, text: `${lines.join('\n')}\n` });
      lines = [];
      length = 0;
    }
    if (lines.length > 0) notes.push({ commit, text: `${lines.join('\n')}\n` });
  }
  for (const { commit, text } of moved) yield inline(`lineage/${commit}/${sha256(text)}.jsonl`, text);
  yield '\n';
  yield head('refs/notes/comfy', firstTime, 'git comfy: lineage');
  for (const { commit, text } of notes) yield inline(`${commit.slice(0, 2)}/${commit.slice(2)}`, text);
}

/** Five seeds of one text in a row, as people work. */
function runOf(run, commit, state) {
  const settings = {
    seed: String(7_000_000_000_000 + run * 7919),
    text: textOf(Math.floor(run / 5)),
    steps: 20 + (Math.floor(run / 5) % 11),
  };
  const snapshot = `{"snapshot":1,"prompt":${promptOf(settings)},"workflow":${workflowOf(settings)},"executed":["4","10","5","6","7","3","8","9"],"cached":[]}\n`;
  const id = sha256(snapshot);
  return { id, snapshot, line: JSON.stringify(recordOf(run, { commit, state, snapshot: id, seed: settings.seed })) };
}

/** Keys in the order of the canonical text. */
function recordOf(run, { commit, state, snapshot, seed }) {
  const time = new Date((firstTime + run * 60) * 1000).toISOString();
  return {
    captured: 'run',
    commit,
    duration: 12000 + (run % 900),
    identity: sha256(`identity ${run}`),
    lock: '7'.repeat(40),
    match: run % 50 === 49 ? 'derived' : 'seeds',
    normal: sha256(`normal ${commit}`).slice(0, 40),
    outputs: [
      {
        bytes: 1_200_000 + run,
        height: 1216,
        index: 0,
        name: `client-${run % 13}/ComfyUI_${String(run).padStart(6, '0')}_.png`,
        node: '9',
        pixels: sha256(`pixels ${run}`),
        sha256: sha256(`file ${run}`),
        width: 832,
      },
    ],
    prompt: `00000000-0000-4000-8000-${String(run).padStart(12, '0')}`,
    record: 1,
    seeds: { '3.seed': seed },
    server: '127.0.0.1:8188',
    snapshot,
    start: time,
    state,
    time,
    workflow: { blob: sha256(`normal ${commit}`).slice(0, 40), path: 'workflows/portrait.json' },
  };
}

const words =
  'red fox forest morning light portrait woman armor castle rain neon city street film grain bokeh ancient temple river mountain snow storm sailor tea garden'.split(
    ' ',
  );

/** About 200 characters, another one for each number. */
function textOf(number) {
  let state = number + 1;
  const picked = Array.from({ length: 28 }, () => {
    state = (state * 48271) % 2147483647;
    return words[state % words.length];
  });
  return `${picked.join(' ')}, study ${number}.`;
}
