import { pictureSide, type Sheet, type SheetCell, type SheetTable } from '../../image/sheet/sheet.js';
import type { Original } from '../original.js';
import { originalPicture, recordedPicture } from './sheet-pictures.js';
import type { Axis, Variation } from './variations.js';
import type { Varied, VariedCell } from './vary.js';

/** Wider rows are broken: nobody scrolls through forty pictures to the side. */
const mostColumns = 8;

export interface SheetFacts {
  readonly original: Original;
  readonly varied: Varied;
  readonly grid: boolean;
  readonly note: string;
  /** The output folder of ComfyUI on this machine. */
  readonly output: string | undefined;
}

/** What was varied as tables of pictures: of a grid the first axis across, the second down, and a table for each combination of the others. */
export async function sheetOf({ original, varied, grid, note, output }: SheetFacts): Promise<Sheet> {
  const side = pictureSide(varied.cells.length);
  const pictures = new Map<string, SheetCell>();
  for (const cell of varied.cells) pictures.set(keyOf(cell.variation.at), await pictureOf(cell, output, side));
  const pictureAt = (at: Variation['at']) => pictures.get(keyOf(at)) ?? { missing: 'not made', name: '' };
  const { axes } = varied;
  const tables = grid && axes.length > 1 ? gridTables(axes, pictureAt) : rowTables(axes, pictureAt);
  const name = original.outputs[0]?.name ?? 'a picture';
  return { title: `${name}, varied`, note, original: await originalPicture(original, output, side), tables };
}

const keyOf = (at: Variation['at']) => at.map(({ axis, step }) => `${axis}:${step}`).join(' ');

async function pictureOf(cell: VariedCell, output: string | undefined, side: number): Promise<SheetCell> {
  if ('failed' in cell) return { missing: cell.failed, name: '' };
  return cell.picture ?? recordedPicture(cell.record, output, side);
}

type PictureAt = (at: Variation['at']) => SheetCell;

/** One thing at a time: a row for each axis. */
function rowTables(axes: readonly Axis[], pictureAt: PictureAt): SheetTable[] {
  return axes.flatMap(({ name, steps }, axis) => {
    const all = steps.map(({ label }, step) => ({ label, cell: pictureAt([{ axis, step }]) }));
    return chunks(all).map((part) => ({
      title: name,
      columns: part.map(({ label }) => label),
      rows: [{ label: '', cells: part.map(({ cell }) => cell) }],
    }));
  });
}

function gridTables(axes: readonly Axis[], pictureAt: PictureAt): SheetTable[] {
  const [across, down, ...others] = axes;
  if (across === undefined || down === undefined) return [];
  return combinations(others).flatMap((rest) => {
    const fixed = rest.map((step, index) => `${others[index]?.name} = ${others[index]?.steps[step]?.label}`);
    const at = (x: number, y: number) => [
      { axis: 0, step: x },
      { axis: 1, step: y },
      ...rest.map((step, index) => ({ axis: index + 2, step })),
    ];
    return chunks([...across.steps.keys()]).map((columns) => ({
      title: [`${across.name} across, ${down.name} down`, ...fixed].join('; '),
      columns: columns.map((x) => across.steps[x]?.label ?? ''),
      rows: down.steps.map(({ label }, y) => ({ label, cells: columns.map((x) => pictureAt(at(x, y))) })),
    }));
  });
}

/** Every choice of one step of each axis. */
const combinations = (axes: readonly Axis[]): number[][] =>
  axes.reduce<number[][]>(
    (before, { steps }) => before.flatMap((one) => [...steps.keys()].map((s) => [...one, s])),
    [[]],
  );

const chunks = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / mostColumns) }, (_, index) =>
    items.slice(index * mostColumns, (index + 1) * mostColumns),
  );
