import { createHash } from 'node:crypto';
import { whatSpans, whoText } from '../../workflow/change-spans.js';
import { told } from '../../workflow/diff-words.js';
import type { GraphDrawing } from '../../workflow/drawing/compare-drawings.js';
import type { FileDiff } from '../../workflow/file-diff.js';
import { heading, quietLines } from '../diff-text.js';
import { plural } from '../units.js';
import { graphSvg } from './graph-svg.js';
import { escaped, spansHtml } from './html.js';
import { htmlPage } from './page.js';
import { script } from './script.js';

/** A file's differences with its graphs drawn. */
export interface DrawnFile {
  readonly file: FileDiff;
  readonly drawings: readonly GraphDrawing[];
}

/**
 * Differences as one self-contained page. Nothing is loaded, and nothing but our own script may run: all that comes from files is escaped, and the
 * page says so to the browser too.
 */
export function diffPage(files: readonly DrawnFile[]): string {
  const allowed = createHash('sha256').update(script).digest('base64');
  const title = files.length === 1 ? (files[0]?.file.path ?? '') : plural(files.length, 'workflow');
  const body = `<main>
<header><h1>${files.length === 0 ? 'No workflow changed' : `${plural(files.length, 'workflow')} changed`}</h1>${legend}</header>
${files.map(section).join('\n')}
<footer>Drag to move, wheel to zoom. Made by git comfy diff --html.</footer>
</main>
<script>${script}</script>`;
  return htmlPage({ title: `${title}: differences`, allowed: `script-src 'sha256-${allowed}'`, body });
}

const legend =
  '<div class="legend"><span><i class="added"></i>added</span><span><i class="removed"></i>removed</span><span><i class="changed"></i>changed</span></div>';

function section({ file, drawings }: DrawnFile, at: number): string {
  const changes = told(file.changes);
  const items = [
    ...(file.reason === undefined ? [] : [`<li>${escaped(file.reason)}</li>`]),
    ...changes.map((change) => `<li><b>${escaped(whoText(change))}</b>${spansHtml(whatSpans(change))}</li>`),
    ...quietLines(file).map((line) => `<li class="quiet">${escaped(line)}</li>`),
  ];
  const count = changes.length === 0 ? '' : `<small>${plural(changes.length, 'change')}</small>`;
  return [
    `<section><h2>${escaped(heading(file))}${count}</h2>`,
    items.length === 0 ? '' : `<ul>${items.join('\n')}</ul>`,
    ...drawings.map((drawing, index) => drawingHtml(drawing, `d${at}-${index}`)),
    '</section>',
  ].join('\n');
}

/** Overlaid, or side by side: two radio buttons and no script decide. */
function drawingHtml({ path, before, after, both }: GraphDrawing, id: string): string {
  const name = path.length === 0 ? 'workflow' : path.join(' / ');
  const choice = (at: number, words: string) => `<label for="${id}-${at}">${words}</label>`;
  const radio = (at: number) => `<input type="radio" name="${id}" id="${id}-${at}"${at === 0 ? ' checked' : ''}>`;
  const figure = (scene: GraphDrawing['before'], caption: string) =>
    scene === undefined
      ? `<figure><figcaption>${caption}: nothing</figcaption></figure>`
      : `<figure><figcaption>${caption}</figcaption>${graphSvg(scene, `${name}, ${caption}`, both)}</figure>`;
  return [
    '<div class="drawing">',
    path.length === 0 ? '' : `<h3>${escaped(name)}</h3>`,
    radio(0),
    radio(1),
    `<div class="bar">${choice(0, 'overlaid')}${choice(1, 'side by side')}`,
    '<button value="changes" hidden>changes</button><button value="whole" hidden>whole graph</button></div>',
    `<div class="pair both">${figure(both, 'before and after')}</div>`,
    `<div class="pair sides">${figure(before, 'before')}${figure(after, 'after')}</div>`,
    '</div>',
  ].join('');
}
