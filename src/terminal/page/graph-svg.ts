import type { Span } from '../../workflow/change-spans.js';
import { type Box, lineHeight, type Port, type Row, type Scene, type Wire } from '../../workflow/drawing/scene.js';
import type { Rectangle } from '../../workflow/rectangles.js';
import { titleHeight } from '../../workflow/rectangles.js';
import { escaped, number } from './html.js';

/**
 * A graph as one inline SVG: groups, then wires, then nodes, those that changed on top.
 * @param label for who cannot see it
 * @param view what is shown first: drawings of one pair show the same part
 */
export function graphSvg(scene: Scene, label: string, view: Pick<Scene, 'whole' | 'changed'> = scene): string {
  const shown = view.changed ?? view.whole;
  const views = `data-whole="${box(view.whole)}" data-changes="${box(shown)}"`;
  const order = [...scene.boxes].sort((a, b) => Number(a.mark !== 'same') - Number(b.mark !== 'same'));
  const wires = [...scene.wires].sort((a, b) => Number(a.mark !== 'same') - Number(b.mark !== 'same'));
  return [
    `<svg class="graph" viewBox="${box(shown)}" ${views} role="img" aria-label="${escaped(label)}">`,
    ...scene.frames.map(({ title, rect }) => {
      const text = `<text x="${number(rect.x + 10)}" y="${number(rect.y + 24)}">${escaped(cut(title, rect.width, 11))}</text>`;
      return `<g class="frame"><rect ${corners(rect)} rx="6"/>${text}</g>`;
    }),
    ...wires.map(wireSvg),
    ...order.map(boxSvg),
    '</svg>',
  ].join('\n');
}

const box = ({ x, y, width, height }: Rectangle) =>
  [x, y, Math.max(width, 1), Math.max(height, 1)].map(number).join(' ');

const corners = ({ x, y, width, height }: Rectangle) =>
  `x="${number(x)}" y="${number(y)}" width="${number(Math.max(width, 0))}" height="${number(Math.max(height, 0))}"`;

function wireSvg({ mark, from, to }: Wire): string {
  const reach = Math.max(30, Math.min(160, Math.abs(to.x - from.x) / 2));
  const curve = [from.x + reach, from.y, to.x - reach, to.y, to.x, to.y].map(number);
  return `<path class="wire ${mark}" d="M${number(from.x)} ${number(from.y)}C${curve.join(' ')}"/>`;
}

function boxSvg(node: Box): string {
  const { rect, mark, state, rows, inputs, outputs } = node;
  const right = rect.x + rect.width;
  return [
    `<g class="node ${mark} ${state}"><title>${escaped(hover(node))}</title>`,
    `<rect class="body" ${corners(rect)} rx="8"/>`,
    `<path class="head" d="${head(rect)}"/>`,
    titleSvg(node),
    ...inputs.map((port) => portSvg(port, rect.x, 'in', rect.width)),
    ...outputs.map((port) => portSvg(port, right, 'out', rect.width)),
    ...rows.map((row) => rowSvg(row, rect)),
    '</g>',
  ].join('');
}

const hover = ({ title, about, rows, state }: Box) =>
  [
    `${textOf(title)}  ${about}${state === 'active' ? '' : `  ${state}`}`,
    ...rows.map(({ name, lines }) => `${name}: ${lines.map(textOf).join(' ')}`),
  ].join('\n');

const textOf = (spans: readonly Span[]) => spans.map(({ text }) => text).join('');

/** The title bar: round above, and below too where there is nothing under it. */
function head({ x, y, width, height }: Rectangle): string {
  const across = number(Math.max(width - 16, 0));
  const top = `q0 -8 8 -8h${across}q8 0 8 8`;
  if (height > titleHeight) return `M${number(x)} ${number(y + titleHeight)}v-22${top}v22z`;
  return `M${number(x)} ${number(y + 8)}${top}v14q0 8 -8 8h-${across}q-8 0 -8 -8z`;
}

function titleSvg({ rect, title, about, state }: Box): string {
  const [x, y] = [number(rect.x + 10), number(rect.y + 20)];
  const badge = state === 'active' ? about : `${about} · ${state}`;
  const room = rect.width - 20;
  const used = textOf(title).length * 7.6;
  const side = used + badge.length * 6.4 + 12 <= room ? badge : badge.slice(badge.indexOf('#'));
  const shown = cutSpans(title, room - side.length * 6.4 - 12, 7.6);
  const right = `<text class="about" x="${number(rect.x + rect.width - 10)}" y="${y}" text-anchor="end">${escaped(side)}</text>`;
  return `<text class="title" x="${x}" y="${y}">${shown.map(spanSvg).join('')}</text>${right}`;
}

function portSvg({ name, y }: Port, x: number, side: 'in' | 'out', width: number): string {
  const dot = `<circle class="port" cx="${number(x)}" cy="${number(y)}" r="4"/>`;
  if (name === '') return dot;
  const text = escaped(cut(name, width / 2 - 16, 6.2));
  const place = `x="${number(side === 'in' ? x + 10 : x - 10)}" y="${number(y + 4)}"`;
  return `${dot}<text class="slot" ${place}${side === 'in' ? '' : ' text-anchor="end"'}>${text}</text>`;
}

function rowSvg({ name, lines, y, changed }: Row, { x, width }: Rectangle): string {
  const height = lines.length * lineHeight;
  const back = changed
    ? `<rect class="row" x="${number(x + 4)}" y="${number(y)}" width="${number(width - 8)}" height="${number(height + 2)}" rx="4"/>`
    : '';
  const [first = [], ...more] = lines;
  const baseline = (at: number) => number(y + at * lineHeight + 12);
  const label = `<text class="name" x="${number(x + 10)}" y="${baseline(0)}">${escaped(cut(name, width - 20, 6.6))}</text>`;
  const value =
    first.length === 0
      ? ''
      : `<text class="value" x="${number(x + width - 10)}" y="${baseline(0)}" text-anchor="end">${first.map(spanSvg).join('')}</text>`;
  const rest = more.map(
    (line, at) =>
      `<text class="value" x="${number(x + 10)}" y="${baseline(at + 1)}">${line.map(spanSvg).join('')}</text>`,
  );
  return `<g class="${changed ? 'changed-row' : 'plain-row'}">${back}${label}${value}${rest.join('')}</g>`;
}

const spanSvg = ({ is, text }: Span) =>
  is === 'plain'
    ? escaped(text)
    : `<tspan class="${is === 'old' || is === 'cut' ? 'old' : 'new'}"${is === 'put' ? ' dx="3"' : ''}>${escaped(text)}</tspan>`;

/** What fits into `room`, at `letter` a letter. */
function cut(text: string, room: number, letter: number): string {
  const most = Math.max(1, Math.floor(room / letter));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function cutSpans(spans: readonly Span[], room: number, letter: number): Span[] {
  let left = Math.max(3, Math.floor(room / letter));
  return spans.flatMap((span) => {
    if (left <= 0) return [];
    const text = cut(span.text, left * letter, letter);
    left -= span.text.length;
    return [{ ...span, text }];
  });
}
