/**
 * Breaks text into lines of at most `width` code points at white space. Line breaks in the text stay. A hash or an address may stick out, since
 * people copy it whole; what is longer still is broken anywhere.
 * Returns at least one line.
 */
export function wrap(text: string, width: number): string[] {
  const most = Math.max(8, width);
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, most));
}

function wrapParagraph(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (length(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = broken(word, Math.max(width, longestWord));
    line = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  return [...lines, line];
}

function broken(word: string, width: number): string[] {
  const points = [...word];
  const pieces: string[] = [];
  for (let at = 0; at < points.length; at += width) pieces.push(points.slice(at, at + width).join(''));
  return pieces;
}

/** A SHA-256 with its prefix has 71. */
const longestWord = 100;

const length = (text: string) => [...text].length;
