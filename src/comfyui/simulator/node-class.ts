import type { Json, JsonObject } from '../../workflow/json.js';
import { PythonError } from './python.js';
import type { Constant, Image, Value } from './values.js';

/** What a node is given: one value an input. */
export type Inputs = ReadonlyMap<string, Value>;

/** What a node can see and do while it runs. */
export interface Work {
  /** Folder with `models/`, `input/`, `output/`, `temp/`. */
  readonly base: string;
  readonly nodeId: string;
  /** The prompt as it goes into files: with `is_changed`. */
  readonly prompt: JsonObject;
  readonly extraPnginfo: JsonObject;
  /** Fires when the run is interrupted. */
  readonly signal: AbortSignal;
  /** Reports a step of a long node; lets interrupts and other requests in. Throws when the run is interrupted. */
  readonly step: (value: number, max: number, preview?: Buffer) => Promise<void>;
  /** Sends a line of text to the client (binary TEXT frame). */
  readonly text: (text: string) => void;
  /** Five letters of a preview's name; they belong to the node. */
  readonly letters: string;
}

export interface NodeResult {
  /** One entry an output; a list where the interface says `output_is_list`. */
  readonly outputs: readonly (Value | readonly Value[])[];
  /** What an output node reports, by key. */
  readonly ui?: Readonly<Record<string, readonly Json[]>>;
}

/** The behaviour of a node class; its interface stands in `object_info`. */
export interface NodeClass {
  readonly run: (inputs: Inputs, work: Work) => Promise<NodeResult>;
  /** Takes lists whole; `inputs` then holds the first value, `lists` all of them. */
  readonly runOnLists?: (lists: ReadonlyMap<string, readonly Value[]>, work: Work) => Promise<NodeResult>;
  /** `IS_CHANGED`: part of the cache key, and written into the saved prompt. */
  readonly fingerprint?: (inputs: JsonObject, base: string) => Promise<Json>;
  /** `VALIDATE_INPUTS` of these inputs, which then are not checked otherwise; the text says what is wrong. */
  readonly validates?: readonly string[];
  readonly validate?: (inputs: JsonObject, base: string) => Promise<string | undefined>;
}

/** A class with the interface that `/object_info` shows. */
export interface SimulatedClass extends NodeClass {
  readonly name: string;
  readonly info: JsonObject;
}

/** The classes with their interfaces as they are now. */
export type Classes = ReadonlyMap<string, SimulatedClass>;

export const constant = (value: Json): Constant => ({ kind: 'constant', value });

/** The input of that kind. @throws PythonError where a link brought something else */
export function inputOf<Kind extends Value['kind']>(
  inputs: Inputs,
  name: string,
  kind: Kind,
): Extract<Value, { kind: Kind }> {
  const value = inputs.get(name);
  if (value?.kind === kind) return value as Extract<Value, { kind: Kind }>;
  throw new PythonError('TypeError', `'${name}' is no ${kind}`);
}

export const jsonOf = (inputs: Inputs, name: string): Json => inputOf(inputs, name, 'constant').value;

export function textOf(inputs: Inputs, name: string): string {
  const value = jsonOf(inputs, name);
  return typeof value === 'string' ? value : String(value);
}

export function numberOf(inputs: Inputs, name: string): number {
  const value = jsonOf(inputs, name);
  if (typeof value === 'number') return value;
  return typeof value === 'object' && value !== null && 'lexeme' in value ? Number(value.lexeme) : Number.NaN;
}

/** An integer of any size, as decimal text. */
export function seedOf(inputs: Inputs, name: string): string {
  const value = jsonOf(inputs, name);
  return typeof value === 'object' && value !== null && 'lexeme' in value ? value.lexeme : String(value);
}

export const imageOf = (inputs: Inputs, name: string): Image => inputOf(inputs, name, 'image');
