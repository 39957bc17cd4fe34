import { type Painted, wrapSpans } from './wrap.js';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that opens a colour sequence
const sequence = /(\u001b\[[\d;]*m)/;

/**
 * Breaks text that is coloured already, as a program that was told to has coloured it. Further lines of a line begin two columns to the right of it.
 */
export function wrapPainted(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    const plain = line.split(sequence).filter((part) => !sequence.test(part));
    const indent = /^ */.exec(plain.join(''))?.[0] ?? '';
    return wrapSpans(painted(line), width, `${indent}  `).map((part) => part.trimEnd());
  });
}

/** Blanks go with what follows them: a line may break only there. */
function painted(line: string): Painted[] {
  const pieces: Painted[] = [];
  let [style, blanks] = ['', ''];
  for (const part of line.split(sequence)) {
    if (sequence.test(part)) {
      style = /\[0?m$/.test(part) ? '' : style + part;
      continue;
    }
    const words = blanks + part.trimEnd();
    blanks = part.slice(part.trimEnd().length);
    if (words.trim() === '') blanks = words + blanks;
    else pieces.push({ text: words, paint: styled(style) });
  }
  return pieces;
}

const styled = (style: string) => (text: string) => (style === '' ? text : `${style}${text}\u001b[0m`);
