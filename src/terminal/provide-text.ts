import { modelWords } from '../lock/model-words.js';
import type { Paint } from './paint.js';
import { safeLine } from './safe.js';
import { bytes, plural } from './units.js';

/** A step as it is shown: the fields of `Step` (reproduce/provide/steps.ts) that people see. */
export interface ShownStep {
  readonly kind: 'link' | 'fetch' | 'checkout' | 'ready' | 'obstacle';
  readonly key: string;
  readonly name?: string;
  readonly from?: string;
  readonly source?: string;
  readonly size?: number;
  readonly present?: number;
  readonly repository?: string;
  readonly commit?: string;
  readonly to?: string;
  readonly text?: string;
  readonly hint?: string;
}

/** What became of one. */
export interface ShownOutcome {
  readonly step: ShownStep;
  readonly done: boolean;
  readonly text: string;
  readonly hint?: string;
}

const head: Readonly<Record<ShownStep['kind'], string>> = {
  link: 'link',
  fetch: 'fetch',
  checkout: 'check out',
  ready: 'is here',
  obstacle: 'cannot',
};

/** The plan, a line a step and what it is about below. */
export const planLines = (steps: readonly ShownStep[], paint: Paint): string[] =>
  steps.flatMap((step) => lines(head[step.kind], planWords(step), detail(step), paint));

export const outcomeLines = (outcomes: readonly ShownOutcome[], paint: Paint): string[] =>
  outcomes.flatMap(({ step, done, text, hint }) =>
    done
      ? lines(
          'done',
          step.kind === 'ready' ? text : planWords(step),
          [text, step.to ?? ''].filter(Boolean).join(': '),
          paint,
        )
      : lines(
          step.kind === 'obstacle' ? head.obstacle : 'failed',
          step.kind === 'obstacle' ? text : `${nameOf(step)}: ${text}`,
          hint,
          paint,
        ),
  );

/** `2 to link, 1 to fetch (6.46 GB), 1 that cannot be provided`. */
export function planCounts(steps: readonly ShownStep[]): string {
  const count = (kind: ShownStep['kind']) => steps.filter((step) => step.kind === kind).length;
  const fetched = steps.filter((step) => step.kind === 'fetch');
  const size = fetched.reduce((sum, step) => sum + Math.max(0, (step.size ?? 0) - (step.present ?? 0)), 0);
  const parts = [
    [count('link'), `${count('link')} to link`],
    [count('fetch'), `${count('fetch')} to fetch (${bytes(size)})`],
    [count('checkout'), `${plural(count('checkout'), 'repository', 'repositories')} to check out`],
    [count('ready'), `${count('ready')} here already`],
    [count('obstacle'), `${count('obstacle')} that cannot be provided`],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([, words]) => words);
  return told.length === 0 ? 'everything is here' : told.join(', ');
}

function planWords(step: ShownStep): string {
  if (step.kind === 'link') return `${nameOf(step)}  from ${step.from ?? ''}`;
  if (step.kind === 'fetch') return `${nameOf(step)}  ${sizeWords(step)}`;
  if (step.kind === 'checkout') return `${nameOf(step)}  ${step.commit?.slice(0, 12) ?? ''}`;
  return step.text ?? step.key;
}

function sizeWords({ size, present = 0 }: ShownStep): string {
  const all = size === undefined ? 'size not known' : bytes(size);
  return present === 0 ? all : `${all}, ${bytes(present)} of it are here`;
}

/** Where it comes from and goes to, or what mends it. */
function detail(step: ShownStep): string | undefined {
  if (step.kind === 'fetch') return `from ${step.source ?? ''}`;
  if (step.kind === 'checkout') return `from ${step.repository ?? ''} to ${step.to ?? ''}`;
  return step.hint;
}

/** The name that it gets, where that is not the one of the lock. */
function nameOf({ kind, key, name }: ShownStep): string {
  if (kind === 'checkout') return key === 'comfyui' ? 'ComfyUI' : `pack ${key}`;
  return name === undefined || name === key ? modelWords(key) : `${modelWords(key)} as ${name}`;
}

const lines = (word: string, text: string, below: string | undefined, paint: Paint): string[] => [
  `  ${word.padEnd(9)}  ${safeLine(text)}`,
  ...(below === undefined || below === '' ? [] : [paint('dim', `             ${safeLine(below)}`)]),
];
