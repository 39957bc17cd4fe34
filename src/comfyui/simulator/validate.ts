import { isObject, type Json, type JsonObject } from '../../workflow/json.js';
import { isOutputNode } from './interfaces.js';
import type { Classes } from './node-class.js';
import { nodeAt } from './prompt-view.js';
import { PythonError } from './python.js';
import { type Checked, Cycle, checkNode, type Reason } from './validate-node.js';

export type Verdict =
  | { readonly ok: true; readonly outputs: readonly string[]; readonly nodeErrors: JsonObject }
  | { readonly ok: false; readonly error: JsonObject; readonly nodeErrors: JsonObject };

/**
 * Checks a prompt as ComfyUI does before it queues it, and rewrites constants in place to the types of their inputs.
 * Output nodes are checked one by one: those that fail are dropped, and only where none is left the prompt is refused.
 * @throws PythonError where the server itself would stumble (status 500)
 */
export async function validatePrompt(
  prompt: JsonObject,
  classes: Classes,
  base: string,
  targets: readonly Json[] | undefined,
): Promise<Verdict> {
  const outputs: string[] = [];
  for (const id of prompt.keys()) {
    const problem = classProblem(prompt, id, classes);
    if (problem !== undefined) return problem;
    const type = String(nodeAt(prompt, id)?.get('class_type'));
    const isOutput = isOutputNode(classes.get(type)?.info ?? new Map());
    if (isOutput && (targets === undefined || targets.includes(id))) outputs.push(id);
  }
  if (outputs.length === 0) return refuse('prompt_no_outputs', 'Prompt has no outputs', '');
  return checkOutputs(prompt, classes, base, outputs);
}

function classProblem(prompt: JsonObject, id: string, classes: Classes): Verdict | undefined {
  const node = prompt.get(id);
  // Python's `in` works on texts, lists and dicts, and raises on anything else.
  if (typeof node === 'number' || typeof node === 'boolean' || node === null) {
    throw new PythonError('TypeError', 'argument is not iterable');
  }
  const type = isObject(node) ? node.get('class_type') : undefined;
  const where = `Node ID '#${id}'`;
  if (type === undefined) {
    return refuse('invalid_prompt', 'Cannot execute because a node is missing the class_type property.', where);
  }
  if (typeof type === 'string' && classes.has(type)) return undefined;
  return refuse('invalid_prompt', `Cannot execute because node ${String(type)} does not exist.`, where);
}

async function checkOutputs(prompt: JsonObject, classes: Classes, base: string, outputs: string[]): Promise<Verdict> {
  const validated = new Map<string, Checked>();
  const good: string[] = [];
  const reasons: Reason[] = [];
  const nodeErrors: JsonObject = new Map();
  for (const id of outputs) {
    const checked = await checkOutput(prompt, classes, base, id, validated);
    if (checked.valid) {
      good.push(id);
      continue;
    }
    reasons.push(...checked.reasons);
    noteErrors(nodeErrors, validated, prompt, id);
  }
  if (good.length > 0) return { ok: true, outputs: good, nodeErrors };
  const details = reasons.map((reason) => `${reason.message}: ${reason.details}`).join('\n');
  const refused = refuse('prompt_outputs_failed_validation', 'Prompt outputs failed validation', details);
  return { ...refused, nodeErrors };
}

async function checkOutput(
  prompt: JsonObject,
  classes: Classes,
  base: string,
  id: string,
  validated: Map<string, Checked>,
): Promise<Checked> {
  try {
    return await checkNode({ prompt, classes, base, validated, path: [] }, id);
  } catch (error) {
    if (error instanceof Cycle) return { valid: false, reasons: [] };
    if (!(error instanceof PythonError)) throw error;
    const info: JsonObject = new Map<string, Json>([
      ['exception_type', error.type],
      ['traceback', []],
    ]);
    const message = 'Exception when validating node';
    const checked = {
      valid: false,
      reasons: [{ type: 'exception_during_validation', message, details: error.message, info }],
    };
    validated.set(id, checked);
    return checked;
  }
}

/** Every node that is wrong by itself, with the outputs that fall with it. */
function noteErrors(
  nodeErrors: JsonObject,
  validated: ReadonlyMap<string, Checked>,
  prompt: JsonObject,
  output: string,
) {
  for (const [id, { valid, reasons }] of validated) {
    if (valid || reasons.length === 0) continue;
    const entry = nodeErrors.get(id);
    const known = isObject(entry) ? (entry.get('dependent_outputs') as Json[]) : undefined;
    if (known !== undefined) known.push(output);
    else {
      nodeErrors.set(
        id,
        new Map<string, Json>([
          ['errors', reasons.map(reasonJson)],
          ['dependent_outputs', [output]],
          ['class_type', nodeAt(prompt, id)?.get('class_type') ?? null],
        ]),
      );
    }
  }
}

const reasonJson = ({ type, message, details, info }: Reason): JsonObject =>
  new Map<string, Json>([
    ['type', type],
    ['message', message],
    ['details', details],
    ['extra_info', info],
  ]);

export function refuse(type: string, message: string, details: string): Verdict & { readonly ok: false } {
  return { ok: false, error: reasonJson({ type, message, details, info: new Map() }), nodeErrors: new Map() };
}
