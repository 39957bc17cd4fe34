// Run by build.mjs: writes the manual page into dist/, and with --docs the command reference into docs/.
import { writeFileSync } from 'node:fs';
import { commands } from '../src/commands/table.js';
import { manPage } from '../src/terminal/man.js';
import { commandReference } from '../src/terminal/reference.js';

const all = await Promise.all(Object.values(commands).map((load) => load()));
const [version = '', date = '', man = '', docs] = process.argv.slice(2);
writeFileSync(man, manPage(all, version, date));
if (docs !== undefined) writeFileSync(docs, commandReference(all));
