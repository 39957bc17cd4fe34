import { type Span, whatSpans, whoText } from './change-spans.js';
import type { WorkflowChange } from './workflow-change.js';

/**
 * One change in words: `KSampler "base" #3: steps 20 -> 30`, `LoraLoader #12 added: lora_name ink.safetensors`,
 * `CLIPTextEncode #6: text a red [-house-]{+barn+} at night` (as `git diff --word-diff` marks words).
 */
export const changeText = (change: WorkflowChange): string =>
  whoText(change) + whatSpans(change).map(spanText).join('');

export function spanText({ is, text }: Span): string {
  if (is === 'cut') return `[-${text}-]`;
  return is === 'put' ? `{+${text}+}` : text;
}

/** All changes of a workflow, one a line; values that the frontend draws itself share the last one. */
export function changeLines(changes: readonly WorkflowChange[]): string[] {
  const drawn = drawnText(changes);
  return [...told(changes).map(changeText), ...(drawn === undefined ? [] : [drawn])];
}

/** The changes that somebody made. */
export const told = (changes: readonly WorkflowChange[]): WorkflowChange[] =>
  changes.filter((change) => !isDrawn(change));

/** The others in one line: `seed drawn anew: KSampler "base" #3`; `undefined` where there are none. */
export function drawnText(changes: readonly WorkflowChange[]): string | undefined {
  const nodes = [...new Set(changes.filter(isDrawn).map(whoText))];
  if (nodes.length === 0) return undefined;
  const names = nodes.slice(0, mostNames).join(', ');
  const more = nodes.length > mostNames ? ` and ${nodes.length - mostNames} more` : '';
  return `${nodes.length === 1 ? 'seed' : 'seeds'} drawn anew: ${names}${more}`;
}

const mostNames = 4;

const isDrawn = (change: WorkflowChange) => change.kind === 'value' && change.drawn === true;

/** Positions that stand for names which nobody here knows: `#0`. */
export const nameless = (changes: readonly WorkflowChange[]): string[] => {
  const keys = changes.flatMap((change) => (change.kind === 'value' ? (/^#\d+/.exec(change.key)?.[0] ?? []) : []));
  return [...new Set(keys)].sort();
};
