import { join, relative, resolve } from 'node:path';
import { presentServers } from '../capture/server-choice.js';
import { findSurroundings } from '../capture/surroundings.js';
import type { Context } from '../context.js';
import { exitCode, UsageError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { openWorkTree } from '../git/repository.js';
import { sheetPng } from '../image/sheet/sheet-png.js';
import { findOriginals, type Original } from '../reproduce/original.js';
import { sheetOf } from '../reproduce/vary/sheet.js';
import type { VaryWishes } from '../reproduce/vary/variations.js';
import { type Varied, type VariedCell, vary } from '../reproduce/vary/vary.js';
import { contactSheet } from '../terminal/page/contact-sheet.js';
import { safeLine } from '../terminal/safe.js';
import { duration, plural } from '../terminal/units.js';
import type { Answer, Command, Input } from './command.js';
import { listOption } from './list-option.js';
import { queueAddress } from './queue-address.js';

export const varyCommand: Command = {
  name: 'vary',
  group: 'everyday',
  summary: 'make an output again with one thing changed at a time, or a grid',
  about:
    'Runs the recorded prompt with other values and records each picture with what it varies. Every value is tried by itself; --grid makes every combination. A model may be named by ' +
    'its hash (sha256: and at least eight digits). Writes a contact sheet, as a page that needs nothing else and as a picture. With several servers each takes the next picture when it is free; one that fails or ' +
    'lacks a model is left out. What was made before in the same way is not run again: after Ctrl-C the same command goes on.',
  arguments: [{ name: '<output>', about: 'a recorded picture' }],
  options: [
    {
      flags: '--set <[node.]input=values>',
      about: 'values with commas between; node is an id, a title or a class',
      many: true,
    },
    { flags: '--seeds <n>', about: 'so many other seeds' },
    { flags: '--replace <words=>words>', about: 'replace words in the texts', many: true },
    { flags: '--grid', about: 'every combination' },
    {
      flags: '--out <folder>',
      about: 'where the contact sheet goes, and outputs of a server on another machine (default: ./variations)',
    },
    {
      flags: '--server <url>',
      about: 'a ComfyUI server; may be given several times, as git config comfy.server may',
      many: true,
    },
    {
      flags: '--queue <url>',
      about: 'a Redis that workers on other machines share (git comfy worker), such as redis://nas:6379',
    },
  ],
  examples: [
    'git comfy vary picture.png --set cfg=6,7,8',
    'git comfy vary picture.png --set cfg=6,7 --set steps=20,30 --grid',
    'git comfy vary picture.png --replace "red fox=>blue fox" --seeds 4',
    'git comfy vary picture.png --set ckpt_name=sha256:9aba26ab',
    'git comfy vary picture.png --seeds 40 --queue redis://nas:6379',
  ],
  run,
};

async function run(context: Context, input: Input): Promise<Answer> {
  const { cwd, env, signal, talk } = context;
  const wishes = readWishes(input);
  const repository = await openWorkTree(cwd);
  const [original, ...others] = await findOriginals(repository, input.args[0] ?? '', cwd);
  if (original === undefined || others.length > 0) throw manyOutputs(others.length + 1);
  const url = queueAddress(input, env);
  const flags = listOption(input, 'server');
  // Who names a queue means its workers, unless servers are named besides.
  const { servers, away } =
    url !== undefined && flags.length === 0
      ? { servers: [], away: [] }
      : await presentServers(repository, { flags, env, signal });
  const queue = url === undefined ? {} : { queue: { url } };
  const folder = resolve(cwd, typeof input.options['out'] === 'string' ? input.options['out'] : 'variations');
  const quiet = input.options['json'] === true;
  const began = context.now().getTime();
  const pace = { made: 0, took: () => context.now().getTime() - began };
  const onCell = async (cell: VariedCell, ended: number, all: number) => {
    if (!('failed' in cell) && !cell.before) pace.made++;
    if (!quiet)
      await context.write(
        `${lineOf(cell, { ended, all, several: servers.length !== 1 || url !== undefined, left: timeLeft(pace, all - ended) })}\n`,
      );
  };
  const varied = await vary(repository, original, wishes, {
    cwd,
    env,
    servers,
    away,
    ...queue,
    signal,
    talk,
    folder,
    onCell,
  });
  const note = noteOf(varied, pace.took());
  const around = await findSurroundings(repository, { cwd, env, server: servers[0], signal });
  const sheet = await sheetOf({ original, varied, grid: wishes.grid, note, output: around.installation?.output });
  const name = join(folder, `vary-${original.id.slice(0, 10)}`);
  await writeFileAtomic(`${name}.html`, contactSheet(sheet));
  await writeFileAtomic(`${name}.png`, sheetPng(sheet));
  const files = [`${name}.html`, `${name}.png`];
  const failed = varied.cells.some((cell) => 'failed' in cell);
  const text = quiet ? '' : [note, ...files.map((file) => relative(cwd, file))].join('\n');
  return { result: resultOf(original, varied, files), text, ...(failed ? { exit: exitCode.no } : {}) };
}

const manyOutputs = (count: number) =>
  new UsageError(`${count} runs were made there; one is varied at a time`, {
    hint: 'name a picture: git comfy vary picture.png',
  });

function readWishes(input: Input): VaryWishes {
  const seeds = Number(input.options['seeds'] ?? 0);
  if (!Number.isSafeInteger(seeds) || seeds < 0) throw new UsageError('--seeds takes a whole number');
  return {
    set: listOption(input, 'set'),
    replace: listOption(input, 'replace'),
    seeds,
    grid: input.options['grid'] === true,
  };
}

interface Progress {
  readonly ended: number;
  readonly all: number;
  readonly several: boolean;
  readonly left: string;
}

/** By what was made until now; what comes from before tells nothing of how long the others take. */
const timeLeft = ({ made, took }: { made: number; took: () => number }, open: number): string =>
  made === 0 || open === 0 ? '' : `, ${duration((took() / made) * open)} left`;

function lineOf(cell: VariedCell, { ended, all, several, left }: Progress): string {
  const what = cell.variation.assignments.map(({ place, value }) => `${place}=${value.slice(0, 60)}`).join(' ');
  if ('failed' in cell) return safeLine(`${ended}/${all}  ${what}  not made: ${cell.failed}`);
  const name = cell.record.outputs[0]?.name ?? 'no output file';
  const where = several && cell.server !== undefined ? ` on ${cell.server}` : '';
  return safeLine(`${ended}/${all}  ${what}  ${name}${cell.before ? '  (made before)' : where + left}`);
}

/** What it cost: servers work side by side, so their time together is more than what passed. */
function noteOf({ cells, leftOut }: Varied, took: number): string {
  const now = cells.filter((cell) => !('failed' in cell) && !cell.before);
  const spent = now.reduce((all, cell) => all + ('record' in cell ? (cell.record.duration ?? 0) : 0), 0);
  const failed = cells.filter((cell) => 'failed' in cell).length;
  const servers = new Set(now.flatMap((cell) => ('server' in cell ? (cell.server ?? []) : []))).size;
  return [
    `${plural(cells.length, 'picture')}`,
    ...(now.length < cells.length - failed ? [`${cells.length - failed - now.length} made before`] : []),
    ...(failed > 0 ? [`${failed} not made`] : []),
    ...(now.length > 0 ? [`${duration(spent)} on ${plural(servers, 'server')}, in ${duration(took)}`] : []),
    ...(leftOut.length > 0 ? [`left out: ${leftOut.map(({ name }) => name).join(', ')}`] : []),
  ].join(', ');
}

const resultOf = (original: Original, { axes, cells, leftOut }: Varied, [page, picture]: readonly string[]) => ({
  original: original.id,
  axes: axes.map(({ name, steps }) => ({ name, steps: steps.map(({ label }) => label) })),
  variations: cells.map((cell) => {
    const set = cell.variation.assignments;
    if ('failed' in cell) return { set, failed: cell.failed };
    const { id, record, before, server } = cell;
    return { set, record: id, outputs: record.outputs, before, ...(server === undefined ? {} : { server }) };
  }),
  leftOut,
  sheet: page,
  picture,
});
