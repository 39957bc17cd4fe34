import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { demoCommand } from '../../src/commands/demo.js';
import { type DemoPiece, runDemo } from '../../src/setup/demo.js';
import { captured } from '../support/context.js';
import { repositoryAt, temporaryFolder } from '../support/git.js';

/** Lines that were wrapped for a terminal, as one. */
const flat = (text: string | undefined) => (text ?? '').replace(/\s+/g, ' ');

test('three weeks later: show and verify name what changed, reproduce grades it, and with the old checkpoint it is full again', async () => {
  const pieces: DemoPiece[] = [];
  const { context } = captured(temporaryFolder());
  const { project, typed } = await runDemo(context, 'play', async (piece) => void pieces.push(piece));
  const outputs = (command: string) => typed.filter((one) => one.command.startsWith(`git ${command}`));
  const output = (command: string) => outputs(command)[0]?.output;

  expect(output('comfy commit')).toContain('comfy.lock: comfyui added, checkpoints/painter.safetensors added');
  expect(output('comfy run workflows/portrait.json')).toContain(', but for the seed');
  expect(output('comfy run workflows/hires.json')).toContain('recorded: workflows/hires.json at ');

  const [dragged, edited] = outputs('diff');
  expect(dragged?.output).toBe('');
  expect(output('comfy refresh')).toContain('workflows/portrait.json');
  expect(output('status')).toBe('');
  const changed = (edited?.output ?? '').split('\n').filter((line) => /^[+-](?![+-])/.test(line));
  expect(changed).toEqual(['-KSampler "base" #9  steps: 20', '+KSampler "base" #9  steps: 30']);
  expect(output('comfy diff')).toContain('steps 20 -> 30');

  const shown = flat(output('comfy show'));
  expect(shown).toContain("checkpoint painter.safetensors: other content than the record's");
  expect(shown).toContain(
    'LoRA ink-style.safetensors: not under this name, its content is loras/style/ink-final.safetensors',
  );
  expect(shown).toMatch(/seed \d+ CFG 7 steps 20 sampler dpmpp_2m/);

  const [verified] = outputs('comfy verify');
  expect(verified?.exit).toBe(1);
  expect(verified?.output).toContain('3 differences');
  expect(verified?.output).toContain('its content is old/pose-from-photo.png');
  expect(verified?.output).toContain('expected grade: partial');

  const [replaced, restored] = outputs('comfy reproduce');
  expect(replaced?.output).toContain('grade: partial');
  expect(restored?.output).toContain('same samples');
  expect(restored?.output).toContain('grade: full');
  expect(output('comfy vary final/keeper.png --set base.cfg=5,9')).toMatch(/2\/2 {2}9\.cfg=[59] .*\.png$/m);
  expect(output('comfy log')).toContain('reproduction: full');
  expect(output('comfy log')).toContain('variation');

  expect(pieces.filter(({ kind }) => kind === 'command')).toHaveLength(typed.length);
  // What it proposes at the end works, in a shell that knows no git comfy.
  const proposed = pieces.at(-1);
  expect(proposed?.kind).toBe('proposal');
  const said = execFileSync('sh', ['-ec', proposed?.text ?? ''], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  expect(said).toContain('positive');
  expect(said).toContain('steps 20 -> 30');
  // The branch, the index and the person's files are as she left them.
  expect(repositoryAt(project).git('status', '--short')).toBe('?? final/\n?? variations/');
  expect(existsSync(join(project, 'final/keeper.png'))).toBe(true);
});

test('a folder that has something in it is left alone', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'full'));
  writeFileSync(join(folder, 'full/mine.txt'), 'mine');
  const { context } = captured(folder);
  await expect(demoCommand.run(context, { args: ['full'], options: {} })).rejects.toMatchObject({
    code: 'demo-folder',
  });
  expect(readFileSync(join(folder, 'full/mine.txt'), 'utf8')).toBe('mine');
});
