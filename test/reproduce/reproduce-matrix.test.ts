import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRepository } from '../../src/git/repository.js';
import { findOriginals } from '../../src/reproduce/original.js';
import { reproduce } from '../../src/reproduce/reproduce.js';
import { temporaryFolder } from '../support/git.js';
import { buildScene, copyScene, quiet, serveScene, signal } from '../support/scene.js';
import { type ReproducedRow, reproducedRows } from './matrix/reproduced.js';

// What changed since x expected grade x observed grade: each row on a copy of one scene, on the simulated server.

let template = '';
beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'git-comfy-scene-'));
  await buildScene(template);
});
afterAll(() => rmSync(template, { recursive: true, force: true }));

test('there are at least thirty rows', () => {
  expect(reproducedRows.length).toBeGreaterThanOrEqual(30);
});

test.each(reproducedRows)('$what', async (row) => {
  const { expected, observed, because } = row;
  if (typeof observed === 'object') {
    await expect(run(row)).rejects.toMatchObject({ code: observed.error, hint: expect.stringMatching(/./) });
    return;
  }
  const found = await run(row);
  expect(found?.expected.grade, 'expected').toBe(expected);
  expect(found?.grade, 'observed').toBe(observed);
  if (because !== undefined) expect(found?.reasons.join('\n')).toContain(because);
});

async function run({ change, alter, quirks, baseline }: ReproducedRow) {
  const scene = copyScene(template, join(temporaryFolder(), 'scene'));
  change?.(scene);
  const { around, server, close } = await serveScene(scene, alter, quirks);
  try {
    const repository = await openRepository(scene.repository);
    const [original] = await findOriginals(repository, 'picture.png', scene.repository);
    if (original === undefined) throw new Error('the picture has no record');
    const options = { around, server, signal, talk: quiet, baseline: baseline === true };
    const [found] = await reproduce(repository, original, options);
    return found;
  } finally {
    await close();
  }
}
