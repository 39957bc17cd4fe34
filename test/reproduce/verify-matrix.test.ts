import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRepository } from '../../src/git/repository.js';
import { isNotice } from '../../src/lock/drift-rules.js';
import { type Verification, verify } from '../../src/reproduce/verify.js';
import { temporaryFolder } from '../support/git.js';
import { buildScene, copyScene, quiet, serveScene, signal } from '../support/scene.js';
import { modelRows } from './matrix/models.js';
import { inputRows, machineRows, severalRows, workflowRows } from './matrix/others.js';
import { comfyuiRows, packRows } from './matrix/packs.js';
import { nothing, type Row, type Says } from './matrix/row.js';

// What changed x what verify says: each row is a change to real files, to real git or to what a server answers, on a copy of one scene.

const groups: Readonly<Record<string, readonly Row[]>> = {
  'nothing changed': [{ what: 'as it was', ...nothing }],
  models: modelRows,
  packs: packRows,
  ComfyUI: comfyuiRows,
  inputs: inputRows,
  'the repository': workflowRows,
  'the machine': machineRows,
  'several at once': severalRows,
};

let template = '';
beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'git-comfy-scene-'));
  await buildScene(template);
});
afterAll(() => rmSync(template, { recursive: true, force: true }));

for (const [group, rows] of Object.entries(groups)) {
  describe(group, () => {
    test.each(rows)('$what', async (row) => {
      const { lock, record } = await verifyBoth(row);
      expectSays(lock, row, "the lock's");
      expectSays(record, row.record ?? row, "the record's");
    });
  });
}

test('there are at least forty rows', () => {
  expect(Object.values(groups).flat().length).toBeGreaterThanOrEqual(40);
});

async function verifyBoth({ change, alter }: Row): Promise<{ lock: Verification; record: Verification }> {
  const scene = copyScene(template, join(temporaryFolder(), 'scene'));
  change?.(scene);
  const { around, close } = await serveScene(scene, alter);
  try {
    const opened = await openRepository(scene.repository);
    const verifying = { around, signal, talk: quiet, cwd: scene.repository };
    return {
      lock: await verify(opened, undefined, verifying),
      record: await verify(opened, 'picture.png', verifying),
    };
  } finally {
    await close();
  }
}

function expectSays({ differences, grade }: Verification, { says, grade: wanted }: Says, whose: string): void {
  const texts = differences.map(({ text }) => text);
  const forms = says.map((line) => formOf(line.replace('*', whose)));
  expect(texts, `${whose} lines`).toEqual(forms.map((form) => expect.stringMatching(form)));
  expect(grade, whose).toBe(wanted);
  // Whatever stands in the way of the same picture says what mends it.
  for (const { code, text, hint, worst } of differences) {
    if (worst !== 'full' && !isNotice(code) && code !== 'system-changed') expect(hint, text).toBeDefined();
  }
}

const formOf = (line: string) =>
  new RegExp(
    `^${line
      .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('<id>', '[0-9a-z.@-]+')
      .replaceAll('<path>', '.+')}$`,
  );
