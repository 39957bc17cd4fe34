// Lineage at 100,000 records: the index, questions, the journal and folding, against git itself or against a repository of 100 records.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { bundled } from './bundled.mjs';
import { gitOutput, lineageRepository } from './lineage-repository.mjs';
import { median, report, reportBeyond, reportMemory, sideBySide, sideBySideCold, time } from './measure.mjs';
import { peakMemory } from './peak-memory.mjs';
import { promptOf, workflowOf } from './synthetic-run.mjs';

const program = fileURLToPath(new URL('../../dist/git-comfy.cjs', import.meta.url));
const commits = 500;
const most = { append: 1.2, fold: 3, index: 3, question: 250, listing: 540, commit: 500, memory: 700 };

export async function lineage() {
  const folder = mkdtempSync(join(tmpdir(), 'git-comfy-bench-'));
  try {
    const at = (name) => join(folder, name);
    const make = (name, perCommit, documents) => lineageRepository(at(name), { commits, perCommit, documents });
    await make('many', () => 200);
    await make('few', (commit) => Number(commit % 5 === 0));
    await make('crowded', (commit) => (commit === commits - 1 ? 40_000 : 0), false);
    return [
      coldIndex(at('many')),
      questions(at('many')),
      ...(await writing(folder, { many: at('many'), few: at('few'), crowded: at('crowded') })),
      committing(at('many')),
    ].every(Boolean);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const run = (cwd, ...words) => time(process.execPath, [program, ...words], { cwd });

/** Every line and every prompt is read and taken apart; git only reads them. */
function coldIndex(cwd) {
  const trees = [['refs/notes/comfy'], ['refs/comfy/store']];
  const ids = trees.flatMap((tree) =>
    gitOutput(cwd, 'ls-tree', '-r', '--object-only', ...tree)
      .trim()
      .split('\n'),
  );
  const input = `${ids.join('\n')}\n`;
  let memory = 0;
  const first = () => {
    rmSync(join(cwd, '.git', 'comfy'), { recursive: true, force: true });
    const start = performance.now();
    memory = peakMemory(cwd, ['find', 'study 78.', 'steps:>20']);
    return performance.now() - start;
  };
  const pair = sideBySideCold(1, first, () =>
    time('git', ['cat-file', '--batch'], { cwd, input, stdio: ['pipe', 'ignore', 'inherit'] }),
  );
  const held = report('first find in 100,000 records', 'git cat-file --batch of what it reads', pair, most.index);
  return reportMemory('first find in 100,000 records', memory, most.memory) && held;
}

function questions(cwd) {
  const file = JSON.parse(gitOutput(cwd, 'notes', '--ref', 'comfy', 'show', 'HEAD').split('\n')[7]).outputs[0].sha256;
  const asked = [
    { words: ['show', file] },
    { words: ['find', 'study 78.', 'steps:>20', 'model:dreamshaper'] },
    { words: ['find', 'file:*ComfyUI_000777_.png', 'date:2025-06..'] },
    { words: ['log', '-n', '20'], limit: most.listing },
    { words: ['show', '--tree', file], limit: most.listing },
  ];
  return asked
    .map(({ words, limit = most.question }) => {
      const pair = sideBySide(
        11,
        () => run(cwd, ...words),
        () => run(cwd, '--version'),
      );
      const held = reportBeyond(`${words.join(' ').slice(0, 60)} in 100,000 records`, '--version', pair, limit);
      return reportMemory(words[0], peakMemory(cwd, words), most.memory) && held;
    })
    .every(Boolean);
}

async function writing(folder, places) {
  const { draftRecord, foldRecords, journalDraft, openRepository, parseJson } = await bundled(folder, {
    './src/capture/draft-record.ts': ['draftRecord'],
    './src/capture/fold-records.ts': ['foldRecords'],
    './src/capture/lineage-journal.ts': ['journalDraft'],
    './src/git/repository.ts': ['openRepository'],
    './src/workflow/json.ts': ['parseJson'],
  });
  const opened = {};
  for (const [name, path] of Object.entries(places)) opened[name] = await openRepository(path);
  let runs = 0;
  const draft = (repository) => {
    runs++;
    const settings = { seed: String(9_000_000 + runs), text: `portrait ${commits - 1}`, steps: 20 };
    return draftRecord(repository, factsOf(settings, runs, parseJson), new Date());
  };
  const journal = async (repository, drafts) => {
    const start = performance.now();
    for (const one of drafts) await journalDraft(repository, one);
    return performance.now() - start;
  };
  const append = { many: [], few: [] };
  const fold = { many: [], few: [], crowded: [] };
  for (let round = 0; round < 9; round++) {
    for (const [name, repository] of Object.entries(opened)) {
      const drafts = Array.from({ length: 50 }, () => draft(repository));
      const appended = await journal(repository, drafts);
      const start = performance.now();
      await foldRecords(repository);
      if (round === 0) continue;
      append[name]?.push(appended);
      fold[name].push(performance.now() - start);
    }
  }
  const against = (values, yardstick) => ({
    ours: median(values),
    yardstick: median(yardstick),
    ratio: median(values.map((value, at) => value / yardstick[at])),
  });
  return [
    report('50 appends to the journal at 100,000 records', 'at 100', against(append.many, append.few), most.append),
    report('folding 50 records in at 100,000', 'at 100', against(fold.many, fold.few), most.fold),
    report('folding 50 records into a commit that has 40,000', 'at 100', against(fold.crowded, fold.few), most.fold),
  ];
}

const factsOf = (settings, number, parseJson) => ({
  prompt: parseJson(promptOf(settings)),
  workflow: parseJson(workflowOf(settings)),
  outputs: [{ name: `new_${number}.png`, node: '9', index: 0, bytes: Buffer.from(`picture ${number}`) }],
  promptId: `11111111-0000-4000-8000-${String(number).padStart(12, '0')}`,
  start: new Date(),
  duration: 1200,
  captured: 'run',
});

function committing(cwd) {
  let version = 0;
  const edited = (commit) => () => {
    version++;
    writeFileSync(join(cwd, 'workflows', 'portrait.json'), workflowOf({ seed: 0, text: `edit ${version}`, steps: 20 }));
    return commit();
  };
  const pair = sideBySide(
    7,
    edited(() => run(cwd, 'commit', '--quiet', '-am', 'Edit')),
    edited(() => time('git', ['commit', '--quiet', '-am', 'Edit'], { cwd })),
  );
  return reportBeyond('git comfy commit in 100,000 records', 'git commit', pair, most.commit);
}
