import type { Span } from '../change-spans.js';

/** Breaks spans into lines of at most `width` characters, at blanks where there are some; what does not fit into `most` lines is left out. */
export function breakSpans(spans: readonly Span[], width: number, most: number): Span[][] {
  const lines: Span[][] = [[]];
  let used = 0;
  for (const span of spans) {
    for (const word of span.text.match(/\s*\S+|\s+$/g) ?? []) {
      for (const piece of pieces(word, width)) {
        if (used > 0 && used + piece.length > width) {
          lines.push([]);
          used = 0;
        }
        const text = used === 0 ? piece.trimStart() : piece;
        lines.at(-1)?.push({ ...span, text });
        used += text.length;
      }
    }
  }
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), shortened(lines[most - 1] ?? [], width)];
}

function pieces(word: string, width: number): string[] {
  const list: string[] = [];
  for (let at = 0; at < word.length; at += width) list.push(word.slice(at, at + width));
  return list;
}

function shortened(line: readonly Span[], width: number): Span[] {
  const used = line.reduce((sum, { text }) => sum + text.length, 0);
  const last = line.at(-1);
  if (last === undefined || used + 2 <= width) return [...line, { is: 'plain', text: ' …' }];
  return [...line.slice(0, -1), { ...last, text: `${last.text.slice(0, -2)}…` }];
}
