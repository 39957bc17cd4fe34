import type { Span } from '../../workflow/change-spans.js';
import { safe } from '../safe.js';

/** Text for HTML and SVG, in elements and in quoted attributes; what could reorder or hide text is made visible. */
export const escaped = (text: string): string =>
  safe(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** Spans as inline elements: what was is `del`, what is new `ins`. */
export const spansHtml = (spans: readonly Span[]): string =>
  spans
    .map(({ is, text }) => {
      if (is === 'plain') return escaped(text);
      const name = is === 'old' || is === 'cut' ? 'del' : 'ins';
      return `<${name}>${escaped(text)}</${name}>`;
    })
    .join('');

/** Coordinates of drawings: a tenth of a unit is finer than anybody sees. */
export const number = (value: number): string => String(Math.round(value * 10) / 10);
