import { createHash } from 'node:crypto';
import { comparisonScript } from './comparison-script.js';
import { comparisonStyle } from './comparison-style.js';
import { escaped } from './html.js';
import { htmlPage } from './page.js';

/** A picture on the page: its bytes and what they are, or why there is none. */
export type Shown = { readonly bytes: Uint8Array; readonly type: string } | { readonly missing: string };

/** Two pictures that are compared, and all that is known of the comparison. */
export interface ComparedPictures {
  readonly name: string;
  readonly before: Shown;
  readonly after: Shown;
  /** PNG; absent where there is nothing to see. */
  readonly heat?: Uint8Array;
  /** The grade, where there is one. */
  readonly grade?: { readonly expected: string; readonly observed: string };
  /** Short facts: metrics, where it ran. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Lists of lines with a heading: reasons, what differs in how they were made. */
  readonly lists: readonly { readonly heading: string; readonly lines: readonly string[] }[];
}

export interface ComparisonPage {
  readonly title: string;
  /** What the first and the second picture are called. */
  readonly words: readonly [before: string, after: string];
  readonly pairs: readonly ComparedPictures[];
  readonly madeBy: string;
}

/**
 * Comparisons as one self-contained page: slider, blink, side by side and heat map. Nothing is loaded, only our own script may run, and all that comes from
 * files is escaped.
 */
export function comparisonPage({ title, words, pairs, madeBy }: ComparisonPage): string {
  const allowed = createHash('sha256').update(comparisonScript).digest('base64');
  const body = `<main>
<header><h1>${escaped(title)}</h1></header>
${pairs.map((pair, at) => section(pair, words, at)).join('\n')}
<footer>Made by ${escaped(madeBy)}.</footer>
</main>
<script>${comparisonScript}</script>`;
  const policy = `img-src data:; script-src 'sha256-${allowed}'`;
  return htmlPage({ title, allowed: policy, style: comparisonStyle, body });
}

function section(pair: ComparedPictures, words: ComparisonPage['words'], at: number): string {
  const { name, grade, facts, lists } = pair;
  const badges =
    grade === undefined
      ? ''
      : `<span class="badge ${escaped(grade.observed)}">${escaped(grade.observed)}</span><small>expected ${escaped(grade.expected)}</small>`;
  const rows = facts.map(([key, value]) => `<div><dt>${escaped(key)}</dt><dd>${escaped(value)}</dd></div>`);
  const told = lists.filter(({ lines }) => lines.length > 0);
  return [
    `<section><h2>${escaped(name)}${badges}</h2>`,
    viewer(pair, words, at),
    rows.length === 0 ? '' : `<dl>${rows.join('')}</dl>`,
    ...told.map(({ heading, lines }) => `<h3>${escaped(heading)}</h3><ul>${lines.map(item).join('')}</ul>`),
    '</section>',
  ].join('\n');
}

const item = (line: string) => `<li>${escaped(line)}</li>`;

/** Radio buttons and no script choose the view of the same two pictures; the script only moves the slider. */
function viewer(
  { before, after, heat }: ComparedPictures,
  [first, second]: ComparisonPage['words'],
  at: number,
): string {
  if ('missing' in before || 'missing' in after) {
    return `<div class="sides">${figure(before, first)}${figure(after, second)}</div>`;
  }
  const views = ['slider', 'blink', 'side by side', ...(heat === undefined ? [] : ['where it differs'])];
  const radio = (_: string, view: number) =>
    `<input type="radio" name="v${at}" id="v${at}-${view}"${view === 0 ? ' checked' : ''}>`;
  const labels = views.map((words, view) => `<label for="v${at}-${view}">${words}</label>`);
  return [
    `<div class="viewer">${views.map(radio).join('')}<div class="bar">${labels.join('')}</div>`,
    `<div class="stage">${image(before, first)}${image(after, second)}</div>`,
    `<div class="edge"><input type="range" min="0" max="1000" value="500" aria-label="how much of ${escaped(first)} is shown"></div>`,
    heat === undefined ? '' : heatView(heat),
    '</div>',
  ].join('');
}

const heatView = (heat: Uint8Array) =>
  `<div class="heat">${image({ bytes: heat, type: 'image/png' }, 'where it differs')}<p>grey is the same; red to white differs, white most</p></div>`;

const figure = (shown: Shown, words: string) =>
  `<figure>${'missing' in shown ? `<div class="missing">${escaped(shown.missing)}</div>` : image(shown, words)}<figcaption>${escaped(words)}</figcaption></figure>`;

const image = ({ bytes, type }: Extract<Shown, { bytes: Uint8Array }>, words: string) =>
  `<img alt="${escaped(words)}" src="data:${type};base64,${Buffer.from(bytes).toString('base64')}">`;
