import type { Json } from '../../workflow/json.js';
import type { Execution } from './execution.js';
import { inputsAt } from './prompt-view.js';
import { PythonError } from './python.js';

/** The `data` of `execution_interrupted`. */
export function interruptedData(execution: Execution, id: string, type: Json): [string, Json][] {
  return [
    ['prompt_id', execution.item.id],
    ['node_id', id],
    ['node_type', type],
    ['executed', [...execution.executed]],
  ];
}

/** The `data` of `execution_error`. The stack trace says that there is no Python here. */
export function failureData(execution: Execution, id: string, type: Json, error: unknown): [string, Json][] {
  const message = error instanceof Error ? error.message : String(error);
  const inputs = [...inputsAt(execution.prompt, id)].map(([name, value]): [string, Json] => [name, [value]]);
  return [
    ...interruptedData(execution, id, type),
    ['exception_message', `${message}\n`],
    ['exception_type', error instanceof PythonError ? error.type : 'RuntimeError'],
    ['traceback', ['  File "<simulated ComfyUI>", in execute\n']],
    ['current_inputs', new Map(inputs)],
    ['current_outputs', [...execution.results.keys()]],
  ];
}
