import { whatSpans, whoText } from '../workflow/change-spans.js';
import { spanText, told } from '../workflow/diff-words.js';
import type { FileDiff } from '../workflow/file-diff.js';
import type { WorkflowChange } from '../workflow/workflow-change.js';
import { heading, quietLines } from './diff-text.js';
import { safeLine } from './safe.js';
import { plural } from './units.js';

/** What a comment on GitHub may have is 65,536 characters; a little is left for whoever posts it. */
const mostCharacters = 60_000;

/**
 * Differences for a pull request: a heading a file, an item a change. Everything that comes from the files stands in code spans, where no title
 * can become markup, a link, a mention or the number of an issue.
 */
export function diffMarkdown(files: readonly FileDiff[]): string {
  if (files.length === 0) return 'No workflow changed.';
  const blocks: string[] = [];
  let length = 0;
  for (const [at, file] of files.entries()) {
    const lines = fileLines(file);
    const kept = lines.filter((line) => {
      length += line.length + 1;
      return length < mostCharacters;
    });
    blocks.push(kept.join('\n'));
    if (kept.length === lines.length) continue;
    const rest = [
      ...(lines.length > kept.length ? [plural(lines.length - kept.length, 'more line')] : []),
      ...(files.length > at + 1 ? [plural(files.length - at - 1, 'more file')] : []),
    ];
    blocks.push(`_${rest.join(' and ')}: git comfy diff shows all._`);
    break;
  }
  return blocks.join('\n\n');
}

function fileLines(file: FileDiff): string[] {
  const items = told(file.changes).map((change) => `- ${changeMarkdown(change)}`);
  const quiet = quietLines(file).map((line) => `- <sub>${code(line)}</sub>`);
  const why = file.reason === undefined ? [] : [`- ${code(file.reason)}`];
  return [`#### ${code(heading(file))}`, '', ...why, ...items, ...quiet];
}

function changeMarkdown(change: WorkflowChange): string {
  const said = whatSpans(change).map(spanText).join('');
  return `${code(whoText(change))} ${code(said.replace(/^:? /, ''))}`;
}

/** A code span (CommonMark 6.1): its fence is longer than any run of backticks inside, and nothing inside is markup. */
export function code(text: string): string {
  const line = safeLine(text);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padded = /^`|`$|^ .* $/.test(line) ? ` ${line} ` : line;
  return `${fence}${padded === '' ? ' ' : padded}${fence}`;
}
