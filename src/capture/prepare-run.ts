import { randomBytes } from 'node:crypto';
import type { Talk } from '../context.js';
import { InputError, UsageError } from '../errors.js';
import { type Assignment, findTarget, type Target, valueFor, withValue } from '../workflow/assignment.js';
import { wholeWorkflow } from '../workflow/clean.js';
import { toPrompt } from '../workflow/convert.js';
import { editWorkflow, valueAt } from '../workflow/edit-workflow.js';
import { readWorkflow } from '../workflow/graph.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import { isExact, isNumber, type Json, type JsonObject, numberFromLexeme } from '../workflow/json.js';
import { readPrompt, seedsOf } from '../workflow/prompt.js';
import { nextSeed, type SeedControl, seedControls } from '../workflow/seed-controls.js';
import type { Runnable } from './runnable.js';

/** One run to be queued. */
export interface Ready {
  readonly prompt: JsonObject;
  /** To be embedded; its values are those of the prompt. */
  readonly workflow?: JsonObject;
}

export interface Wishes {
  readonly assignments: readonly Assignment[];
  /** Decimal text, for every seed that is not linked. */
  readonly seed?: string;
}

/**
 * Makes the prompt of a runnable and puts in what was set.
 * @throws UsageError for a setting that fits no input; InputError of the conversion, and `nothing-to-run`
 */
export function prepare(runnable: Runnable, info: ObjectInfo, wishes: Wishes, talk: Talk): Ready {
  // Nodes of packs read the workflow that goes along, members too that the normal form leaves out (WidgetToString of KJNodes: `outputs[].links`).
  const workflow = runnable.workflow && wholeWorkflow(runnable.workflow);
  const converted = runnable.prompt ?? (workflow === undefined ? new Map() : toPrompt(readWorkflow(workflow), info));
  if (converted.size === 0) throw nothingToRun();
  let ready: Ready = { prompt: converted, ...(workflow === undefined ? {} : { workflow }) };
  for (const { place, value } of wishes.assignments) {
    const target = findTarget(readPrompt(ready.prompt), place);
    const wanted = valueFor(valueAt(ready.prompt, target), value);
    needWhole(ready.prompt, info, target, wanted);
    ready = change(ready, info, [target], wanted, talk);
  }
  return wishes.seed === undefined ? ready : withSeed(ready, info, wishes.seed, talk);
}

/** ComfyUI would cut 1.5 off to 1, and every record would say 1.5. @throws UsageError */
function needWhole(prompt: JsonObject, info: ObjectInfo, { node, input }: Target, value: Json): void {
  const { classType = '' } = readPrompt(prompt).nodes.get(node) ?? {};
  const spec = info.get(classType)?.inputs.find(({ name }) => name === input);
  const text = isNumber(value) ? (isExact(value) ? value.lexeme : String(value)) : '0';
  if (spec?.type !== 'INT' || /^-?\d+$/.test(text)) return;
  throw new UsageError(`"${text}" does not fit ${node}.${input}`, { hint: 'this input takes a whole number' });
}

const nothingToRun = () =>
  new InputError('nothing-to-run', 'no node of the workflow would run', {
    hint: 'all are muted, bypassed or notes: look at it in ComfyUI',
  });

function withSeed(ready: Ready, info: ObjectInfo, seed: string, talk: Talk): Ready {
  if (!/^\d{1,20}$/.test(seed) || BigInt(seed) >= 2n ** 64n)
    throw new UsageError(`"${seed}" is no seed`, { hint: 'a seed is a whole number from 0 to 18446744073709551615' });
  const places = Object.keys(seedsOf(readPrompt(ready.prompt)));
  if (places.length === 0) throw new UsageError('nothing in this workflow takes a seed');
  return places.reduce((now, place) => change(now, info, [targetAt(place)], numberFromLexeme(seed), talk), ready);
}

const targetAt = (place: string): Target => {
  // `12:5.seed`, `4.sampler.seed`: ids of nodes hold no dot unless a node made them at run time.
  const dot = place.indexOf('.');
  return { node: place.slice(0, dot), input: place.slice(dot + 1) };
};

export interface Turn {
  /** 0 for the first run. */
  readonly turn: number;
  readonly info: ObjectInfo;
  readonly wishes: Wishes;
  readonly talk: Talk;
}

/**
 * Draws the seeds of the next queueing as the frontend does: what is on `randomize` anew each time, what counts up or down from the second
 * run on. A workflow that came with its prompt runs as it ran then.
 */
export function drawSeeds(runnable: Runnable, ready: Ready, { turn, info, wishes, talk }: Turn): Ready {
  if (runnable.prompt !== undefined || ready.workflow === undefined || wishes.seed !== undefined) return ready;
  const controls = seedControls(readWorkflow(ready.workflow), info);
  return controls
    .filter((control) => (control.mode === 'randomize' || turn > 0) && !isSet(control, ready, wishes))
    .reduce((now, control) => drawOne(now, info, control, talk), ready);
}

/** A seed that was set by hand stays. */
function isSet({ targets }: SeedControl, ready: Ready, { assignments }: Wishes): boolean {
  const set = assignments.map(({ place }) => findTarget(readPrompt(ready.prompt), place));
  return targets.some((target) => set.some(({ node, input }) => node === target.node && input === target.input));
}

function drawOne(ready: Ready, info: ObjectInfo, control: SeedControl, talk: Talk): Ready {
  const current = valueAt(ready.prompt, control.targets[0]);
  const text = typeof current === 'number' ? String(current) : isLexeme(current) ? current.lexeme : '';
  if (!/^-?\d+$/.test(text)) return ready;
  const next = nextSeed(control, BigInt(text), draw);
  return change(ready, info, control.targets, numberFromLexeme(next.toString()), talk);
}

const isLexeme = (value: Json): value is { lexeme: string } =>
  typeof value === 'object' && value !== null && 'lexeme' in value;

/** Evenly below any number up to 2^64: what does not fit evenly is drawn again. */
function draw(below: bigint): bigint {
  const all = 2n ** 64n;
  const even = all - (all % below);
  for (;;) {
    const drawn = randomBytes(8).readBigUInt64LE();
    if (drawn < even) return drawn % below;
  }
}

/** Into the prompt, and into the workflow that goes along. */
function change(
  ready: Ready,
  info: ObjectInfo,
  targets: readonly [Target, ...Target[]],
  value: Json,
  talk: Talk,
): Ready {
  const before = valueAt(ready.prompt, targets[0]);
  const prompt = targets.reduce((now, target) => withValue(now, target, value), ready.prompt);
  if (ready.workflow === undefined) return { prompt };
  const workflow = editWorkflow(ready.workflow, info, { target: targets[0], before, after: value }, prompt);
  if (workflow === undefined && !sameValue(before, value)) {
    const { node, input } = targets[0];
    talk.say(`${node}.${input} is set in the prompt only: the workflow that is embedded still has the old value`);
  }
  return { prompt, workflow: workflow ?? ready.workflow };
}

const sameValue = (a: Json, b: Json) => JSON.stringify(a) === JSON.stringify(b);
