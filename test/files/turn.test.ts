import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { takeTurn } from '../../src/files/turn.js';
import { temporaryFolder } from '../support/git.js';
import { bundleScript } from '../support/script.js';

const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

test('one has it at a time, and the next when it is given back', async () => {
  const folder = temporaryFolder();
  const turn = await takeTurn(folder);
  expect(await takeTurn(folder)).toBeUndefined();
  await turn?.end();
  expect(await takeTurn(folder)).toBeDefined();
});

/** A flag that somebody raised so many seconds ago. */
function flag(folder: string, owner: string, seconds: number): void {
  const then = Date.now() / 1000 - seconds;
  writeFileSync(join(folder, `${owner}-0123abcd`), '');
  utimesSync(join(folder, `${owner}-0123abcd`), then, then);
}

test.each<[string, string, number]>([
  ['a process that has ended', `${machine}-999999999`, 1],
  ['a process of before the machine was started again', `${machine}-${process.pid}`, uptime() + 60],
  ['another machine that has said nothing for minutes', 'ffffffff-1', 600],
])('what %s has left counts for nothing', async (_, owner, seconds) => {
  const folder = temporaryFolder();
  flag(folder, owner, seconds);
  expect(await takeTurn(folder)).toBeDefined();
  expect(readdirSync(folder)).toHaveLength(1);
});

test.each<[string, string]>([
  ['another process of this machine', `${machine}-${process.pid}`],
  ['another machine', 'ffffffff-1'],
])('what %s holds is held', async (_, owner) => {
  const folder = temporaryFolder();
  flag(folder, owner, 10);
  expect(await takeTurn(folder)).toBeUndefined();
  expect(readdirSync(folder)).toEqual([`${owner}-0123abcd`]);
});

/** Tries until it was in eight times, or is killed inside; prints `clash` where somebody else is in too. */
const contender = `
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { takeTurn } from './src/files/turn.ts';
const [folder, inside, fate] = process.argv.slice(2);
const isThere = (pid) => { try { return process.kill(Number(pid), 0); } catch { return false; } };
for (let times = 0; times < 8; ) {
  const turn = await takeTurn(folder);
  if (turn === undefined) { await new Promise((done) => setTimeout(done, 10 * Math.random())); continue; }
  times++;
  writeFileSync(inside + '/' + process.pid, '');
  const others = readdirSync(inside).filter((pid) => pid !== String(process.pid) && isThere(pid));
  if (others.length > 0) console.log('clash');
  if (times === Number(fate)) process.kill(process.pid, 'SIGKILL');
  rmSync(inside + '/' + process.pid);
  await turn.end();
}
console.log('done');
`;

test('of six processes, two of them killed while they have it, no two ever have it at once', async () => {
  const [folder, inside, script] = [temporaryFolder(), temporaryFolder(), await bundleScript(contender)];
  const fates = ['0', '3', '0', '5', '0', '0'];
  const said = fates.map(
    (fate) =>
      new Promise<string>((done) =>
        execFile(process.execPath, [script, folder, inside, fate], (_, out) => done(out.trim())),
      ),
  );
  expect((await Promise.all(said)).sort()).toEqual(['', '', 'done', 'done', 'done', 'done']);
});
