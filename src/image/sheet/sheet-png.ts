import { decodePng } from '../png.js';
import { type Thumbnail, thumbnail } from '../thumbnail.js';
import { writePng } from '../write-png.js';
import { type Canvas, type Colour, charactersIn, fill, newCanvas, put, textStep, wrapped, write } from './canvas.js';
import { pictureSide, type Sheet, type SheetCell, type SheetTable } from './sheet.js';

const paper: Colour = [255, 255, 255];
const ink: Colour = [24, 24, 27];
const soft: Colour = [113, 113, 122];
const empty: Colour = [240, 240, 242];

const gap = 12;
const margin = 24;
const lines = { head: 3, side: 8, missing: 6 } as const;
const sideCharacters = 16;

/** A contact sheet as one picture, an XYZ plot: a table below the other, the original above them. Text that is not ASCII loses its accents, or is a question mark. */
export function sheetPng({ title, note, original, tables }: Sheet): Buffer {
  const count = tables.reduce((all, { rows, columns }) => all + rows.length * columns.length, 1);
  const side = pictureSide(count);
  const [first] = tables.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.filter(isPicture)));
  const shape = first === undefined ? { width: side, height: side } : small(first, side);
  const plans = tables.map((table) => planTable(table, shape));
  const top = margin + 3 * textStep.y;
  const start = top + shape.height + gap + 2 * textStep.y;
  const width = Math.max(...plans.map((plan) => plan.width), shape.width, textStep.x * 40) + 2 * margin;
  const height = plans.reduce((all, plan) => all + plan.height, start) + margin;
  const canvas = newCanvas(width, height, paper);
  const characters = charactersIn(width - 2 * margin);
  write(canvas, wrapped(title, characters, 1), margin, margin, ink);
  write(canvas, wrapped(note, characters, 1), margin, margin + textStep.y, soft);
  drawCell(canvas, original, { ...shape, x: margin, y: top });
  write(canvas, ['as it was'], margin, top + shape.height + 4, soft);
  let y = start;
  for (const plan of plans) {
    drawTable(canvas, plan, y);
    y += plan.height;
  }
  return writePng(width, height, canvas.rgb, []);
}

type Shape = Pick<Thumbnail, 'width' | 'height'>;

interface TablePlan {
  readonly table: SheetTable;
  readonly shape: Shape;
  readonly width: number;
  readonly height: number;
  /** Of the column in front that says what the rows are. */
  readonly side: number;
  /** Of the rows above that say what the table and its columns are. */
  readonly head: number;
}

function planTable(table: SheetTable, shape: Shape): TablePlan {
  const { columns, rows } = table;
  const longestLabel = Math.max(0, ...rows.map(({ label }) => Math.min(sideCharacters, label.length)));
  const side = longestLabel === 0 ? 0 : longestLabel * textStep.x + gap;
  const room = charactersIn(shape.width);
  const head = Math.max(1, ...columns.map((label) => wrapped(label, room, lines.head).length)) * textStep.y;
  const width = side + columns.length * (shape.width + gap);
  const height = 2 * textStep.y + head + rows.length * (shape.height + gap) + gap;
  return { table, shape, width, height, side, head };
}

function drawTable(canvas: Canvas, { table, shape, side, head }: TablePlan, top: number): void {
  write(canvas, wrapped(table.title, charactersIn(canvas.width - 2 * margin), 1), margin, top, ink);
  const left = margin + side;
  const room = charactersIn(shape.width);
  for (const [column, label] of table.columns.entries()) {
    const x = left + column * (shape.width + gap);
    write(canvas, wrapped(label, room, lines.head), x, top + Math.round(1.5 * textStep.y), soft);
  }
  for (const [row, { label, cells }] of table.rows.entries()) {
    const y = top + 2 * textStep.y + head + row * (shape.height + gap);
    write(canvas, wrapped(label, sideCharacters, lines.side), margin, y, soft);
    for (const [column, cell] of cells.entries())
      drawCell(canvas, cell, { ...shape, x: left + column * (shape.width + gap), y });
  }
}

const isPicture = (cell: SheetCell): cell is Extract<SheetCell, { png: Buffer }> => 'png' in cell;

const small = ({ png }: { readonly png: Buffer }, side: number): Thumbnail => thumbnail(decodePng(png), side);

function drawCell(canvas: Canvas, cell: SheetCell, box: Shape & { readonly x: number; readonly y: number }): void {
  const { x, y, width, height } = box;
  if (isPicture(cell)) {
    // One of another shape is made to fit.
    const whole = decodePng(cell.png);
    const scale = Math.max(whole.width / width, whole.height / height, 1);
    const picture = thumbnail(whole, Math.max(1, Math.floor(Math.max(whole.width, whole.height) / scale)));
    if (picture.width <= width && picture.height <= height) {
      put(canvas, picture, x, y);
      return;
    }
  }
  fill(canvas, box, empty);
  const why = isPicture(cell) ? 'too large' : cell.missing;
  write(canvas, wrapped(why, charactersIn(width - gap), lines.missing), x + gap / 2, y + gap / 2, soft);
}
