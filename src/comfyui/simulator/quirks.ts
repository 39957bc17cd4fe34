import { setTimeout as wait } from 'node:timers/promises';
import type { Json, JsonObject } from '../../workflow/json.js';
import { nonceInput } from '../../workflow/prompt.js';
import { imageOf, type SimulatedClass } from './node-class.js';
import { mapInputsOf } from './prompt-view.js';
import { PythonError } from './python.js';

/** What real servers do to those who want the same picture again; for tests. Without any the simulator repeats itself. */
export interface Quirks {
  /** Samples of what is saved are off by up to so many steps of 255, in another way every time: a GPU. */
  readonly noise?: number;
  /** Class names whose nodes fail. */
  readonly failing?: readonly string[];
  /** Milliseconds that every node takes. */
  readonly slow?: number;
  /** So many requests for the history end without an answer, and the websocket with them. */
  readonly drops?: number;
  /** Answers from the cache whatever a prompt carries that no node knows, and keeps its results when told to drop them. */
  readonly stubbornCache?: boolean;
  /** Says that nothing came from the cache. */
  readonly hidesCache?: boolean;
  /** Its history says that another prompt ran. */
  readonly otherPrompt?: boolean;
  /** Forgets a run before its end, as a restart does. */
  readonly forgets?: boolean;
}

/** The class as these quirks let it be. */
export function withQuirks(found: SimulatedClass, { noise, failing = [], slow }: Quirks): SimulatedClass {
  if (noise === undefined && slow === undefined && !failing.includes(found.name)) return found;
  return {
    ...found,
    run: async (inputs, work) => {
      if (failing.includes(found.name)) throw new PythonError('RuntimeError', 'CUDA error: an illegal memory access');
      if (slow !== undefined) await wait(slow);
      const saves = noise !== undefined && found.name === 'SaveImage';
      return found.run(
        saves ? new Map([...inputs, ['images', restless(imageOf(inputs, 'images'), noise)]]) : inputs,
        work,
      );
    },
  };
}

function restless<T extends ReturnType<typeof imageOf>>(image: T, noise: number): T {
  const shaken = (sample: number) => Math.min(1, Math.max(0, sample + ((Math.random() - 0.5) * 2 * noise) / 255));
  return { ...image, frames: image.frames.map((frame) => frame.map(shaken)) };
}

/** What the cache goes by. */
export const cachedAs = (prompt: JsonObject, { stubbornCache }: Quirks): JsonObject =>
  stubbornCache === true
    ? mapInputsOf(prompt, (inputs) => new Map([...inputs].filter(([name]) => name !== nonceInput)))
    : prompt;

/** What the history says of a prompt. */
export const toldAs = (prompt: JsonObject, { otherPrompt }: Quirks): JsonObject =>
  otherPrompt === true ? mapInputsOf(prompt, otherSeed) : prompt;

const otherSeed = (inputs: JsonObject): JsonObject =>
  new Map([...inputs].map(([name, value]): [string, Json] => [name, name === 'seed' ? 1 : value]));
