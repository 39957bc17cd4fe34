import { applyLayout } from './apply-layout.js';
import { graphsOf, nodesOf, objectsOf } from './graphs.js';
import { isArray, isObject, type JsonLimits, type JsonObject, parseJson } from './json.js';
import type { UntimedLayout } from './layout.js';
import { membersOf, normalise } from './normal-form.js';
import { writeNormalBytes } from './normal-text.js';
import { readWorkflowBytes } from './read-bytes.js';

/** The file as it is; `warning` says why, where the file looks as if it had been meant as a workflow. */
export interface Through {
  readonly kind: 'through';
  readonly warning?: string;
}

/** What the clean filter makes of a file. */
export type Cleaned = CleanedWorkflow | Through;

/** How git stores a workflow: without its layout, or with it (`comfy-layout=keep`), for people who have the files and not this tool. */
export type StoredForm = 'normal' | 'kept';

export interface CleanedWorkflow {
  readonly kind: 'workflow';
  /** What git stores: canonical text, UTF-8. */
  readonly bytes: Buffer;
  readonly normal: JsonObject;
  readonly layout: UntimedLayout;
  /** Whether any node had a position. */
  readonly positioned: boolean;
}

/** The bytes that git stores for a file. Never throws: what is not understood goes through. */
export function cleanBytes(bytes: Uint8Array, limits?: JsonLimits, form: StoredForm = 'normal'): Cleaned {
  const { workflow, ...why } = readWorkflowBytes(bytes, limits);
  if (workflow === undefined) return { kind: 'through', ...why };
  const { normal, layout } = normalise(workflow);
  const positioned = graphsOf(workflow).some(({ graph }) => nodesOf(graph).some((node) => node.has('pos')));
  const stored = form === 'normal' ? normal : applyLayout(normal, layout);
  return { kind: 'workflow', bytes: writeNormalBytes(stored, bytes.length), normal, layout, positioned };
}

/** Whether git may store these bytes as they are: a workflow in the form that it is to have, or no workflow at all. */
export function isNormalForm(bytes: Uint8Array, form?: StoredForm): boolean {
  const cleaned = cleanBytes(bytes, undefined, form);
  return cleaned.kind === 'through' || cleaned.bytes.equals(bytes);
}

/** What the smudge filter has to do with a blob: dress the workflow, or hand it on. */
export type Smudgeable = { readonly kind: 'workflow'; readonly normal: JsonObject } | Through;

/** Reads a blob. One that has its layout, since it is to keep it or is from before `init`, is handed on as it was committed. */
export function openBlob(bytes: Uint8Array, limits?: JsonLimits): Smudgeable {
  const { workflow, ...why } = readWorkflowBytes(bytes, limits);
  if (workflow === undefined) return { kind: 'through', ...why };
  return carriesLayout(workflow) ? { kind: 'through' } : { kind: 'workflow', normal: workflow };
}

/**
 * The file's bytes for a workflow in normal form.
 * @param expected about how many they will be
 */
export const smudgedBytes = (normal: JsonObject, layout: UntimedLayout | undefined, expected?: number): Buffer =>
  writeNormalBytes(applyLayout(normal, layout), expected);

/** As `smudgedBytes`, as text. */
export const smudgedText = (normal: JsonObject, layout: UntimedLayout | undefined): string =>
  smudgedBytes(normal, layout).toString('utf8');

/** The workflow as ComfyUI itself would save it; one that has its layout is left as it is. */
export const wholeWorkflow = (workflow: JsonObject): JsonObject =>
  carriesLayout(workflow) ? workflow : applyLayout(workflow, undefined);

/** As `smudgedText`, of the text of a normal form. */
export function dressedText(text: string, layout: UntimedLayout): string {
  const normal = parseJson(text);
  return isObject(normal) ? smudgedText(normal, layout) : text;
}

/** The normal form never has an `order`; files from elsewhere may lack it, and a graph without nodes may still have boxes. */
function carriesLayout(workflow: JsonObject): boolean {
  const graphs = graphsOf(workflow);
  const { node, group } = membersOf(graphs);
  const isPlaced = (one: JsonObject) => one.has('order') || (node.has('pos') && one.has('pos'));
  const isBoxed = (one: JsonObject) => group.has('bounding') && hasBox(one);
  return graphs.some(
    ({ graph }) =>
      nodesOf(graph).some(isPlaced) || objectsOf(graph.get('groups')).some(isBoxed) || panelsOf(graph).some(hasBox),
  );
}

const panelsOf = (graph: JsonObject) => [graph.get('inputNode'), graph.get('outputNode')].filter(isObject);

function hasBox(object: JsonObject): boolean {
  const box = object.get('bounding');
  return isArray(box) && box.some((side) => side !== 0);
}
