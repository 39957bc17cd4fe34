import { InputError } from '../errors.js';
import type { Workflow } from './graph.js';
import { isArray, toDouble } from './json.js';

/**
 * Refuses a file whose links ComfyUI would drop without a word: it reads them as lists only where the file says that it is of version 0.4, as every
 * frontend writes. Scripts that make workflows forget it.
 * @throws InputError `workflow-version`
 */
export function refuseUnloadable({ source }: Workflow): void {
  const links = source.get('links');
  const tuples = isArray(links) && links.some(isArray);
  if (!tuples || toDouble(source.get('version')) === 0.4) return;
  throw new InputError(
    'workflow-version',
    'the workflow does not say "version": 0.4, so ComfyUI would open it without its links',
    {
      hint: 'add "version": 0.4 to the file, beside "nodes"',
    },
  );
}
