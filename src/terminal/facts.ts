import type { Paint, Style } from './paint.js';
import { safe } from './safe.js';
import { wrap } from './wrap.js';

/** A labelled line; further lines of it are indented below the first. Text comes from outside and is made `safe` here. */
export interface Fact {
  readonly label: string;
  readonly text: string;
  readonly style?: Style;
}

/** Where the text of a fact begins: two spaces, the label, two spaces. */
const labelWidth = 12;

/** Facts under each other, wrapped to the width of the terminal. */
export function factLines(facts: readonly Fact[], width: number, paint: Paint): string[] {
  const indent = labelWidth + 4;
  return facts.flatMap(({ label, text, style }) => {
    const lines = wrap(safe(text), width - indent);
    const painted = lines.map((line) => (style === undefined ? line : paint(style, line)));
    const head = `  ${paint('dim', label.padEnd(labelWidth))}  `;
    return painted.map((line, at) => `${at === 0 ? head : ' '.repeat(indent)}${line}`.trimEnd());
  });
}
