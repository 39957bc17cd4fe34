// A disk that is full in the middle of a download: a message, no model, and the part for the next attempt.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runProgram } from '../support/build.js';
import { projectWithoutModel } from '../support/comfy-project.js';
import { modelServer } from '../support/model-server.js';
import { withFullDisk } from '../support/processes.js';

test('a model that does not fit gets no name; with room again the download goes on', async () => {
  const weights = Buffer.alloc(1_000_000, 'weights ');
  const { url, asked } = await modelServer({ '/ink.safetensors': weights });
  const project = await projectWithoutModel(url, weights);
  const env = { GIT_COMFY_SERVER: 'http://127.0.0.1:9' };
  const full = await withFullDisk(project.path, 1000, ['provide'], env);
  expect(full).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/failed {5}LoRA ink\.safetensors: .*(?:EFBIG|large)/),
  });
  const folder = join(project.comfy, 'models/loras');
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^git-comfy-[0-9a-f]{24}\.part$/)]);
  expect(await runProgram(project.path, ['provide'], env)).toMatchObject({ code: 0 });
  expect(readFileSync(join(folder, 'ink.safetensors')).equals(weights)).toBe(true);
  expect(asked.at(-1)?.range).toMatch(/^bytes=\d{6}-$/);
});
