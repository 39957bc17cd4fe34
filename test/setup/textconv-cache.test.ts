// git's textconv cache: the real program, called by the real git.
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pointTextconv } from '../../src/capture/textconv-driver.js';
import { deinit } from '../../src/setup/deinit.js';
import { doctor } from '../../src/setup/doctor.js';
import { init } from '../../src/setup/init.js';
import { program } from '../support/build.js';
import { captured } from '../support/context.js';
import { makeRepository } from '../support/git.js';

const path = 'flows/a.json';

const packed = (value: number) =>
  JSON.stringify({
    version: 0.4,
    last_node_id: 1,
    nodes: [{ id: 1, type: 'Pack', pos: [1, 1], widgets_values: [value] }],
    links: [],
  });

const lockWith = (name: string) =>
  `lockfileVersion: 1\nclasses:\n  Pack:\n    interface: 0123456789abcdef\n    widgets:\n      - ${name}\n`;

async function prepared() {
  const made = makeRepository();
  const { context } = captured(made.path, { program });
  await init(context, { track: ['flows/**/*.json'], nested: false, dryRun: false });
  for (const value of [1, 2]) {
    made.write(path, packed(value));
    made.git('add', '.');
    made.git('commit', '-q', '--no-verify', '-m', `value ${value}`);
  }
  const log = () =>
    made
      .git('log', '-p', '-1', '--format=')
      .split('\n')
      .filter((line) => /^[-+] ?[^-+]/.test(line));
  return { made, context, log, repository: await made.open() };
}

test('git keeps what it was given once, and asks nobody again', async () => {
  const { made, log } = await prepared();
  expect(log()).toEqual(['-Pack #1  #0: 1', '+Pack #1  #0: 2']);
  chmodSync(join(made.path, '.git/comfy/run'), 0o644);
  rmSync(join(made.path, '.git/comfy/run'));
  expect(log()).toEqual(['-Pack #1  #0: 1', '+Pack #1  #0: 2']);
});

test('names that the lock learns are shown at once, and those it forgets no longer', async () => {
  const { made, log, repository } = await prepared();
  expect(log()).toEqual(['-Pack #1  #0: 1', '+Pack #1  #0: 2']);
  made.write('comfy.lock', lockWith('strength'));
  await pointTextconv(repository);
  expect(log()).toEqual(['-Pack #1  strength: 1', '+Pack #1  strength: 2']);
  made.write('comfy.lock', lockWith('power'));
  await pointTextconv(repository);
  expect(log()).toEqual(['-Pack #1  power: 1', '+Pack #1  power: 2']);
});

test('a commit that brings another lock points git at its names, without being asked', async () => {
  const { made, log } = await prepared();
  log();
  made.git('switch', '-q', '-c', 'locked');
  made.write('comfy.lock', lockWith('strength'));
  made.git('add', 'comfy.lock');
  made.git('commit', '-q', '--no-verify', '-m', 'lock');
  expect(made.git('config', 'diff.comfy.textconv')).toContain('textconv --names');
  expect(made.git('log', '-p', '-1', '--format=', '--', path)).toContain('+Pack #1  strength: 2');
  made.git('switch', '-q', 'main');
  expect(log()).toContain('+Pack #1  #0: 2');
});

test('a table of names that somebody deleted is made up for by the lock', async () => {
  const { made, log, repository } = await prepared();
  made.write('comfy.lock', lockWith('strength'));
  await pointTextconv(repository);
  rmSync(join(made.path, '.git/comfy/names'), { recursive: true });
  expect(log()).toEqual(['-Pack #1  strength: 1', '+Pack #1  strength: 2']);
});

test('a linked work tree finds the program and the names too', async () => {
  const { made } = await prepared();
  const linked = join(made.path, '..', 'linked');
  made.git('worktree', 'add', '-q', linked);
  expect(made.git('-C', linked, 'log', '-p', '-1', '--format=')).toContain('+Pack #1  #0: 2');
});

test('deinit takes the cache and the names away; twice init is once, and doctor is content', async () => {
  const { made, context, log } = await prepared();
  log();
  expect(made.git('rev-parse', '--verify', 'refs/notes/textconv/comfy')).toMatch(/^[0-9a-f]{40}$/);
  expect((await init(context, { track: [], nested: false, dryRun: false })).steps).toEqual([]);
  expect((await doctor(context, false)).findings.filter(({ text }) => /words/.test(text))).toEqual([]);
  await deinit(context, { purge: false, dryRun: false });
  expect(made.git('for-each-ref', 'refs/notes/textconv')).toBe('');
  expect(existsSync(join(made.path, '.git/comfy/names'))).toBe(false);
  expect(readdirSync(join(made.path, '.git'))).not.toContain('config.lock');
});
