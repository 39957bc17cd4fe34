// Ctrl-C while ComfyUI works for us: what was queued is taken back, what was begun is cleared away.
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { writeJson } from '../../src/workflow/json.js';
import { runProgram } from '../support/build.js';
import { type TestRepository, temporaryFolder } from '../support/git.js';
import { type Gate, labClasses, makeGate } from '../support/lab-nodes.js';
import {
  gitThatHangsAt,
  interrupt,
  journalOf,
  leftovers,
  type Sender,
  senders,
  start,
  until,
} from '../support/processes.js';
import { contentOf, readyRepository } from '../support/refusal.js';
import { plainPrompt, simulated } from '../support/simulated.js';

interface Stage {
  readonly repository: TestRepository;
  readonly url: string;
  readonly env: Record<string, string>;
  readonly gate: Gate;
}

/** A repository with a prompt whose node sleeps at a gate, and the server for it. */
async function stage(): Promise<Stage> {
  const repository = await readyRepository();
  const sleep = { class_type: 'LabSleep', inputs: { image: ['2', 0], seconds: 0.05 } };
  const save = { class_type: 'SaveImage', inputs: { images: ['5', 0], filename_prefix: 'late' } };
  repository.write('workflows/slow.json', writeJson(plainPrompt(1, { '5': sleep, '9': save })));
  repository.git('add', '.');
  repository.git('commit', '--quiet', '--no-verify', '-m', 'slow');
  const gate = makeGate();
  const { url } = await simulated({}, labClasses(gate));
  return { repository, url, gate, env: { GIT_COMFY_SERVER: url, TMPDIR: temporaryFolder() } };
}

const queueOf = async (url: string) => (await (await fetch(`${url}/queue`)).json()) as Record<string, unknown[]>;
const runs = async (url: string) => ((await queueOf(url))['queue_running'] ?? []).length > 0;
const empty = { queue_running: [], queue_pending: [] };

async function recordedOutput({ repository, gate, env }: Stage): Promise<string> {
  gate.open();
  gate.open();
  const { stdout, stderr, code } = await runProgram(repository.path, ['run', 'workflows/slow.json', '--json'], env);
  expect(code, stderr).toBe(0);
  const { result } = JSON.parse(stdout) as { result: { runs: { outputs: { path: string }[] }[] } };
  return result.runs[0]?.outputs[0]?.path ?? '';
}

async function stoppedWhileRunning(at: Stage, words: string[], sender: Sender): Promise<void> {
  const running = start(at.repository.path, words, at.env);
  await until(() => runs(at.url));
  await interrupt(running, sender);
  await until(async () => !(await runs(at.url)));
  expect(await queueOf(at.url)).toEqual(empty);
}

describe.each(senders)('Ctrl-C from %s', (sender) => {
  test('run', async () => {
    const at = await stage();
    const before = contentOf(at.repository.path);
    await stoppedWhileRunning(at, ['run', 'workflows/slow.json'], sender);
    expect(contentOf(at.repository.path)).toEqual(before);
  });

  test('reproduce', async () => {
    const at = await stage();
    const output = await recordedOutput(at);
    const before = contentOf(at.repository.path);
    await stoppedWhileRunning(at, ['reproduce', output], sender);
    expect(contentOf(at.repository.path)).toEqual(before);
    expect(leftovers(at.repository)).toEqual([]);
    expect(readdirSync(at.env['TMPDIR'] ?? '')).toEqual([]);
  });

  test('reproduce, while the temporary work tree is made', async () => {
    const at = await stage();
    const output = await recordedOutput(at);
    const before = contentOf(at.repository.path);
    const git = gitThatHangsAt('worktree add');
    const running = start(at.repository.path, ['reproduce', output], { ...at.env, ...git.env });
    await git.reached();
    await interrupt(running, sender);
    expect(contentOf(at.repository.path)).toEqual(before);
    expect(readdirSync(at.env['TMPDIR'] ?? '')).toEqual([]);
  });
});

test('a run that had ended when Ctrl-C came waits in the journal, and is in the log later', async () => {
  const at = await stage();
  at.gate.open();
  at.gate.open();
  const git = gitThatHangsAt('fast-import');
  const running = start(at.repository.path, ['run', 'workflows/slow.json'], { ...at.env, ...git.env });
  await git.reached();
  await interrupt(running);
  expect(journalOf(at.repository)).toHaveLength(1);
  expect(leftovers(at.repository)).toEqual([]);
  const { stdout } = await runProgram(at.repository.path, ['log']);
  expect(stdout).toContain('late_00001_.png');
  at.repository.write('other.txt', 'x');
  at.repository.git('add', '.');
  await runProgram(at.repository.path, ['commit', '-m', 'more'], { GIT_COMFY_SERVER: at.url });
  expect(journalOf(at.repository)).toEqual([]);
  expect(at.repository.git('notes', '--ref', 'comfy', 'show', 'HEAD~1')).toContain('late_00001_.png');
});
