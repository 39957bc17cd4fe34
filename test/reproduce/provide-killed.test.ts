// What a provide that was killed has left: the next one takes it up, and nothing of it stays.
import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../../src/cli.js';
import { ownerName } from '../../src/files/alive.js';
import { projectWithoutModel } from '../support/comfy-project.js';
import { captured } from '../support/context.js';
import { modelServer } from '../support/model-server.js';

const weights = Buffer.alloc(30_000, 'weights ');
const stem = `git-comfy-${createHash('sha256').update(weights).digest('hex').slice(0, 24)}`;

/** A process number that no system gives. */
const nobody = ownerName.replace(/\d+$/, '999999999');

/** By whom it may have been left; a process that has our number now had it before us. */
const parts = [
  ['somebody who was killed', `${stem}.${nobody}.part`],
  ['somebody killed who had our number', `${stem}.${ownerName}.part`],
  ['somebody who was interrupted', `${stem}.part`],
] as const;

async function scene() {
  const { url, asked } = await modelServer({ '/ink.safetensors': weights });
  const project = await projectWithoutModel(url, weights);
  const folder = join(project.comfy, 'models/loras');
  const said = async (...words: string[]) => {
    const { context, out, err } = captured(project.path);
    const code = await run(context, words);
    return { code, text: out() + err() };
  };
  return { asked, folder, project, said };
}

test.each(parts)('a download that is whole but has no name yet, of %s, is given its name', async (_, part) => {
  const { asked, folder, said } = await scene();
  writeFileSync(join(folder, part), weights);
  expect((await said('verify')).text).not.toContain(stem);
  expect(await said('provide')).toMatchObject({ code: 0 });
  expect(readdirSync(folder)).toEqual(['ink.safetensors']);
  expect(readFileSync(join(folder, 'ink.safetensors')).equals(weights)).toBe(true);
  expect(asked).toEqual([]);
});

test.each(parts)('the second name of a model, of %s, goes away', async (_, part) => {
  const { folder, said } = await scene();
  writeFileSync(join(folder, 'ink.safetensors'), weights);
  linkSync(join(folder, 'ink.safetensors'), join(folder, part));
  expect(await said('provide')).toMatchObject({ code: 0 });
  expect(readdirSync(folder)).toEqual(['ink.safetensors']);
  // The person took the model away, and the second name is the only one.
  renameSync(join(folder, 'ink.safetensors'), join(folder, part));
  expect(await said('provide')).toMatchObject({ code: 0 });
  expect(readdirSync(folder)).toEqual(['ink.safetensors']);
});

test.each(parts)('a download of a model that came in another way, of %s, goes away', async (_, part) => {
  const { folder, said } = await scene();
  writeFileSync(join(folder, 'ink.safetensors'), weights);
  writeFileSync(join(folder, part), weights.subarray(0, 1000));
  const others = `git-comfy-${'a'.repeat(24)}.part`;
  writeFileSync(join(folder, others), weights.subarray(0, 1000));
  expect(await said('provide')).toMatchObject({ code: 0 });
  expect(readdirSync(folder).sort()).toEqual([others, 'ink.safetensors']);
});

test('a download that somebody is at stays theirs', async () => {
  const { folder, said } = await scene();
  // The parent of this process is alive, and is not this process.
  const part = `${stem}.${ownerName.replace(/\d+$/, `${process.ppid}`)}.part`;
  writeFileSync(join(folder, 'ink.safetensors'), weights);
  linkSync(join(folder, 'ink.safetensors'), join(folder, part));
  expect(await said('provide')).toMatchObject({ code: 0 });
  expect(readdirSync(folder).sort()).toEqual([part, 'ink.safetensors']);
});

// How a name is taken where the system knows no links: first by an empty file.
test.each(parts)('an empty file that was to become a download, of %s, becomes it', async (_, part) => {
  const { asked, folder, said } = await scene();
  writeFileSync(join(folder, part), weights);
  writeFileSync(join(folder, 'ink.safetensors'), '');
  expect(await said('provide')).toMatchObject({ code: 0 });
  expect(readdirSync(folder)).toEqual(['ink.safetensors']);
  expect(readFileSync(join(folder, 'ink.safetensors')).equals(weights)).toBe(true);
  expect(asked).toEqual([]);
});

test('an empty file that no download can have made stays', async () => {
  const { folder, said } = await scene();
  writeFileSync(join(folder, parts[0][1]), weights.subarray(0, 1000));
  writeFileSync(join(folder, 'ink.safetensors'), '');
  expect(await said('provide')).toMatchObject({ code: 0 });
  const digits = stem.slice('git-comfy-'.length, 'git-comfy-'.length + 12);
  expect(readdirSync(folder).sort()).toEqual([`ink.${digits}.safetensors`, 'ink.safetensors']);
  expect(readFileSync(join(folder, 'ink.safetensors'))).toHaveLength(0);
});

/** Another file system, where this machine has one at hand. */
const elsewhere = '/dev/shm';
const isElsewhere = existsSync(elsewhere) && statSync(elsewhere).dev !== statSync(tmpdir()).dev;

test.skipIf(!isElsewhere)('a model comes into a folder that lies on another disk', async () => {
  const { asked, folder, project, said } = await scene();
  const other = mkdtempSync(join(elsewhere, 'git-comfy-'));
  onTestFinished(() => rmSync(other, { recursive: true }));
  symlinkSync(other, join(folder, 'big'));
  project.write('comfy.lock', project.read('comfy.lock').replace('loras/ink', 'loras/big/ink'));
  writeFileSync(join(other, parts[0][1]), weights.subarray(0, 1000));
  expect(await said('provide')).toMatchObject({ code: 0 });
  expect(readdirSync(other)).toEqual(['ink.safetensors']);
  expect(asked.map(({ range }) => range)).toEqual(['bytes=1000-']);
  linkSync(join(other, 'ink.safetensors'), join(other, parts[0][1]));
  expect(await said('provide')).toMatchObject({ code: 0 });
  expect(readdirSync(other)).toEqual(['ink.safetensors']);
  expect(readdirSync(folder)).toEqual(['big']);
});
