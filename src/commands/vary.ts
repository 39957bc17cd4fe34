import { join, relative, resolve } from 'node:path';
import { serverFor } from '../capture/server-choice.js';
import { findSurroundings } from '../capture/surroundings.js';
import type { Context } from '../context.js';
import { UsageError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { openWorkTree } from '../git/repository.js';
import { findOriginals, type Original } from '../reproduce/original.js';
import { originalPicture, variationPicture } from '../reproduce/vary/sheet-pictures.js';
import type { Axis, Variation, VaryWishes } from '../reproduce/vary/variations.js';
import { type MadeVariation, type Varied, vary } from '../reproduce/vary/vary.js';
import { contactSheet, type SheetRow } from '../terminal/page/contact-sheet.js';
import { safeLine } from '../terminal/safe.js';
import { duration } from '../terminal/units.js';
import type { Answer, Command, Input } from './command.js';

export const varyCommand: Command = {
  name: 'vary',
  group: 'everyday',
  summary: 'make an output again with one thing changed at a time, or a grid',
  about:
    'Runs the recorded prompt with other values and records each picture with what it varies. Every value is tried by itself; --grid makes every combination. Writes a contact ' +
    'sheet, one page that needs nothing else. What was made before in the same way is not run again: after Ctrl-C the same command goes on.',
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
    { flags: '--server <url>', about: 'the ComfyUI server' },
  ],
  examples: [
    'git comfy vary picture.png --set cfg=6,7,8',
    'git comfy vary picture.png --set cfg=6,7 --set steps=20,30 --grid',
    'git comfy vary picture.png --replace "red fox=>blue fox" --seeds 4',
  ],
  run,
};

async function run(context: Context, input: Input): Promise<Answer> {
  const { cwd, env, signal, talk } = context;
  const wishes = readWishes(input);
  const repository = await openWorkTree(cwd);
  const [original, ...others] = await findOriginals(repository, input.args[0] ?? '', cwd);
  if (original === undefined || others.length > 0) throw manyOutputs(others.length + 1);
  const flag = typeof input.options['server'] === 'string' ? { flag: input.options['server'] } : {};
  const server = await serverFor(repository, { ...flag, env, signal });
  const around = await findSurroundings(repository, { cwd, env, server, signal });
  const out = typeof input.options['out'] === 'string' ? input.options['out'] : 'variations';
  const folder = resolve(cwd, out);
  const quiet = input.options['json'] === true;
  const began = context.now().getTime();
  const onMade = async (made: MadeVariation, index: number, all: number) => {
    if (!quiet) await context.write(`${lineOf(made, index, all, context.now().getTime() - began)}\n`);
  };
  const varied = await vary(repository, original, wishes, { around, server, signal, talk, folder, onMade });
  const sheet = join(folder, `vary-${original.id.slice(0, 10)}.html`);
  await writeFileAtomic(sheet, await sheetOf(original, varied, wishes.grid, around.installation?.output));
  return { result: resultOf(original, varied, sheet), text: quiet ? '' : relative(cwd, sheet) };
}

const manyOutputs = (count: number) =>
  new UsageError(`${count} runs were made there; one is varied at a time`, {
    hint: 'name a picture: git comfy vary picture.png',
  });

function readWishes({ options }: Input): VaryWishes {
  const list = (name: string) => (Array.isArray(options[name]) ? (options[name] as readonly string[]) : []);
  const seeds = Number(options['seeds'] ?? 0);
  if (!Number.isSafeInteger(seeds) || seeds < 0) throw new UsageError('--seeds takes a whole number');
  return { set: list('set'), replace: list('replace'), seeds, grid: options['grid'] === true };
}

function lineOf({ variation, record, before }: MadeVariation, index: number, all: number, took: number): string {
  const what = variation.assignments.map(({ place, value }) => `${place}=${value.slice(0, 60)}`).join(' ');
  const left = index + 1 < all && !before ? `, ${duration((took / (index + 1)) * (all - index - 1))} left` : '';
  const name = record.outputs[0]?.name ?? 'no output file';
  return safeLine(`${index + 1}/${all}  ${what}  ${name}${before ? '  (made before)' : left}`);
}

const labelOf = (axes: readonly Axis[], { at }: Variation, without = -1): string =>
  at
    .filter(({ axis }) => axis !== without)
    .map(({ axis, step }) => `${axes[axis]?.name ?? ''} = ${axes[axis]?.steps[step]?.label ?? ''}`)
    .join(', ');

/** A row for each axis; in a grid one for each step of the first axis. */
async function sheetOf(
  original: Original,
  { axes, made }: Varied,
  grid: boolean,
  output: string | undefined,
): Promise<string> {
  const rows = new Map<string, { label: string; cells: SheetRow['cells'][number][] }>();
  for (const one of made) {
    const [first] = one.variation.at;
    const axis = first?.axis ?? 0;
    const label =
      grid && axes.length > 1
        ? `${axes[axis]?.name} = ${axes[axis]?.steps[first?.step ?? 0]?.label}`
        : (axes[axis]?.name ?? '');
    const row = rows.get(label) ?? { label, cells: [] };
    rows.set(label, row);
    const cell = await variationPicture(one, output);
    row.cells.push({ label: labelOf(axes, one.variation, grid && axes.length > 1 ? axis : -1), cell });
  }
  const name = original.outputs[0]?.name ?? 'a picture';
  return contactSheet({
    title: `${name}, varied`,
    original: await originalPicture(original, output),
    rows: [...rows.values()],
  });
}

const resultOf = (original: Original, { axes, made }: Varied, sheet: string) => ({
  original: original.id,
  axes: axes.map(({ name, steps }) => ({ name, steps: steps.map(({ label }) => label) })),
  variations: made.map(({ variation, id, record, before }) => ({
    set: variation.assignments,
    record: id,
    outputs: record.outputs,
    before,
  })),
  sheet,
});
