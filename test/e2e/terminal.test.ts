// What strangers wrote is shown harmlessly, and a reader that leaves early is no error.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commandLine, runProgram } from '../support/build.js';
import { chunk, encodePng } from '../support/encode-png.js';
import { makeRepository, type TestRepository } from '../support/git.js';
import { readyRepository } from '../support/refusal.js';
import { simulated } from '../support/simulated.js';
import { smallWorkflow } from '../support/workflow.js';

/** Sets the window's title, clears it, reorders a line, starts a new one. */
const evil = '\u001b]0;owned\u0007\u001b[2J\u202eevil\u009b31m\r';
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come out
const harmful = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

/** As it stands in a JSON text in ASCII. */
const escaped = JSON.stringify(evil)
  .slice(1, -1)
  .replace(/[^ -~]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A workflow with these escapes in a title and in the name of its model. */
const workflow = (steps: number) =>
  smallWorkflow({ steps })
    .replace('"type":"KSampler"', `"type":"KSampler","title":"${escaped}"`)
    .replace('dreamshaper', escaped);

/** A picture whose prompt and workflow have them everywhere. */
function picture(): Buffer {
  const prompt = `{"1": {"class_type": "Load${escaped}", "inputs": {"ckpt_name": "${escaped}.safetensors"}},
    "2": {"class_type": "KSampler", "inputs": {"seed": 1, "model": ["1", 0], "positive": ["3", 0]}},
    "3": {"class_type": "CLIPTextEncode", "inputs": {"text": "a cat ${escaped}", "clip": ["1", 1]}}}`;
  const before = Object.entries({ prompt, workflow: workflow(20) }).map(([key, text]) =>
    chunk('tEXt', Buffer.from(`${key}\0${text}`, 'latin1')),
  );
  return encodePng({ width: 2, height: 2, colorType: 2, bits: 8, samples: new Uint8Array(12), before });
}

const name = 'we\u001b[31mird\u202e \u009b.json';

async function hostile(): Promise<TestRepository> {
  const repository = await readyRepository();
  repository.write(`workflows/${name}`, workflow(20));
  repository.git('add', '.');
  repository.git('commit', '--quiet', '--no-verify', '-m', `subject ${evil}`);
  repository.write(`workflows/${name}`, workflow(30));
  repository.write('picture \u001b[2J.png', picture());
  return repository;
}

test.each([
  ['status'],
  ['diff'],
  ['log'],
  ['lock'],
  ['check'],
  ['doctor'],
  ['init'],
  ['show', 'picture \u001b[2J.png'],
  ['show', '--checklist', 'picture \u001b[2J.png'],
  ['record', 'picture \u001b[2J.png', '\u001b[2J.png'],
  ['run', 'picture \u001b[2J.png'],
  ['run', `workflows/${name}`],
  ['verify', '\u001b[2J'],
  ['reproduce', 'picture \u001b[2J.png'],
  ['compare', 'picture \u001b[2J.png', 'picture \u001b[2J.png'],
  ['diff', '\u001b[2J'],
  ['\u001b[2J'],
  ['status', '--\u001b[2J'],
  ['lock', '--update', '\u001b[2J'],
  ['sync', '\u001b[2J'],
  ['log', '\u001b[2J'],
])('escapes are made harmless: %j %j', async (...words) => {
  const repository = await hostile();
  const { url } = await simulated();
  repository.git('add', '.');
  const { stdout, stderr, code } = await runProgram(repository.path, words, { GIT_COMFY_SERVER: url });
  expect(`${stdout}${stderr}`).not.toMatch(harmful);
  expect(`${stdout}${stderr}`).not.toBe('');
  expect(code, stderr).toBeLessThanOrEqual(2);
});

test('git diff of a workflow, by git itself', async () => {
  const repository = await hostile();
  expect(
    repository
      .git('diff', '--', 'workflows')
      .split('\n')
      .filter((line) => harmful.test(line)),
  ).toEqual([]);
});

/** What the shell says of the program and of the reader that leaves. */
function piped(cwd: string, words: readonly string[]) {
  const script = '{ "$@"; echo "code $?" >&2; } | head -n 1';
  return spawnSync('sh', ['-c', script, 'sh', ...commandLine, ...words], { cwd, encoding: 'utf8' });
}

test.each([['log'], ['log', '--json'], ['-h'], ['diff'], ['check']])(
  'a reader that leaves after a line: %s %s',
  async (...words) => {
    const repository = makeRepository();
    const lines = Array.from(
      { length: 3000 },
      (_, at) => `commit refs/heads/main\ncommitter A <a@b> ${at} +0000\ndata 60\n${'x'.repeat(60)}\n`,
    );
    spawnSync('git', ['fast-import', '--quiet'], { cwd: repository.path, input: lines.join('') });
    repository.git('checkout', '--quiet', '--force', 'main');
    const { stderr } = piped(repository.path, words);
    expect(stderr).toMatch(/^code [01]\n$/);
  },
);

test('where nobody listens to what is said, the work goes on', async () => {
  const repository = await readyRepository();
  const script =
    'exec 2>&1 >/dev/null; { "$@" lock --server http://127.0.0.1:1; "$@" lock; echo >&3 "code $?"; } 3>code | true';
  spawnSync('sh', ['-c', script, 'sh', ...commandLine], { cwd: repository.path });
  expect(repository.read('code')).toBe('code 0\n');
  expect(repository.read('comfy.lock')).toContain('lockfileVersion: 1');
});
