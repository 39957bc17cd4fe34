import { resolve } from 'node:path';
import type { Context } from '../context.js';
import { writeFileAtomic } from '../files/atomic.js';
import { drawDiff } from '../sharing/draw-diff.js';
import { diffMarkdown } from '../terminal/diff-markdown.js';
import { diffText } from '../terminal/diff-text.js';
import { type DrawnFile, diffPage } from '../terminal/page/diff-page.js';
import { painter } from '../terminal/paint.js';
import type { Input } from './command.js';
import type { ComparedSides } from './diff-sides.js';
import { paged } from './paged.js';

/** Writes what was compared as the person wants it; returns what is left to print. */
export async function deliver(context: Context, compared: ComparedSides, { options }: Input): Promise<string> {
  const { md, html, output, json, pager } = options;
  if (json === true) return '';
  const text =
    html === true ? await page(context, compared) : md === true ? markdown(compared) : words(context, compared, output);
  if (typeof output !== 'string') return paged(context, text, pager !== false && html !== true);
  await writeFileAtomic(resolve(context.cwd, output), `${text}\n`);
  return '';
}

const markdown = ({ told }: ComparedSides) => diffMarkdown(told.map(({ diff }) => diff));

function words({ output: { color, width, interactive } }: Context, { told }: ComparedSides, file: unknown): string {
  const painted = color && file === undefined;
  const wrapped = interactive && file === undefined ? { width } : {};
  return diffText(
    told.map(({ diff }) => diff),
    { paint: painter(painted), color: painted, ...wrapped },
  );
}

async function page({ now }: Context, { repository, names, told }: ComparedSides): Promise<string> {
  const files: DrawnFile[] = [];
  for (const { diff, versions } of told) {
    files.push({ file: diff, drawings: await drawDiff(versions, diff, { repository, names, now }) });
  }
  return diffPage(files);
}
