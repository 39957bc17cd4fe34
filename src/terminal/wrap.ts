/** A piece of a line that is painted in one way; it may hold blanks, at which the line may break. */
export interface Painted {
  readonly text: string;
  readonly paint: (text: string) => string;
}

/**
 * Breaks a line of painted pieces at blanks so that no line is wider than `width` columns where that can be; further lines start with `indent`. A hash
 * or an address sticks out, since people copy it whole; what is longer still is broken anywhere. Returns at least one line.
 */
export function wrapSpans(pieces: readonly Painted[], width: number, indent: string): string[] {
  const lines: string[] = [];
  let [line, used] = ['', 0];
  for (const { text, paint } of pieces) {
    let run = '';
    for (const { word, mayBreak } of wordsOf(text, Math.max(width, longestWord))) {
      const size = columns(word);
      if (used + size <= width || used <= indent.length || !mayBreak) {
        run += word;
        used += size;
        continue;
      }
      lines.push(line + painted(run, paint));
      line = indent;
      run = word.trimStart();
      used = indent.length + columns(run);
    }
    line += painted(run, paint);
  }
  return [...lines, line];
}

/** Breaks plain text; its own line breaks stay, and each further line stands at the margin. */
export const wrap = (text: string, width: number): string[] =>
  text.split('\n').flatMap((line) => wrapSpans([{ text: line, paint: (part) => part }], Math.max(8, width), ''));

interface Word {
  /** With the blanks in front of it. */
  readonly word: string;
  /** A line may break before it. */
  readonly mayBreak: boolean;
}

function wordsOf(text: string, most: number): Word[] {
  const words = text.match(/\s*\S+|\s+$/g) ?? [];
  return words.flatMap((word) => {
    const points = columns(word) <= most ? [] : [...word];
    if (points.length <= most) return [{ word, mayBreak: /^\s/.test(word) }];
    const parts = Array.from({ length: Math.ceil(points.length / most) }, (_, at) =>
      points.slice(at * most, (at + 1) * most).join(''),
    );
    return parts.map((part, at) => ({ word: part, mayBreak: at > 0 || /^\s/.test(part) }));
  });
}

/** A SHA-256 with its prefix has 71. */
const longestWord = 100;

const painted = (text: string, paint: Painted['paint']) => (text === '' ? '' : paint(text));

/** Letters of East Asian scripts and their punctuation take two columns. */
const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u;

const columns = (text: string) => [...text].reduce((sum, letter) => sum + (wide.test(letter) ? 2 : 1), 0);
