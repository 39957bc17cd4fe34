import type { Original } from '../reproduce/original.js';
import type { Varied, VariedCell } from '../reproduce/vary/vary.js';
import { safeLine } from '../terminal/safe.js';
import { duration, plural } from '../terminal/units.js';

/** How far a row of variations is. */
export interface Pace {
  readonly ended: number;
  readonly all: number;
  /** Of those that have ended: made now, not before. */
  readonly made: number;
  /** Milliseconds since the first began. */
  readonly took: number;
  /** More than one server may have made it. */
  readonly several: boolean;
}

/** By what was made until now; what comes from before tells nothing of how long the others take. */
function timeLeft({ made, took, all, ended }: Pace): string {
  const open = all - ended;
  return made === 0 || open === 0 ? '' : `, ${duration((took / made) * open)} left`;
}

/** One variation as it ends: `2/3  9.cfg=7  vary_00002_.png, 40 s left`. */
export function variedLine(cell: VariedCell, pace: Pace): string {
  const { ended, all, several } = pace;
  const what = cell.variation.assignments.map(({ place, value }) => `${place}=${value.slice(0, 60)}`).join(' ');
  if ('failed' in cell) return safeLine(`${ended}/${all}  ${what}  not made: ${cell.failed}`);
  const name = cell.record.outputs[0]?.name ?? 'no output file';
  const where = several && cell.server !== undefined ? ` on ${cell.server}` : '';
  return safeLine(`${ended}/${all}  ${what}  ${name}${cell.before ? '  (made before)' : where + timeLeft(pace)}`);
}

/** What it cost: servers work side by side, so their time together is more than what passed. */
export function variedNote({ cells, leftOut }: Varied, took: number): string {
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

/**
 * For `--json`; the last two are paths of the contact sheet, as a page and as a picture.
 */
export const variedResult = (
  original: Original,
  { axes, cells, leftOut }: Varied,
  [page, picture]: readonly string[],
) => ({
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
