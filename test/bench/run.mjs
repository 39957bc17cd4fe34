// `npm run bench`: every figure that we promise, measured side by side in one run. Exit 1 where one is over its limit.

import { diff } from './diff.mjs';
import { filter } from './filter.mjs';
import { grid } from './grid.mjs';
import { hash } from './hash.mjs';
import { lineage } from './lineage.mjs';
import { lock } from './lock.mjs';
import { normalForm } from './normal-form.mjs';
import { record } from './record.mjs';
import { compare, reproduce } from './reproduce.mjs';
import { start } from './start.mjs';

const wanted = process.argv.slice(2);
const benches = {
  start,
  filter,
  'normal-form': normalForm,
  diff,
  hash,
  lock,
  grid,
  lineage,
  record,
  reproduce,
  compare,
};
let held = true;
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  held = (await bench()) && held;
}
process.exitCode = held ? 0 : 1;
