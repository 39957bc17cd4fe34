import { join, relative, resolve } from 'node:path';
import { presentServers } from '../capture/server-choice.js';
import { findSurroundings } from '../capture/surroundings.js';
import type { Context } from '../context.js';
import { exitCode, UsageError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { openWorkTree, type Repository } from '../git/repository.js';
import type { Sheet } from '../image/sheet/sheet.js';
import { sheetPng } from '../image/sheet/sheet-png.js';
import { findOriginals } from '../reproduce/original.js';
import { sheetOf } from '../reproduce/vary/sheet.js';
import type { VaryWishes } from '../reproduce/vary/variations.js';
import { type VariedCell, type VaryOptions, vary } from '../reproduce/vary/vary.js';
import { contactSheet } from '../terminal/page/contact-sheet.js';
import { safeLine } from '../terminal/safe.js';
import type { Answer, Command, Input } from './command.js';
import { listOption } from './list-option.js';
import { queueAddress } from './queue-address.js';
import { textOption } from './text-option.js';
import { variedLine, variedNote, variedResult } from './vary-text.js';

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
  const { cwd, signal } = context;
  const wishes = readWishes(input);
  const repository = await openWorkTree(cwd);
  const [original, ...others] = await findOriginals(repository, input.args[0] ?? '', cwd);
  if (original === undefined || others.length > 0) throw manyOutputs(others.length + 1);
  const makers = await makersOf(repository, context, input);
  const folder = resolve(cwd, textOption(input, 'out') ?? 'variations');
  const quiet = input.options['json'] === true;
  const { onCell, took } = telling(context, quiet, makers.servers.length !== 1 || makers.queue !== undefined);
  const { env, talk } = context;
  const varied = await vary(repository, original, wishes, { ...makers, cwd, env, signal, talk, folder, onCell });
  const note = variedNote(varied, took());
  const around = await findSurroundings(repository, { cwd, env, server: makers.servers[0], signal });
  const sheet = await sheetOf({ original, varied, grid: wishes.grid, note, output: around.installation?.output });
  const files = await writeSheet(join(folder, `vary-${original.id.slice(0, 10)}`), sheet);
  const failed = varied.cells.some((cell) => 'failed' in cell);
  const text = quiet ? '' : [note, ...files.map((file) => safeLine(relative(cwd, file)))].join('\n');
  return { result: variedResult(original, varied, files), text, ...(failed ? { exit: exitCode.no } : {}) };
}

type Makers = Pick<VaryOptions, 'servers' | 'away' | 'queue'>;

/** The servers and the queue that share the work. Who names a queue means its workers, unless servers are named besides. */
async function makersOf(repository: Repository, { env, signal }: Context, input: Input): Promise<Makers> {
  const url = queueAddress(input, env);
  const flags = listOption(input, 'server');
  if (url !== undefined && flags.length === 0) return { servers: [], away: [], queue: { url } };
  const present = await presentServers(repository, { flags, env, signal });
  return url === undefined ? present : { ...present, queue: { url } };
}

/** Prints each picture as it ends, with the time that the others will take. */
function telling({ now, write }: Context, quiet: boolean, several: boolean) {
  const began = now().getTime();
  const took = () => now().getTime() - began;
  let made = 0;
  const onCell = async (cell: VariedCell, ended: number, all: number) => {
    if (!('failed' in cell) && !cell.before) made++;
    if (!quiet) await write(`${variedLine(cell, { ended, all, made, took: took(), several })}\n`);
  };
  return { onCell, took };
}

async function writeSheet(stem: string, sheet: Sheet): Promise<[page: string, picture: string]> {
  await writeFileAtomic(`${stem}.html`, contactSheet(sheet));
  await writeFileAtomic(`${stem}.png`, sheetPng(sheet));
  return [`${stem}.html`, `${stem}.png`];
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
