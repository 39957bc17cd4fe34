import { createHash } from 'node:crypto';
import { UsageError } from '../../errors.js';
import { plainText } from '../../lineage/prompt-values.js';
import { type Assignment, findTarget, parseAssignment, type Target } from '../../workflow/assignment.js';
import type { JsonObject } from '../../workflow/json.js';
import { type Prompt, readPrompt, seedsOf } from '../../workflow/prompt.js';

/** What is to be varied, as it was typed. */
export interface VaryWishes {
  /** `[node.]input=value,value`. */
  readonly set: readonly string[];
  /** `words=>other words`, in every text of the prompt. */
  readonly replace: readonly string[];
  /** How many other seeds. */
  readonly seeds: number;
  /** Every value with every other one, instead of one at a time. */
  readonly grid: boolean;
}

/** One direction in which a picture is varied: its name, and what it is set to on each step. */
export interface Axis {
  /** `KSampler #3 cfg`. */
  readonly name: string;
  readonly steps: readonly AxisStep[];
}

export interface AxisStep {
  /** As people read it: `7`. */
  readonly label: string;
  readonly assignments: readonly Assignment[];
}

/** One picture to be made: which step of which axis; an axis that is not named stays as it was. */
export interface Variation {
  readonly at: readonly { readonly axis: number; readonly step: number }[];
  readonly assignments: readonly Assignment[];
}

/** A grid grows fast; this many runs are hours. */
const mostVariations = 2000;

/**
 * The axes that somebody asked for.
 * @param name tells seeds of one original from those of another: the same wish gives the same seeds again
 * @throws UsageError where a place fits none or several inputs, a replacement finds nothing, or nothing is varied at all
 */
export function axesOf(promptJson: JsonObject, wishes: VaryWishes, name: string): Axis[] {
  const prompt = readPrompt(promptJson);
  const axes = [
    ...wishes.set.map((text) => setAxis(prompt, parseAssignment(text))),
    ...wishes.replace.map((text) => replaceAxis(prompt, text)),
    ...(wishes.seeds > 0 ? [seedAxis(prompt, wishes.seeds, name)] : []),
  ];
  if (axes.length > 0) return axes;
  throw new UsageError('nothing is varied', {
    hint: 'say what: --set cfg=6,7,8, --seeds 4 or --replace "red fox=>blue fox"',
  });
}

/** All that is to be made: each step by itself, or with `grid` every combination. */
export function variationsOf(axes: readonly Axis[], grid: boolean): Variation[] {
  const count = grid
    ? axes.reduce((all, { steps }) => all * steps.length, 1)
    : axes.reduce((all, { steps }) => all + steps.length, 0);
  if (count > mostVariations) {
    throw new UsageError(`that would be ${count} pictures; at most ${mostVariations} are made in one go`, {
      hint: 'leave some values out, or vary one thing at a time, without --grid',
    });
  }
  const single = (axis: number) =>
    (axes[axis]?.steps ?? []).map(({ assignments }, step): Variation => ({ at: [{ axis, step }], assignments }));
  const all = axes.map((_, axis) => single(axis));
  if (!grid) return all.flat();
  return all.reduce((before, steps) => before.flatMap((one) => steps.map((next) => both(one, next))));
}

const both = (one: Variation, other: Variation): Variation => ({
  at: [...one.at, ...other.at],
  assignments: [...one.assignments, ...other.assignments],
});

const placeOf = ({ node, input }: Target) => `${node}.${input}`;

function nameOf(prompt: Prompt, { node, input }: Target): string {
  const { title, classType } = prompt.nodes.get(node) ?? { title: undefined, classType: '' };
  return `${title ?? classType} #${node} ${input}`;
}

function setAxis(prompt: Prompt, { place, value }: Assignment): Axis {
  const target = findTarget(prompt, place);
  const values = value.split(',').map((part) => part.trim());
  if (values.includes(''))
    throw new UsageError(`"${place}=${value}" has an empty value`, { hint: `write ${place}=1,2,3` });
  return {
    name: nameOf(prompt, target),
    steps: values.map((one) => ({ label: one, assignments: [{ place: placeOf(target), value: one }] })),
  };
}

function replaceAxis(prompt: Prompt, text: string): Axis {
  const [from, to, ...more] = text.split('=>');
  if (from === undefined || to === undefined || from === '' || more.length > 0) {
    throw new UsageError(`"${text}" replaces nothing`, { hint: 'write --replace "red fox=>blue fox"' });
  }
  const assignments = [...prompt.nodes.values()].flatMap(({ id, inputs }) =>
    [...inputs].flatMap(([input, value]): Assignment[] =>
      typeof value === 'string' && value.includes(from)
        ? [{ place: placeOf({ node: id, input }), value: value.replaceAll(from, to) }]
        : [],
    ),
  );
  if (assignments.length === 0) {
    throw new UsageError(`no text of the prompt has "${from}"`, { hint: `the texts: ${texts(prompt)}` });
  }
  return { name: `"${from}" replaced`, steps: [{ label: to, assignments }] };
}

const texts = (prompt: Prompt) =>
  [...prompt.nodes.values()]
    .flatMap(({ inputs }) => [...inputs.values()])
    .flatMap((value) => (typeof value === 'string' && value.includes(' ') ? [plainText(value).slice(0, 60)] : []))
    .slice(0, 4)
    .join('; ');

function seedAxis(prompt: Prompt, count: number, name: string): Axis {
  const places = Object.keys(seedsOf(prompt));
  if (places.length === 0) throw new UsageError('nothing in this prompt takes a seed');
  return {
    name: 'seed',
    steps: Array.from({ length: count }, (_, index) => {
      const seed = drawnSeed(name, index);
      return { label: seed, assignments: places.map((place) => ({ place, value: seed })) };
    }),
  };
}

/** Below 2^53, so that every frontend shows it as it is. */
function drawnSeed(name: string, index: number): string {
  const digest = createHash('sha256').update(`${name} ${index}`).digest();
  return String(digest.readBigUInt64BE() >> 11n);
}
