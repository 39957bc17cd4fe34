// What a provide that was killed has left: the next one takes it up, and nothing of it stays.
import { createHash } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
  return { asked, folder, said };
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
