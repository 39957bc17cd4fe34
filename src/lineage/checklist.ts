import { parameterKeys, type Variable, type VariableKey } from './account.js';

/** One step of the list that people keep by hand (product.md), with the variables that answer it. */
export interface ChecklistStep {
  readonly number: number;
  readonly label: string;
  readonly variables: readonly Variable[];
  /** Said instead, for steps that no variable answers. */
  readonly text?: string;
}

const steps: readonly { readonly label: string; readonly keys: readonly VariableKey[] }[] = [
  { label: 'Workflow', keys: [] },
  {
    label: 'Parameters',
    keys: parameterKeys,
  },
  { label: 'Hashes of model files', keys: ['models'] },
  { label: 'Commits of packs', keys: ['packs'] },
  { label: 'Python packages', keys: ['packages'] },
  { label: 'GPU, driver, CUDA', keys: ['gpu', 'driver'] },
  { label: 'Commit of ComfyUI', keys: ['comfyui'] },
  { label: 'System and Python', keys: ['os', 'python'] },
  { label: 'Output file', keys: ['output'] },
];

/**
 * The nine steps, each with its values or "not captured, because ...".
 * @param workflow where the workflow is kept, in words
 */
export function checklistOf(variables: readonly Variable[], workflow: string): ChecklistStep[] {
  return steps.map(({ label, keys }, index) => ({
    number: index + 1,
    label,
    variables: variables.filter(({ key }) => keys.includes(key)),
    ...(keys.length === 0 ? { text: workflow } : {}),
  }));
}
