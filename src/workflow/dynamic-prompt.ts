/**
 * A dynamic prompt as the frontend resolves it, but always at the first alternative of each `{a|b}` instead of a random one.
 * Comments (`/* ... *\/`, `// ...` to the end of the line, also behind `http:`) are taken out first; `\{`, `\}` and `\|` are literal.
 */
export function firstAlternative(text: string): string {
  const source = withoutComments(text);
  return nesting(source) > maxNesting ? source : readSequence({ source, at: 0 }, false);
}

/** Braces inside braces; people write two or three. */
const maxNesting = 500;

function nesting(text: string): number {
  let [depth, most] = [0, 0];
  for (const char of text) {
    if (char === '{') most = Math.max(most, ++depth);
    else if (char === '}') depth--;
  }
  return most;
}

/** A block comment without an end is none. */
function withoutComments(text: string): string {
  let kept = '';
  let at = 0;
  const lastEnd = text.lastIndexOf('*/');
  for (const { index, 0: mark } of text.matchAll(/\/[*/]/g)) {
    if (index < at) continue;
    const block = mark === '/*';
    if (block && index + 2 > lastEnd) continue;
    kept += text.slice(at, index);
    const end = text.indexOf(block ? '*/' : '\n', index + 2);
    at = end < 0 ? text.length : end + (block ? 2 : 0);
  }
  return kept + text.slice(at);
}

interface Reader {
  readonly source: string;
  at: number;
}

/** Reads up to the end, or inside braces up to `|` or `}` of the same level; leaves `at` on that character. */
function readSequence(reader: Reader, inBraces: boolean): string {
  let text = '';
  while (reader.at < reader.source.length) {
    const char = reader.source[reader.at] ?? '';
    if (char === '\\' && reader.at + 1 < reader.source.length) {
      text += unescaped(reader.source[reader.at + 1] ?? '');
      reader.at += 2;
    } else if (char === '{') {
      text += readBraces(reader);
    } else if (inBraces && (char === '|' || char === '}')) {
      return text;
    } else {
      text += char;
      reader.at++;
    }
  }
  return text;
}

const unescaped = (char: string) => ('{}|'.includes(char) ? char : `\\${char}`);

function readBraces(reader: Reader): string {
  reader.at++;
  const first = readSequence(reader, true);
  while (reader.source[reader.at] === '|') {
    reader.at++;
    readSequence(reader, true);
  }
  reader.at++;
  return first;
}
