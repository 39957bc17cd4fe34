import { forms } from './forms.js';
import { keys } from './key-ids.js';
import { putGraph } from './put-graph.js';
import { type LinesOut, putItems, putMembers, putValueOf } from './put-lines.js';
import { putText } from './put-value.js';
import type { TapeDefinition, TapeWorkflow } from './read-workflow.js';
import { isListAt, isObjectAt, keyOf, width } from './tape.js';

/** A workflow as `writeNormalBytes` writes its normal form. */
export function putWorkflow(out: LinesOut, { root, definitions }: TapeWorkflow): void {
  putGraph(out, root, 0, forms.root, false, (_, key, level) => {
    if (keyOf(out.tape, key) === keys.definitions) putDefinitions(out, key, level, definitions);
    else putValueOf(out, key, level);
  });
  putText(out, '\n');
}

function putDefinitions(out: LinesOut, key: number, level: number, definitions: readonly TapeDefinition[]): void {
  if (!isObjectAt(out.tape, key + width)) putValueOf(out, key, level);
  else
    putMembers(out, key + width, level, forms.plain, (_, inner, at) => {
      const isBodies = keyOf(out.tape, inner) === keys.subgraphs && isListAt(out.tape, inner + width);
      if (isBodies) putItems(out, definitions, at, putDefinition);
      else putValueOf(out, inner, at);
    });
}

const putDefinition = (out: LinesOut, { graph, fileOrder }: TapeDefinition, level: number): void =>
  putGraph(out, graph, level, forms.definition, fileOrder, putValueOf);
