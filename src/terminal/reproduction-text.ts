import type { Paint, Style } from './paint.js';
import { safeLine } from './safe.js';
import { wrap } from './wrap.js';

const styles: Readonly<Record<string, Style>> = { full: 'green', approximate: 'yellow', partial: 'red' };

/**
 * Lines of a report: grades in their colour, what mends something dim and in one piece, since people copy it; the rest broken at the width, further lines
 * of it indented below.
 * @param width of the terminal; infinite where nobody reads it as it comes
 */
export function reportText(lines: readonly string[], width: number, paint: Paint): string {
  return lines.flatMap((line) => reportLine(safeLine(line), width, paint)).join('\n');
}

function reportLine(line: string, width: number, paint: Paint): string[] {
  const [, what, grade] = /^(expected|grade): (\w+)$/.exec(line) ?? [];
  if (what !== undefined && grade !== undefined) return [`${what}: ${paint(styles[grade] ?? 'bold', grade)}`];
  const indent = line.length - line.trimStart().length;
  if (indent >= mendingIndent) return [paint('dim', line)];
  const [first = '', ...rest] = wrap(line.trimStart(), width - indent);
  const further = wrap(rest.join(' '), width - indent - 2).filter((part) => part !== '');
  return [' '.repeat(indent) + first, ...further.map((part) => ' '.repeat(indent + 2) + part)];
}

const mendingIndent = 6;
