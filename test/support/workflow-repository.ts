import { type JsonObject, parseJson } from '../../src/workflow/json.js';
import { normalise } from '../../src/workflow/normal-form.js';
import { writeNormalText } from '../../src/workflow/normal-text.js';
import { makeRepository, type TestRepository } from './git.js';

/** Normal form of a workflow, as `clean` would give it to git. */
export const normalText = (workflow: string): string =>
  writeNormalText(normalise(parseJson(workflow) as JsonObject).normal);

/** A repository whose `*.json` below `workflows/` are workflows; the filter itself is not set up, files are written in normal form. */
export function makeWorkflowRepository(): TestRepository {
  const repository = makeRepository();
  repository.write('.gitattributes', 'workflows/** -text filter=comfy\n');
  return repository;
}
