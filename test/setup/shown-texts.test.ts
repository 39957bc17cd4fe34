// What git shows of workflows is described by the filter that checks them out for it: the real program, called by the real git.
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openShownTexts, shownFolder } from '../../src/capture/shown-texts.js';
import { init } from '../../src/setup/init.js';
import { program } from '../support/build.js';
import { captured } from '../support/context.js';
import { linkedWorkTree } from '../support/filtered-repository.js';
import { makeRepository, type TestRepository, temporaryFolder } from '../support/git.js';
import { smallWorkflow } from '../support/workflow.js';

const path = 'flows/a ü.json';
const versions = 4;

/** Versions of one workflow, and a launcher that writes down what git starts it for. */
async function prepared() {
  const made = makeRepository();
  const { context } = captured(made.path, { program });
  await init(context, { track: ['flows/**/*.json'], nested: false, dryRun: false });
  made.git('config', 'core.hooksPath', '/dev/null');
  for (let steps = 1; steps <= versions; steps++) {
    made.write(path, smallWorkflow({ steps, x: steps * 10 }));
    made.git('add', '.');
    made.git('commit', '-q', '-m', `steps ${steps}`);
  }
  const launcher = join(made.path, '.git/comfy/run');
  const log = join(temporaryFolder(), 'starts');
  writeFileSync(launcher, readFileSync(launcher, 'utf8').replace('\n', `\necho "$1" >> '${log}'\n`));
  const starts = () => {
    const found = existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : [];
    writeFileSync(log, '');
    return found;
  };
  return { made, starts };
}

const uncached = ['-c', 'diff.comfy.cachetextconv=false'];
const changed = (text: string) => text.split('\n').filter((line) => /^[-+]KSampler/.test(line));
const steps = (from: number) => [`-KSampler #2  steps: ${from}`, `+KSampler #2  steps: ${from + 1}`];
const left = (made: TestRepository) => {
  const folder = join(made.path, '.git/comfy/cache/shown');
  return existsSync(folder) ? readdirSync(folder) : [];
};

test('a diff of two commits starts one process, and leaves nothing', async () => {
  const { made, starts } = await prepared();
  expect(changed(made.git(...uncached, 'diff', 'HEAD~1', 'HEAD'))).toEqual(steps(versions - 1));
  expect(starts()).toEqual(['filter-process']);
  expect(left(made)).toEqual([]);
});

test('so does a log of all versions, also in a linked work tree', async () => {
  const { made, starts } = await prepared();
  const linked = linkedWorkTree(made, join(temporaryFolder(), 'linked tree'), 'side');
  starts();
  for (const one of [made, linked]) {
    const shown = changed(one.git(...uncached, 'log', '-p', '--format='));
    expect(shown).toEqual([...steps(3), ...steps(2), ...steps(1), '+KSampler #2', ...shown.slice(7)]);
    expect(starts()).toEqual(['filter-process']);
  }
});

test('the text is what textconv says by itself', async () => {
  const { made } = await prepared();
  const byFilter = made.git(...uncached, 'show', 'HEAD');
  made.git('config', 'diff.comfy.textconv', `${made.git('config', 'diff.comfy.textconv').replace(/; t=.*?fi;/, ';')}`);
  expect(made.git('config', 'diff.comfy.textconv')).not.toContain('shown');
  expect(made.git(...uncached, 'show', 'HEAD')).toBe(byFilter);
});

test('a file of the work tree that equals a version that was shown is described all the same', async () => {
  const { made } = await prepared();
  made.git('checkout', '-q', 'HEAD~1', '--', path);
  expect(changed(made.git(...uncached, 'diff', 'HEAD'))).toEqual(
    steps(versions - 1)
      .map(swapped)
      .toReversed(),
  );
  expect(changed(made.git(...uncached, 'log', '-p', '--format=', '-1'))).toEqual(steps(versions - 1));
});

const swapped = (line: string) => (line.startsWith('-') ? '+' : '-') + line.slice(1);

test('other names than those that git was pointed at are not taken', async () => {
  const { made, starts } = await prepared();
  writeFileSync(join(made.path, '.git/comfy/names/0123456789abcdef.json'), '{}');
  expect(changed(made.git(...uncached, 'diff', 'HEAD~1', 'HEAD'))).toEqual(steps(versions - 1));
  expect(starts()).toEqual(['filter-process', 'textconv', 'textconv']);
});

test('what nobody takes is described once and never again', () => {
  const commonDir = temporaryFolder();
  mkdirSync(join(commonDir, 'comfy/names'), { recursive: true });
  writeFileSync(join(commonDir, 'comfy/names/0123456789abcdef.json'), '{}');
  const described: string[] = [];
  const open = (parent: number) =>
    openShownTexts(
      { top: commonDir, commonDir, objectFormat: 'sha1' },
      { parent, describe: (_, file) => `${described.push(String(file))}` },
    );
  const [taken, untaken] = [open(1), open(2)];
  for (const name of ['a', 'b', 'c']) {
    taken.keep(Buffer.from(`the file of ${name}`), Buffer.from(name));
    const folder = shownFolder(commonDir, 1);
    for (const file of readdirSync(folder)) truncateSync(join(folder, file));
  }
  expect(described.splice(0)).toEqual(['a', 'b', 'c']);
  for (const name of ['a', 'b', 'c']) untaken.keep(Buffer.from(`the file of ${name}`), Buffer.from(name));
  expect(described).toEqual(['a']);
  for (const one of [taken, untaken]) one.close();
  expect(readdirSync(join(commonDir, 'comfy/cache/shown'))).toEqual([]);
});
