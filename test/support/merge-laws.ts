// The laws of the merge, for one workflow and two edits of it.
import { InputError } from '../../src/errors.js';
import { toPrompt } from '../../src/workflow/convert.js';
import { readWorkflow } from '../../src/workflow/graph.js';
import type { ObjectInfo } from '../../src/workflow/interfaces.js';
import type { JsonObject } from '../../src/workflow/json.js';
import { mergeWorkflows } from '../../src/workflow/merge/workflows.js';
import { normalise } from '../../src/workflow/normal-form.js';
import { writeNormalText } from '../../src/workflow/normal-text.js';
import { apply, type Edit } from './edits.js';
import { danglingLinks, promptSignature, workflowSignature } from './graph-signature.js';

const normal = (workflow: JsonObject) => normalise(workflow).normal;
const text = (workflow: JsonObject) => writeNormalText(normal(workflow));
const same = (a: readonly string[], b: readonly string[]) => a.join('\n') === b.join('\n');

/** What is broken, in words; empty where all laws hold. `united` says whether there was no conflict. */
export function brokenLaws(
  base: JsonObject,
  first: Edit,
  second: Edit,
  info?: ObjectInfo,
): { readonly broken: string[]; readonly united: boolean } {
  const [ours, theirs] = [apply(base, first), apply(base, second)];
  if (ours === undefined || theirs === undefined) return { broken: [], united: false };
  const broken: string[] = [];
  const law = (name: string, holds: boolean) => {
    if (!holds) broken.push(name);
  };
  law('merge(a, a, b) is b', text(mergeWorkflows(base, base, theirs).workflow) === text(theirs));
  law('merge(a, b, a) is b', text(mergeWorkflows(base, ours, base).workflow) === text(ours));
  law('merge(a, b, b) is b', text(mergeWorkflows(base, ours, ours).workflow) === text(ours));
  const [one, two] = [mergeWorkflows(base, ours, theirs), mergeWorkflows(base, theirs, ours)];
  law('the result is in normal form', writeNormalText(one.workflow) === text(one.workflow));
  const before = new Set([...danglingLinks(normal(ours)), ...danglingLinks(normal(theirs))]);
  law(
    'no link dangles',
    danglingLinks(one.workflow).every((link) => before.has(link)),
  );
  law('both ways have as many conflicts', one.conflicts.length === two.conflicts.length);
  const united = one.conflicts.length === 0;
  if (!united) return { broken, united };
  const signature = workflowSignature(one.workflow);
  const [base0, changed] = [
    workflowSignature(normal(base)),
    [ours, theirs].map((side) => workflowSignature(normal(side))),
  ];
  // What changes nothing here may change something after the other edit; what both do alike is done once.
  if (changed.some((side) => same(side, base0)) || same(changed[0] ?? [], changed[1] ?? [])) return { broken, united };
  law('both ways are the same', same(signature, workflowSignature(two.workflow)));
  for (const [name, edited] of [
    ['first, then second', apply(ours, second)],
    ['second, then first', apply(theirs, first)],
  ] as const) {
    if (edited === undefined) continue;
    law(`as ${name}`, same(signature, workflowSignature(normal(edited))));
    if (info !== undefined) law(`prompt as ${name}`, same(promptLines(one.workflow, info), promptLines(edited, info)));
  }
  return { broken, united };
}

/** The prompt, or why there is none. */
function promptLines(workflow: JsonObject, info: ObjectInfo): string[] {
  try {
    return promptSignature(toPrompt(readWorkflow(workflow), info));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return [error.code];
  }
}
