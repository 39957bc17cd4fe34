/** Files that others write too (attributes, hooks) are edited between these lines only, and give every other byte back. */
const begin = '# >>> git comfy >>>';
/** The line before had no line break; taking the block out takes the one out that it added. */
const beginAfterOpenLine = '# >>> git comfy >>> (the line before had no end)';
const end = '# <<< git comfy <<<';

interface Found {
  readonly before: string;
  readonly lines: readonly string[];
  readonly after: string;
  readonly openLine: boolean;
}

/** The lines between our markers; `undefined` where the file has no block of ours. */
export const blockOf = (text: string | undefined): readonly string[] | undefined => find(text ?? '')?.lines;

/**
 * The text with the block in it: where it stands already, else at the end, or below the first line (`#!`), since a hook may end
 * early.
 */
export function withBlock(
  text: string | undefined,
  lines: readonly string[],
  place: 'end' | 'below-first-line',
): string {
  const old = text ?? '';
  const found = find(old);
  if (found !== undefined) return `${found.before}${block(lines, found.openLine)}${found.after}`;
  if (place === 'end') {
    const openLine = old !== '' && !old.endsWith('\n');
    return `${old}${openLine ? '\n' : ''}${block(lines, openLine)}`;
  }
  const head = /^#!.*\n/.exec(old)?.[0] ?? '';
  return `${head}${block(lines, false)}${old.slice(head.length)}`;
}

/** The text as it was before the block came in. */
export function withoutBlock(text: string): string {
  const found = find(text);
  if (found === undefined) return text;
  const before = found.openLine ? found.before.replace(/\n$/, '') : found.before;
  return `${before}${found.after}`;
}

const block = (lines: readonly string[], openLine: boolean) =>
  `${[openLine ? beginAfterOpenLine : begin, ...lines, end].join('\n')}\n`;

function find(text: string): Found | undefined {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line === begin || line === beginAfterOpenLine);
  const to = lines.indexOf(end, from);
  if (from < 0 || to < 0) return undefined;
  return {
    before: lines
      .slice(0, from)
      .map((line) => `${line}\n`)
      .join(''),
    lines: lines.slice(from + 1, to),
    after: lines.slice(to + 1).join('\n'),
    openLine: lines[from] === beginAfterOpenLine,
  };
}
