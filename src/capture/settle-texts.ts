import { randomBytes } from 'node:crypto';
import { type Settling, toPrompt } from '../workflow/convert.js';
import { readWorkflow } from '../workflow/graph.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import { canonicalJson, isObject, type Json, type JsonObject } from '../workflow/json.js';
import type { Ready } from './prepare-run.js';

/** A prompt with its texts as they are queued. */
export interface SettledTexts {
  readonly ready: Ready;
  /** By what the alternatives of `{a|b}` were drawn; `undefined` where no text has any. */
  readonly textSeed: string | undefined;
}

/**
 * Draws the alternatives of texts and fills in times, as the frontend does at every queueing. The embedded workflow keeps the texts as written. An input that
 * was set by hand stays.
 * @param textSeed drawn where not given
 */
export function settleTexts(ready: Ready, info: ObjectInfo, now: Date, textSeed = someSeed()): SettledTexts {
  if (ready.workflow === undefined) return { ready, textSeed: undefined };
  const workflow = readWorkflow(ready.workflow);
  const settling: Settling = { now, textSeed };
  const [plain, settled] = [toPrompt(workflow, info), toPrompt(workflow, info, settling)];
  const prompt = new Map(
    [...ready.prompt].map(([id, node]) => [id, settledNode(node, plain.get(id), settled.get(id))]),
  );
  const drawn = [...settled.values()].some((node) => metaOf(node)?.has('text_seed'));
  return { ready: { ...ready, prompt }, textSeed: drawn ? textSeed : undefined };
}

const someSeed = () => String(randomBytes(4).readUInt32BE());

/** Takes over the inputs that settling changed and nobody else did. */
function settledNode(node: Json, plain: Json | undefined, settled: Json | undefined): Json {
  const [inputs, before, after] = [inputsOf(node), inputsOf(plain), inputsOf(settled)];
  if (!isObject(node) || inputs === undefined || before === undefined || after === undefined) return node;
  const same = (a: Json | undefined, b: Json | undefined) => canonicalJson(a ?? null) === canonicalJson(b ?? null);
  const changed = [...after].filter(
    ([name, value]) => same(inputs.get(name), before.get(name)) && !same(before.get(name), value),
  );
  const meta = metaOf(settled);
  if (changed.length === 0 && !meta?.has('text_seed')) return node;
  return new Map(node).set('inputs', new Map([...inputs, ...changed])).set('_meta', meta ?? new Map());
}

const inputsOf = (node: Json | undefined) => member(node, 'inputs');
const metaOf = (node: Json | undefined) => member(node, '_meta');

function member(node: Json | undefined, name: string): JsonObject | undefined {
  const value = isObject(node) ? node.get(name) : undefined;
  return isObject(value) ? value : undefined;
}
