/** A piece of a line that is painted in one way; it may hold blanks, at which the line may break. */
export interface Painted {
  readonly text: string;
  readonly paint: (text: string) => string;
}

/**
 * Breaks a line of painted pieces at blanks so that no line is wider than `width` columns where that can be; further lines start with `indent`.
 * What is one long word sticks out.
 */
export function wrapSpans(pieces: readonly Painted[], width: number, indent: string): string[] {
  const lines: string[] = [];
  let [line, used] = ['', 0];
  for (const { text, paint } of pieces) {
    let run = '';
    for (const word of text.match(/\s*\S+|\s+$/g) ?? []) {
      const size = columns(word);
      if (used + size <= width || used <= indent.length || !/^\s/.test(word)) {
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

const painted = (text: string, paint: Painted['paint']) => (text === '' ? '' : paint(text));

/** Letters of East Asian scripts and their punctuation take two columns. */
const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u;

const columns = (text: string) => [...text].reduce((sum, letter) => sum + (wide.test(letter) ? 2 : 1), 0);
