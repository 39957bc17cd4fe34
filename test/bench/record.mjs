// Taking in a folder of existing outputs: 2,000 pictures of 832 x 1216 as ComfyUI saves them, 1.4 MB each, against `sha256sum` of the same files. Four pictures
// stand for all: what the others differ in is the prompt and the workflow in front, so every file is another file and every run another run. They are of the
// newest hundred versions of a workflow that has five hundred, each with a seed of its own.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gitOutput, lineageRepository } from './lineage-repository.mjs';
import { report, sideBySideCold, time } from './measure.mjs';
import { bodyOf, pictureOf } from './synthetic-picture.mjs';
import { promptOf, workflowOf } from './synthetic-run.mjs';

const program = fileURLToPath(new URL('../../dist/git-comfy.cjs', import.meta.url));
const [pictures, commits, versions] = [2000, 500, 100];
const most = 4;

export async function record() {
  const folder = mkdtempSync(join(tmpdir(), 'git-comfy-bench-'));
  try {
    const cwd = join(folder, 'repository');
    const outputs = join(folder, 'output');
    await lineageRepository(cwd, { commits, perCommit: () => 0 });
    makePictures(outputs);
    const files = readdirSync(outputs).map((name) => join(outputs, name));
    const pair = sideBySideCold(
      1,
      () => time(process.execPath, [program, 'record', outputs], { cwd }),
      () => time('sha256sum', files),
    );
    checkRecorded(cwd);
    const known = sideBySideCold(
      1,
      () => time(process.execPath, [program, 'record', outputs], { cwd }),
      () => time('sha256sum', files),
    );
    return [
      report(`record of ${pictures} pictures`, 'sha256sum of them', pair, most),
      report(`record of ${pictures} recorded pictures`, 'sha256sum of them', known, most),
    ].every(Boolean);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makePictures(folder) {
  mkdirSync(folder);
  const bodies = Array.from({ length: 4 }, (_, number) => bodyOf(number));
  for (let at = 0; at < pictures; at++) {
    const settings = { seed: String(9_000_000 + at), text: `portrait ${commits - 1 - (at % versions)}`, steps: 20 };
    const texts = { prompt: promptOf(settings), workflow: workflowOf(settings) };
    writeFileSync(
      join(folder, `ComfyUI_${String(at).padStart(5, '0')}_.png`),
      pictureOf(bodies[at % bodies.length], texts),
    );
  }
}

/** A command that leaves half of them out must not look fast. */
function checkRecorded(cwd) {
  const notes = gitOutput(cwd, 'ls-tree', '-r', '--object-only', 'refs/notes/comfy').trim().split('\n');
  const lines = notes.flatMap((note) => gitOutput(cwd, 'cat-file', 'blob', note).trim().split('\n'));
  const linked = lines.filter((line) => line.includes('"match":"seeds"') && line.includes('"pixels"'));
  if (linked.length !== pictures) throw new Error(`${linked.length} of ${pictures} pictures were recorded`);
}
