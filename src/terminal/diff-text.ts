import { type Span, whatSpans, whoText } from '../workflow/change-spans.js';
import { drawnText, nameless, spanText, told } from '../workflow/diff-words.js';
import type { FileDiff } from '../workflow/file-diff.js';
import { layoutText } from '../workflow/layout-changes.js';
import type { WorkflowChange } from '../workflow/workflow-change.js';
import type { Paint, Style } from './paint.js';
import { safeLine } from './safe.js';
import { wrapSpans } from './wrap.js';

export interface DiffTextOptions {
  readonly paint: Paint;
  /** Words that changed are marked by colour alone. */
  readonly color: boolean;
  /** Columns; left out where lines are not to be broken. */
  readonly width?: number;
}

/** Several files' differences for people: a heading each, then a line a change. Ready to print. */
export const diffText = (files: readonly FileDiff[], options: DiffTextOptions): string =>
  files.flatMap((file) => fileLines(file, options)).join('\n');

function fileLines(file: FileDiff, options: DiffTextOptions): string[] {
  const { paint } = options;
  const muted = quietLines(file).map((line) => `  ${paint('dim', safeLine(line))}`);
  const why = file.reason === undefined ? [] : [`  ${safeLine(file.reason)}`];
  return [
    paint('bold', safeLine(heading(file))),
    ...why,
    ...told(file.changes).flatMap((change) => changeLines(change, options)),
    ...muted,
  ];
}

/** `old.json -> new.json: removed` */
export function heading({ path, renamedFrom, comparedWith, status }: FileDiff): string {
  const from = renamedFrom ?? comparedWith;
  const moved = from === undefined ? path : `${from} -> ${path}`;
  return status === 'changed' || status === 'same' ? moved : `${moved}: ${status}`;
}

/** What is worth a line and no more: seeds that were drawn, what only moved, names that nobody knows. */
export function quietLines({ status, comparedWith, changes, layout }: FileDiff): string[] {
  const drawn = drawnText(changes);
  const positions = nameless(changes);
  return [
    ...(status === 'same' && comparedWith !== undefined ? ['no difference'] : []),
    ...(drawn === undefined ? [] : [drawn]),
    ...(layout === undefined ? [] : [`layout: ${layoutText(layout)}`]),
    ...(positions.length === 0
      ? []
      : [`${positions.join(', ')}: positions of values; git comfy lock learns their names where ComfyUI runs`]),
  ];
}

function changeLines(change: WorkflowChange, { paint, color, width }: DiffTextOptions): string[] {
  const pieces = [{ is: 'who', text: whoText(change) } as const, ...whatSpans(change)].map((span) => ({
    text: safeLine(span.is === 'who' || color ? span.text : spanText(span)),
    paint: (text: string) => (span.is === 'who' ? paint('cyan', text) : styled(span, text, paint)),
  }));
  const line = [{ text: '  ', paint: (text: string) => text }, ...pieces];
  return width === undefined
    ? [line.map((piece) => piece.paint(piece.text)).join('')]
    : wrapSpans(line, width, '      ');
}

const styles: Readonly<Record<Span['is'], Style | undefined>> = {
  plain: undefined,
  old: 'red',
  cut: 'red',
  new: 'green',
  put: 'green',
};

function styled({ is }: Span, text: string, paint: Paint): string {
  const style = styles[is];
  return style === undefined ? text : paint(style, text);
}
