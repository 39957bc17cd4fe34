import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLineage } from '../../src/capture/read-lineage.js';
import { recordRun } from '../../src/capture/record-run.js';
import { run } from '../../src/cli.js';
import { addNoteLines } from '../../src/git/notes.js';
import type { Environment } from '../../src/lineage/state.js';
import type { Dependencies } from '../../src/lock/entries.js';
import { captured } from '../support/context.js';
import { temporaryFolder } from '../support/git.js';
import { madePicture, picture, promptText, runFacts, type Settings, workflowText } from '../support/run-facts.js';
import { committedWorkflow, workflowPath } from '../support/workflow-repository.js';

const dependencies: Dependencies = {
  comfyui: { commit: 'c'.repeat(40), version: '0.8.0' },
  models: new Map([['checkpoints/dream.safetensors', { digest: `sha256:${'d'.repeat(64)}`, size: 12 }]]),
  packs: new Map(),
  inputs: new Map(),
  classes: new Map(),
};

const environment: Environment = {
  comfyui: '0.8.0',
  python: '3.11.7',
  torch: '2.9.1',
  os: 'linux',
  devices: ['cpu'],
  arguments: ['--cpu'],
};

async function show(cwd: string, ...words: string[]) {
  // No server answers there.
  const env = { ...process.env, GIT_COMFY_SERVER: 'http://127.0.0.1:1' };
  const { context, out, err } = captured(cwd, { env });
  const code = await run(context, ['show', ...words]);
  return { code, out: out(), err: err() };
}

/** Compressors differ from one Node to the next, and with them the hash of the file. */
const masked = (text: string) => text.replace(/(ComfyUI_00001_\.png\s+sha256:)[0-9a-f]+/, '$1<hash>');

/** A repository with a recorded picture, `p.png`. */
async function recorded(settings: Settings = {}) {
  const committed = await committedWorkflow();
  const bytes = madePicture(5, settings);
  const outputs = [{ name: 'ComfyUI_00001_.png', node: '9', index: 0, bytes }];
  await recordRun(committed.opened, runFacts(settings, { outputs, dependencies, environment }));
  committed.repository.write('p.png', bytes);
  return { ...committed, bytes, path: committed.repository.path };
}

test('a recorded picture tells every variable, and what is not captured', async () => {
  const { path } = await recorded({ seed: '18446744073709551615' });
  const { code, out } = await show(path, 'p.png');
  expect(code).toBe(0);
  const text = masked(out).replace(/[0-9a-f]{10} Softer light \([\d-]+\)/, '<commit> Softer light (<date>)');
  await expect(text).toMatchFileSnapshot('../fixtures/sharing/show.txt');
});

test('the checklist answers its nine steps', async () => {
  const { path } = await recorded();
  const { out } = await show(path, 'p.png', '--checklist');
  const text = masked(out).replace(/at [0-9a-f]{10}/, 'at <commit>');
  await expect(text).toMatchFileSnapshot('../fixtures/sharing/checklist.txt');
});

test('--workflow and --prompt print what ran, to the last digit', async () => {
  const seed = '18446744073709551615';
  const { path } = await recorded({ seed });
  const flat = (text: string) => text.replaceAll(/[ \n]/g, '');
  expect(flat((await show(path, 'p.png', '--workflow')).out)).toBe(flat(workflowText({ seed })));
  expect(flat((await show(path, 'p.png', '--prompt')).out)).toBe(flat(promptText({ seed })));
});

test('a file stripped of its metadata gives its workflow back from the store', async () => {
  const { repository, path } = await recorded();
  repository.write('stripped.png', picture(5));
  const { out } = await show(path, 'stripped.png', '--workflow');
  expect(out).toContain('"KSampler"');
  expect((await show(path, 'stripped.png')).out).toContain('its pixels');
});

test('it works from a sub-folder, and for a file elsewhere', async () => {
  const { repository, bytes, path } = await recorded();
  repository.write('sub folder/x', '');
  const elsewhere = join(temporaryFolder(), 'renamed.png');
  writeFileSync(elsewhere, bytes);
  expect((await show(join(path, 'sub folder'), elsewhere)).out).toContain('Softer light');
});

test('--json has everything as data, seeds as text', async () => {
  const { path, head } = await recorded({ seed: '18446744073709551615' });
  const { ok, result } = JSON.parse((await show(path, 'p.png', '--json')).out);
  expect(ok).toBe(true);
  expect(result.recorded).toMatchObject({ how: 'file', commit: { id: head }, record: { match: 'seeds' } });
  expect(result.recorded.record.seeds).toEqual({ '3.seed': '18446744073709551615' });
});

test('an output that is gone is known by the first digits of its hash', async () => {
  const { path, bytes, opened } = await recorded();
  const digest = createHash('sha256').update(bytes).digest('hex');
  rmSync(join(path, 'p.png'));
  const { code, out } = await show(path, digest.slice(0, 8));
  expect([code, out]).toEqual([0, expect.stringMatching(/^ComfyUI_00001_\.png\n[\s\S]*Softer light/)]);
  expect((await show(path, '0123456789')).err).toContain('nor the hash of an output');
  const record = (await readLineage(opened)).records[0]?.record;
  const twin = { ...record?.outputs[0], name: 'twin.png', sha256: digest.slice(0, 8) + 'f'.repeat(56) };
  await addNoteLines(opened, [
    { commit: record?.commit ?? '', line: JSON.stringify({ ...record, prompt: 'x', outputs: [twin] }) },
  ]);
  expect((await show(path, digest.slice(0, 8))).err).toMatch(/2 outputs have a hash that begins with[\s\S]*twin\.png/);
});

test('a commit lists what was made at it', async () => {
  const { path, head } = await recorded();
  const { out } = await show(path, 'HEAD');
  expect(out.split('\n')[0]).toMatch(new RegExp(`^${head.slice(0, 10)} Softer light \\d{4}-`));
  expect(out.split('\n')[1]).toBe('    ComfyUI_00001_.png  seed 7, took 1 s');
});

test('a picture works in no repository too', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'old.png'), madePicture(9, { text: 'an old cat' }));
  const { code, out } = await show(folder, 'old.png');
  expect(code).toBe(0);
  expect(out).toContain('an old cat');
  expect(out.replaceAll(/\s+/g, ' ').split('there is no record of this output')).toHaveLength(2);
  expect(out).toMatch(/output {8}old\.png {2}sha256:/);
});

test('without a record the commit that holds the embedded workflow is named, and how to record', async () => {
  const { repository } = await committedWorkflow();
  repository.write('old.png', madePicture(9));
  const { out } = await show(repository.path, 'old.png');
  expect(out.replaceAll(/\s+/g, ' ')).toContain(`the first that holds this workflow, at ${workflowPath}`);
  expect(out).toContain('git comfy record old.png');
});

test('a damaged line is said, and the record is shown', async () => {
  const { opened, head, path } = await recorded();
  const { records } = await readLineage(opened);
  await addNoteLines(opened, [{ commit: head, line: records[0]?.text.slice(0, -9) ?? '' }]);
  const { code, out } = await show(path, 'p.png');
  expect(code).toBe(0);
  expect(out).toContain('a line of lineage');
});

test('a store that is gone leaves what the record and the file say', async () => {
  const { repository, path } = await recorded();
  for (const ref of ['refs/comfy/store', 'refs/comfy/kept']) repository.git('update-ref', '-d', ref);
  const { code, out } = await show(path, 'p.png');
  expect(code).toBe(0);
  expect(out).toContain('its snapshot is not in this clone');
  expect(out).toContain('a cat');
});

test('terminal escapes in a prompt are made visible', async () => {
  const folder = temporaryFolder();
  const evil = '\u001b]0;owned\u0007\u009b2J cat';
  writeFileSync(join(folder, 'evil.png'), madePicture(9, { text: evil }));
  const { out } = await show(folder, 'evil.png');
  expect(out).not.toContain('\u001b');
  expect(out).toContain('\\u001b]0;owned\\u0007\\u009b2J cat');
  for (const part of ['--prompt', '--workflow']) {
    const { out: json } = await show(folder, 'evil.png', part);
    expect(json).not.toContain('\u009b');
    expect(JSON.stringify(JSON.parse(json))).toContain(JSON.stringify(evil).slice(1, -1));
  }
});

test.each([
  ['a picture that says nothing', 'mute.png', 'nothing is known of mute.png'],
  ['a file that is not there', 'gone.png', 'there is no file gone.png'],
])('%s ends with 2 and what to do', async (_, file, message) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'mute.png'), picture(1));
  const { code, err } = await show(folder, file);
  expect(code).toBe(2);
  expect(err).toContain(message);
});
