import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownerName } from '../../src/files/alive.js';
import { removeLeftFolders } from '../../src/files/left-folders.js';
import { temporaryFolder } from '../support/git.js';

test('folders of processes that are gone go; those of others, of other machines and of other names stay', async () => {
  const home = temporaryFolder();
  const gone = ownerName.replace(/-\d+$/, '-999999999');
  const names = [`work-${ownerName}.Ab12`, 'work-00000000-999999999.Ab12', `play-${gone}.Ab12`, `work-${gone}.kept.x`];
  for (const name of [`work-${gone}.Ab12`, ...names]) mkdirSync(join(home, name));
  writeFileSync(join(home, `work-${gone}.Ab12`, 'output.png'), 'x');
  await removeLeftFolders(home, 'work-');
  expect(readdirSync(home).sort()).toEqual([...names].sort());
  await removeLeftFolders(join(home, 'nowhere'), 'work-');
});
