import { createHash } from 'node:crypto';
import { coreWidgetNames } from './core-widgets.js';
import { descriptionFormat } from './describe.js';
import { byCodePoint } from './json.js';
import type { WidgetNames } from './node-values.js';

/** Names of widgets as git's textconv gets them: nothing but the blob and this table decides what a description says. */
export interface NameTable {
  /** Changes with the names, with our own table of core classes, and with the way descriptions are written. */
  readonly digest: string;
  readonly text: string;
}

/** What a lock knows beyond our own table; what it does not say otherwise is left out, so that few locks change the digest. */
export function nameTable(names: WidgetNames | undefined): NameTable {
  const core = coreWidgetNames();
  const classes = [...(names ?? [])]
    .filter(([type, list]) => list.length > 0 && list.join() !== core.get(type)?.join())
    .sort(([a], [b]) => byCodePoint(a, b));
  const own = createHash('sha256')
    .update(JSON.stringify([...core]))
    .digest('hex');
  const text = `${JSON.stringify({ format: descriptionFormat, core: own, classes })}\n`;
  return { digest: createHash('sha256').update(text).digest('hex').slice(0, 16), text };
}

/** Reads a table back; empty for what is none: descriptions show positions then. */
export function readNameTable(text: string): WidgetNames {
  try {
    const { classes } = JSON.parse(text) as { classes: [string, string[]][] };
    return new Map(classes);
  } catch {
    return new Map();
  }
}
