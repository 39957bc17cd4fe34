/** A piece of Python text: names, strings with their value, and single characters of punctuation. Numbers, comments and layout are left out. */
export interface Token {
  readonly kind: 'name' | 'string' | 'mark';
  readonly text: string;
}

/** Prefix and quotes of a string; `f` strings have no value that could be read. */
const opening = /[rRbBuUfF]{0,2}("""|'''|"|')/y;
const name = /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/y;
const blank = /[ \t\r\n\f\\]+|#[^\n]*|\d[\w.]*/y;

/**
 * Splits Python text without understanding it: enough to see which names and strings stand in which brackets. Nothing is executed. An unfinished
 * string ends the text.
 */
export function pythonTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (form: RegExp): RegExpExecArray | undefined => {
    form.lastIndex = at;
    const found = form.exec(text);
    if (found !== null) at = form.lastIndex;
    return found ?? undefined;
  };
  while (at < text.length) {
    if (take(blank) !== undefined) continue;
    const quote = take(opening);
    if (quote !== undefined) {
      const end = endOfString(text, at, quote[1] ?? '"');
      if (/[fF]/.test(quote[0])) tokens.push({ kind: 'mark', text: 'f' });
      else tokens.push({ kind: 'string', text: unescaped(text.slice(at, end), /[rR]/.test(quote[0].slice(0, -1))) });
      at = end + (quote[1] ?? '').length;
      continue;
    }
    const word = take(name);
    if (word !== undefined) tokens.push({ kind: 'name', text: word[0] });
    else tokens.push({ kind: 'mark', text: text[at++] ?? '' });
  }
  return tokens;
}

/** Where the closing quotes stand; a backslash takes the next character with it. */
function endOfString(text: string, from: number, quotes: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text.startsWith(quotes, at)) return at;
    else if (quotes.length === 1 && text[at] === '\n') return at;
  }
  return text.length;
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

function unescaped(inner: string, raw: boolean): string {
  if (raw || !inner.includes('\\')) return inner;
  return inner.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.|\n))/g,
    (whole, x, u, long, one) => {
      const code = Number.parseInt(x ?? u ?? long ?? '', 16);
      if (code <= 0x10ffff) return String.fromCodePoint(code);
      return escapes[one as string] ?? whole;
    },
  );
}
