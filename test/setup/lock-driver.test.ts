import { expect, test } from 'vitest';
import { deinit } from '../../src/setup/deinit.js';
import { doctor } from '../../src/setup/doctor.js';
import { init } from '../../src/setup/init.js';
import { program } from '../support/build.js';
import { captured } from '../support/context.js';
import { makeRepository } from '../support/git.js';

const options = { track: ['flows/**/*.json'], nested: false, dryRun: false };
const line = '/comfy.lock merge=comfy-lock';

test('comfy.lock has a driver of its own: init writes it, doctor misses it, deinit takes it out', async () => {
  const made = makeRepository();
  const { context } = captured(made.path, { program });
  await init(context, options);
  expect(made.git('check-attr', 'merge', 'comfy.lock')).toBe('comfy.lock: merge: comfy-lock');
  expect(made.git('config', 'merge.comfy-lock.driver')).toContain('merge-file --lock %O %A %B %L %P');

  made.write('.gitattributes', made.read('.gitattributes').replace(`${line}\n`, ''));
  made.git('config', '--remove-section', 'merge.comfy-lock');
  const found = await doctor(context, false);
  const missing = found.findings.filter(({ state }) => state === 'wrong').map(({ text }) => text);
  expect(missing.join('\n')).toContain('have comfy.lock united entry by entry (.gitattributes)');
  expect(missing.join('\n')).toContain('unite lockfiles entry by entry');
  expect((await doctor(context, true)).ok).toBe(true);
  expect(made.read('.gitattributes')).toContain(`${line}\n`);
  expect(made.read('.gitattributes')).toContain('flows/**/*.json -text filter=comfy');

  await deinit(context, { purge: false, dryRun: false });
  expect(made.git('check-attr', 'merge', 'comfy.lock')).toBe('comfy.lock: merge: unspecified');
  expect(() => made.git('config', '--get-regexp', 'merge\\.')).toThrow();
});
