import { applyLayout } from './apply-layout.js';
import { graphsOf, nodesOf } from './graphs.js';
import type { JsonLimits, JsonObject } from './json.js';
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

export interface CleanedWorkflow {
  readonly kind: 'workflow';
  /** Canonical text of `normal`, UTF-8. */
  readonly bytes: Buffer;
  readonly normal: JsonObject;
  readonly layout: UntimedLayout;
  /** Whether any node had a position. */
  readonly positioned: boolean;
}

/** The bytes that git stores for a file. Never throws: what is not understood goes through. */
export function cleanBytes(bytes: Uint8Array, limits?: JsonLimits): Cleaned {
  const { workflow, ...why } = readWorkflowBytes(bytes, limits);
  if (workflow === undefined) return { kind: 'through', ...why };
  const { normal, layout } = normalise(workflow);
  const positioned = graphsOf(workflow).some(({ graph }) => nodesOf(graph).some((node) => node.has('pos')));
  return { kind: 'workflow', bytes: writeNormalBytes(normal, bytes.length), normal, layout, positioned };
}

/** Whether git may store these bytes as they are: a workflow's normal form, or no workflow at all. */
export function isNormalForm(bytes: Uint8Array): boolean {
  const cleaned = cleanBytes(bytes);
  return cleaned.kind === 'through' || cleaned.bytes.equals(bytes);
}

/** What the smudge filter has to do with a blob: dress the workflow, or hand it on. */
export type Smudgeable = { readonly kind: 'workflow'; readonly normal: JsonObject } | Through;

/** Reads a blob. One that came in with its layout, from before `init`, is handed on as it was committed. */
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

function carriesLayout(workflow: JsonObject): boolean {
  const graphs = graphsOf(workflow);
  const { node } = membersOf(graphs);
  return node.has('pos') && graphs.some(({ graph }) => nodesOf(graph).some((one) => one.has('pos')));
}
